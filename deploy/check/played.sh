#!/bin/sh
# Plays the end of Dockerfile.jvm without an engine, in a root made of this machine's /usr and JDK and of what was packaged. As root:
# played.sh TRAINING COMMAND…
# TRAINING is a shell text; it runs as root in /app, and what it says goes to standard error. COMMAND then runs as 10001 over a root that nobody can write to.
set -eu
if [ "${PLAYED:-}" != inside ]; then PLAYED=inside exec unshare --mount --propagation private -- "$0" "$@"; fi

# This namespace ends with the command, and all that is mounted in it.
root=/mnt
mount -t tmpfs -o mode=755 tmpfs "$root"
# The JVM and whatever else the base image would have.
for folder in usr etc dev proc; do
  mkdir "$root/$folder"
  mount --rbind "/$folder" "$root/$folder"
done
for folder in bin lib lib64; do ln -s "usr/$folder" "$root/$folder"; done
[ -d "$root$JAVA_HOME" ] || { mkdir -p "$root$JAVA_HOME" && mount --bind "$JAVA_HOME" "$root$JAVA_HOME"; }

mkdir "$root/app" "$root/data" "$root/tmp" "$root/keys"
cp -pR "$APP/." "$root/app"
cp "$KEYS" "$root/keys/keys.json"
chown 10001:10001 "$root/data"
export PATH="$JAVA_HOME/bin:/usr/bin:/usr/sbin"
env -u HOLDPOINT_MANAGEMENT_PORT QUARKUS_HTTP_PORT="$TRAINING_PORT" chroot "$root" /bin/sh -c "cd /app; $1" >&2
shift

mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -o remount,ro "$root"
exec chroot "$root" setpriv --reuid 10001 --regid 10001 --clear-groups --bounding-set=-all --inh-caps=-all --no-new-privs "$@"

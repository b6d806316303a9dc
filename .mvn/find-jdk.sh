# Sourced by mvnw. Sets JAVA_HOME to a JDK of at least this version: the one JAVA_HOME names, the one on the PATH, or the
# oldest sufficient one in the usual places. Plain POSIX sh, because mvnw runs under /bin/sh.
jdk_needed=25

# Prints the feature version of the JDK in directory $1, or 0 when there is none.
jdk_version() {
  _version=
  if [ -x "$1/bin/javac" ] && [ -r "$1/release" ]; then
    _version=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9]\{1,\}\).*/\1/p' "$1/release")
  fi
  echo "${_version:-0}"
}

jdk_on_path() {
  command -v java >/dev/null 2>&1 || return 0
  java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p'
}

jdk_in_usual_places() {
  _best='' _best_version=0
  for _home in /usr/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/*jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
    _found=$(jdk_version "$_home")
    [ "$_found" -ge "$jdk_needed" ] || continue
    if [ -z "$_best" ] || [ "$_found" -lt "$_best_version" ]; then
      _best=$_home _best_version=$_found
    fi
  done
  printf '%s\n' "$_best"
}

if [ "$(jdk_version "${JAVA_HOME:-}")" -lt "$jdk_needed" ]; then
  JAVA_HOME=$(jdk_on_path)
  [ "$(jdk_version "$JAVA_HOME")" -ge "$jdk_needed" ] || JAVA_HOME=$(jdk_in_usual_places)
  if [ -z "$JAVA_HOME" ]; then
    echo "Holdpoint needs a JDK of version $jdk_needed or newer: install one (for example Eclipse Temurin $jdk_needed) or point JAVA_HOME at it." >&2
    exit 1
  fi
fi
export JAVA_HOME

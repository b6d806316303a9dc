package dev.holdpoint.redis;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.holdpoint.machine.Command;

/** Where the server comes from: the environment, the PATH, or Debian's packages, unpacked and not installed. */
record RedisBinary(Path path, Map<String, String> environment) {
    static final String VARIABLE = "HOLDPOINT_TEST_REDIS_SERVER";
    private static final int OLDEST = 7;
    private static final List<String> NAMES = List.of("redis-server", "valkey-server");
    private static final Path CACHE = Path.of("target/redis-server");
    private static final Pattern VERSION = Pattern.compile(" v=(\\d+)\\.\\S+");

    private static final class Found {
        static final RedisBinary ONCE = find();

        private static RedisBinary find() {
            String named = System.getenv(VARIABLE);
            if (named != null) return new RedisBinary(Path.of(named), Map.of()).checked();
            return onPath().or(RedisBinary::unpacked).orElseThrow(() -> new IllegalStateException(
                    "These tests need a Redis of version 7 or newer: install redis-server or valkey-server, or name one"
                            + " in " + VARIABLE + "."))
                    .checked();
        }
    }

    static RedisBinary get() { return Found.ONCE; }

    private static Optional<RedisBinary> onPath() {
        return NAMES.stream()
                .flatMap(
                        name -> Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(at -> Path.of(at, name)))
                .filter(Files::isExecutable).findFirst().map(path -> new RedisBinary(path, Map.of()));
    }

    /** Downloads what an installation would, so that no service is started and no machine is changed. */
    private static Optional<RedisBinary> unpacked() {
        Optional<RedisBinary> before = inCache();
        if (before.isPresent() || !Files.isExecutable(Path.of("/usr/bin/apt-get"))
                || !Command.run("id", "-u").output().strip().equals("0"))
            return before;
        Path packages = CACHE.toAbsolutePath().resolve("packages");
        try {
            Files.createDirectories(packages.resolve("partial"));
            Command.run("apt-get", "update", "-qq");
            if (Command.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "--download-only",
                    "-o", "Dir::Cache::archives=" + packages, "redis-server").status() != 0)
                return Optional.empty();
            try (Stream<Path> all = Files.list(packages)) {
                all.filter(one -> one.toString().endsWith(".deb"))
                        .forEach(one -> Command.run("dpkg", "-x", one.toString(), root().toString()).orFail());
            }
            return inCache();
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private static Path root() { return CACHE.toAbsolutePath().resolve("root"); }

    private static Optional<RedisBinary> inCache() {
        Path server = root().resolve("usr/bin/redis-server");
        if (!Files.isExecutable(server)) return Optional.empty();
        try (Stream<Path> all = Files.walk(root().resolve("usr/lib"), 1)) {
            String libraries = String.join(":", all.map(Path::toString).toList());
            return Optional.of(new RedisBinary(server, Map.of("LD_LIBRARY_PATH", libraries)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** This, when it is new enough; one sentence otherwise. */
    RedisBinary checked() {
        String library = environment.getOrDefault("LD_LIBRARY_PATH", "");
        String said = Command.run("env", "LD_LIBRARY_PATH=" + library, path.toString(), "--version").output().strip();
        Matcher version = VERSION.matcher(said);
        if (!version.find())
            throw new IllegalStateException(
                    path + " is no Redis or Valkey server: asked for its version it said \"" + said + "\".");
        if (Integer.parseInt(version.group(1)) < OLDEST)
            throw new IllegalStateException(
                    "These tests need a Redis of version " + OLDEST + " or newer, but " + path + " is"
                            + version.group() + ".");
        return this;
    }
}

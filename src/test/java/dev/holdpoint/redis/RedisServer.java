package dev.holdpoint.redis;

import static java.util.stream.Collectors.toMap;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

import dev.holdpoint.machine.Child;
import dev.holdpoint.machine.Folder;
import dev.holdpoint.machine.FreePorts;
import dev.holdpoint.machine.Identity;
import dev.holdpoint.machine.Until;

/** One real Redis on a loopback port, with a folder of its own and, unless told otherwise, nothing kept on disk. */
public final class RedisServer implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final int port;
    private final String password;
    private final Folder folder;
    private final Path config;
    private final List<String> flags;
    private final SSLContext tls;
    private Child process;

    private RedisServer(int port, List<String> flags, List<String> lines) { this(port, flags, lines, null); }

    private RedisServer(int port, List<String> flags, List<String> lines, SSLContext tls) {
        this.port = port;
        this.tls = tls;
        this.flags = flags;
        password = lines.stream().filter(line -> line.startsWith("requirepass ")).findAny()
                .map(line -> line.substring("requirepass ".length())).orElse("");
        folder = Folder.named("redis");
        List<String> all = new ArrayList<>(List.of("port " + port, "bind 127.0.0.1", "dir " + folder.path(),
                "loglevel notice"));
        all.addAll(lines);
        config = folder.write("redis.conf", all);
        start();
    }

    /** A server with these lines of configuration, such as {@code "appendonly yes"}. */
    public static RedisServer standalone(String... lines) {
        return onPort(FreePorts.next(), lines);
    }

    /** A server that talks over TLS only, and only with whoever shows the client's certificate. */
    public static RedisServer overTls(Identity server, Identity client, String... lines) {
        int port = FreePorts.next();
        Stream<String> encrypted = Stream.of("save \"\"", "appendonly no", "port 0", "tls-port " + port,
                "tls-cert-file " + server.certificate(), "tls-key-file " + server.key(),
                "tls-ca-cert-file " + client.certificate(), "tls-auth-clients yes");
        return new RedisServer(port, List.of(), Stream.concat(encrypted, Stream.of(lines)).toList(),
                server.trustedBy(client));
    }

    /** A server that copies another one; returns when it has caught up. */
    public static RedisServer replicaOf(RedisServer primary, String... lines) {
        List<String> all = new ArrayList<>(List.of(lines));
        all.add("replicaof 127.0.0.1 " + primary.port);
        if (!primary.password.isEmpty())
            all.addAll(List.of("masterauth " + primary.password, "requirepass " + primary.password));
        RedisServer replica = standalone(all.toArray(String[]::new));
        replica.awaitInfo("master_link_status", "up");
        return replica;
    }

    static RedisServer onPort(int port, String... lines) {
        // A primary would wait five seconds for more replicas before it sends a copy.
        Stream<String> defaults = Stream.of("save \"\"", "appendonly no", "repl-diskless-sync-delay 0");
        return new RedisServer(port, List.of(), Stream.concat(defaults, Stream.of(lines)).toList());
    }

    static RedisServer sentinel(String... lines) {
        return new RedisServer(FreePorts.next(), List.of("--sentinel"), List.of(lines));
    }

    public int port() { return port; }

    public String url() {
        return (tls == null ? "redis://" : "rediss://") + (password.isEmpty() ? "" : ":" + password + "@")
                + "127.0.0.1:" + port;
    }

    public long pid() { return process.pid(); }

    public boolean isAlive() { return process.isAlive(); }

    /** As {@code kill -9}; returns when the process is gone. */
    public void kill() { process.kill(); }

    /** Starts again on the same port and folder; returns when it answers. */
    public void restart() {
        if (process.isAlive()) process.kill();
        process.close();
        start();
    }

    /** As {@code kill -STOP}: connections stay open, and nothing answers. */
    public void pause() { process.stop(); }

    public void resume() { process.resume(); }

    public boolean isPaused() { return process.isStopped(); }

    /** One command on a connection of its own. */
    public Object command(String... words) {
        try (RedisWire wire = connect()) {
            return wire.send(words);
        } catch (UncheckedIOException dropped) {
            // A server whose role changes drops its clients, once.
            try (RedisWire wire = connect()) {
                return wire.send(words);
            }
        }
    }

    public RedisWire connect() {
        RedisWire wire = tls == null ? new RedisWire(port) : new RedisWire(port, tls.getSocketFactory());
        if (!password.isEmpty()) wire.send("AUTH", password);
        return wire;
    }

    /** A field of {@code INFO}; empty when there is none. */
    public String info(String field) {
        return field(command("INFO", "everything"), field);
    }

    public void awaitInfo(String field, String value) {
        Until.holds(field + " of " + this + " is " + value, PATIENCE, () -> info(field).equals(value));
    }

    /** A field of an answer that has one {@code name:value} a line. */
    static String field(Object answer, String name) {
        return answer.toString().lines().filter(line -> line.startsWith(name + ":")).findFirst()
                .map(line -> line.substring(name.length() + 1)).orElse("");
    }

    private void start() {
        RedisBinary binary = RedisBinary.get();
        List<String> command = new ArrayList<>(List.of(binary.path().toString(), config.toString()));
        command.addAll(flags);
        process = Child.start(command, binary.environment(), folder.path().resolve("redis.log"));
        try {
            Until.holds(this + " answers", PATIENCE, this::answers);
        } catch (RuntimeException | AssertionError failed) {
            close();
            throw failed;
        }
    }

    private boolean answers() {
        if (!process.isAlive()) throw new IllegalStateException(this + " ended at once: " + process.said());
        try {
            return "PONG".equals(command("PING"));
        } catch (UncheckedIOException notYet) {
            return false;
        } catch (RedisWire.Refused loading) {
            return false;
        }
    }

    /** What a server that lists {@code name, value, name, value} says, by name. */
    static Map<String, String> pairs(Object answer) {
        List<?> words = (List<?>) answer;
        return Stream.iterate(0, at -> at + 1 < words.size(), at -> at + 2)
                .collect(toMap(at -> words.get(at).toString(), at -> words.get(at + 1).toString()));
    }

    @Override
    public void close() {
        process.close();
        folder.close();
    }

    @Override
    public String toString() { return "redis-server on port " + port; }
}

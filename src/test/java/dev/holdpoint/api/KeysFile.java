package dev.holdpoint.api;

import static dev.holdpoint.contract.Digest.sha256;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.holdpoint.redis.RedisServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/** The keys that the tests call with, as a file; the secret of the key {@code u1} is {@code key-u1}. */
public final class KeysFile implements QuarkusTestResourceLifecycleManager {
    private static final List<String> ENTRIES = List.of(
            entry("agent", "agent", "agent", null), entry("agent2", "agent2", "agent", null),
            entry("u1", "u1", "user", null), entry("u2", "u2", "user", null),
            entry("reviewer", "reviewer", "reviewer", null), entry("auditor", "auditor", "auditor", null),
            entry("admin", "admin", "admin", null),
            entry("agent-t1", "agent", "agent", "t1"), entry("u1-t1", "u1", "user", "t1"),
            entry("u2-t1", "u2", "user", "t1"), entry("reviewer-t1", "reviewer", "reviewer", "t1"),
            entry("auditor-t1", "auditor", "auditor", "t1"), entry("admin-t1", "admin", "admin", "t1"),
            entry("agent-t2", "agent", "agent", "t2"), entry("u1-t2", "u1", "user", "t2"),
            entry("reviewer-t2", "reviewer", "reviewer", "t2"), entry("admin-t2", "admin", "admin", "t2"));

    /** The same tests go through the front door once for each store. */
    static final String STORE = System.getProperty("test.store", "memory");
    private static RedisServer redis;

    @Override
    public Map<String, String> start() {
        try {
            Path file = Files.createTempDirectory("holdpoint").resolve("keys.json");
            Files.writeString(file, json());
            Map<String, String> settings = new HashMap<>(Map.of("holdpoint.auth.keys-file", file.toString(),
                    "holdpoint.limits.subscribers-per-job", "1000", "holdpoint.limits.subscribers-per-caller", "600"));
            if (STORE.equals("redis")) settings.putAll(redis());
            return settings;
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private static Map<String, String> redis() {
        redis = RedisServer.standalone();
        return Map.of("holdpoint.store", STORE, "quarkus.redis.hosts", redis.url(), "holdpoint.redis.buckets", "16");
    }

    @Override
    public void stop() {
        if (redis != null) redis.close();
    }

    /** The file with these entries beside the usual ones. */
    public static String json(String... more) {
        return Stream.concat(ENTRIES.stream(), Stream.of(more)).collect(joining(",\n", "[", "]"));
    }

    public static String entry(String name, String subject, String role, String tenant) {
        String bound = tenant == null ? "" : ",\"tenant\":\"" + tenant + "\"";
        return "{\"id\":\"%s\",\"sha256\":\"%s\",\"subject\":\"%s\",\"roles\":[\"%s\"]%s}"
                .formatted(name, sha256("key-" + name), subject, role, bound);
    }
}

package dev.holdpoint.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.job.UserId;
import org.jspecify.annotations.Nullable;

/** The file that lists API keys. Read whole or not at all: an entry in doubt makes the file unusable rather than the entry lenient. */
final class KeysFile {
    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Set<String> MEMBERS = Set.of("id", "sha256", "subject", "roles", "tenant");

    private final Path path;
    private @Nullable Version read;

    private record Version(FileTime modified, long size) {}

    /** A keys file that can't be used; the message names the file and says why, never a key. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;

        Unusable(String message) { super(message); }
    }

    KeysFile(Path path) { this.path = path; }

    /** The keys, when the file is another than at the last successful call; empty when it is the same. Blocks. */
    Optional<List<ApiKey>> changed() throws Unusable {
        try {
            Version now = new Version(Files.getLastModifiedTime(path), Files.size(path));
            if (now.equals(read)) return Optional.empty();
            List<ApiKey> keys = parse(MAPPER.readTree(Files.readAllBytes(path)));
            read = now;
            return Optional.of(keys);
        } catch (JsonProcessingException notJson) {
            throw new Unusable("The keys file " + path + " is not JSON.");
        } catch (IOException unreadable) {
            throw new Unusable("The keys file " + path + " can't be read.");
        }
    }

    private List<ApiKey> parse(JsonNode file) throws Unusable {
        if (!file.isArray()) throw unusable("must hold a JSON array");
        List<ApiKey> keys = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        Set<String> digests = new HashSet<>();
        for (JsonNode entry : file) {
            ApiKey key = key(entry, "entry " + (keys.size() + 1));
            if (!ids.add(key.id())) throw unusable("has two keys with id " + key.id());
            if (!digests.add(key.sha256())) throw unusable("has two entries for the key " + key.id());
            keys.add(key);
        }
        return keys;
    }

    private ApiKey key(JsonNode entry, String where) throws Unusable {
        if (!entry.isObject()) throw unusable(where + " must be an object");
        for (String name : (Iterable<String>) entry::fieldNames) {
            if (!MEMBERS.contains(name)) throw unusable(where + " has an unknown member");
        }
        String sha256 = text(entry, "sha256", where);
        if (!SHA256.matcher(sha256).matches()) throw unusable(where + ": sha256 must be 64 lower-case hex digits");
        TenantId tenant = entry.hasNonNull("tenant") ? tenant(text(entry, "tenant", where), where) : null;
        return new ApiKey(text(entry, "id", where), sha256, name(text(entry, "subject", where), where),
                roles(entry.path("roles"), where), tenant);
    }

    /** A subject is a user id wherever it is used, so it obeys the rule for one. */
    private String name(String subject, String where) throws Unusable {
        try {
            return new UserId(subject).value();
        } catch (IllegalArgumentException invalid) {
            throw unusable(where + ": " + invalid.getMessage());
        }
    }

    private TenantId tenant(String name, String where) throws Unusable {
        try {
            return new TenantId(name);
        } catch (IllegalArgumentException invalid) {
            throw unusable(where + ": " + invalid.getMessage());
        }
    }

    private Set<Role> roles(JsonNode words, String where) throws Unusable {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        if (!words.isArray() || words.isEmpty())
            throw unusable(where + ": roles must be an array with at least one role");
        for (JsonNode word : words) {
            roles.add(Role.parse(word.asText())
                    .orElseThrow(() -> unusable(where + " has an unknown role")));
        }
        return roles;
    }

    private String text(JsonNode entry, String name, String where) throws Unusable {
        String text = entry.path(name).isTextual() ? entry.path(name).asText() : "";
        if (text.isBlank()) throw unusable(where + ": " + name + " must be a non-empty string");
        return text;
    }

    private Unusable unusable(String why) { return new Unusable("The keys file " + path + " " + why + "."); }
}

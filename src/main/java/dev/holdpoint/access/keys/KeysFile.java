package dev.holdpoint.access.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
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
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.access.Role;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.job.UserId;
import org.jspecify.annotations.Nullable;

/**
 * The file that lists API keys, and what adds one to it. Read whole or not at all: an entry in doubt makes the file
 * unusable rather than the entry lenient.
 */
public final class KeysFile {
    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Set<String> MEMBERS = Set.of("id", "sha256", "subject", "roles", "tenant", "expiresAt");

    private final Path path;
    private @Nullable Version read;

    /** @param file tells a file that took the place of another from that other, where the file system can */
    private record Version(FileTime modified, long size, @Nullable Object file) {}

    /** A keys file that can't be used; the message names the file and says why, never a key. */
    public static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;

        Unusable(String message) { super(message); }
    }

    public KeysFile(Path path) { this.path = path; }

    /**
     * Adds a key; makes the file when there is none. Whoever reads it meanwhile sees the old one or the new. Blocks.
     *
     * @param sha256    lower-case hex digest of the key
     * @param expiresAt null when it never ends by itself
     */
    public void add(String id, String sha256, String subject, List<String> roles, @Nullable String tenant,
            @Nullable Instant expiresAt) throws Unusable {
        ArrayNode entries = Files.exists(path) ? entries() : MAPPER.createArrayNode();
        ObjectNode entry = entries.addObject().put("id", id).put("sha256", sha256).put("subject", subject);
        roles.forEach(entry.putArray("roles")::add);
        if (tenant != null) entry.put("tenant", tenant);
        if (expiresAt != null) entry.put("expiresAt", expiresAt.toString());
        parse(entries);
        write(entries);
    }

    private ArrayNode entries() throws Unusable {
        JsonNode file = tree();
        parse(file);
        return (ArrayNode) file;
    }

    private void write(ArrayNode entries) throws Unusable {
        Path aside = path.resolveSibling(path.getFileName() + ".new");
        try {
            Files.deleteIfExists(aside);
            // Digests of good keys can't be turned back, but nobody else needs to know who holds one.
            if (Files.getFileStore(path.toAbsolutePath().getParent()).supportsFileAttributeView("posix"))
                Files.createFile(aside, PosixFilePermissions.asFileAttribute(Files.exists(path)
                        ? Files.getPosixFilePermissions(path) : PosixFilePermissions.fromString("rw-------")));
            Files.write(aside, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(entries));
            Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException unwritable) {
            throw new Unusable("The keys file " + path + " can't be written.");
        }
    }

    /** The keys, when the file is another than at the last successful call; empty when it is the same. Blocks. */
    Optional<List<ApiKey>> changed() throws Unusable {
        Version now = version();
        if (now.equals(read)) return Optional.empty();
        List<ApiKey> keys = parse(tree());
        read = now;
        return Optional.of(keys);
    }

    private Version version() throws Unusable {
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            return new Version(now.lastModifiedTime(), now.size(), now.fileKey());
        } catch (IOException unreadable) {
            throw unreadable();
        }
    }

    private JsonNode tree() throws Unusable {
        try {
            return MAPPER.readTree(Files.readAllBytes(path));
        } catch (JsonProcessingException notJson) {
            throw new Unusable("The keys file " + path + " is not JSON.");
        } catch (IOException unreadable) {
            throw unreadable();
        }
    }

    private Unusable unreadable() { return new Unusable("The keys file " + path + " can't be read."); }

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
                roles(entry.path("roles"), where), tenant, expiry(entry, where));
    }

    private @Nullable Instant expiry(JsonNode entry, String where) throws Unusable {
        if (!entry.hasNonNull("expiresAt")) return null;
        try {
            return Instant.parse(text(entry, "expiresAt", where));
        } catch (DateTimeException malformed) {
            throw unusable(where + ": expiresAt must be an RFC 3339 instant such as 2027-01-31T00:00:00Z");
        }
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

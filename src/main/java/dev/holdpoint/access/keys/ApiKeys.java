package dev.holdpoint.access.keys;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.holdpoint.job.Sha256;

/** The keys of one reading of the file. Replaced as a whole, so that a caller sees either the old ones or the new. */
final class ApiKeys {
    private volatile Map<String, ApiKey> bySha256 = Map.of();

    void replace(List<ApiKey> keys) {
        Map<String, ApiKey> next = new HashMap<>();
        keys.forEach(key -> next.put(key.sha256(), key));
        bySha256 = Map.copyOf(next);
    }

    int size() { return bySha256.size(); }

    Optional<ApiKey> find(String secret) { return withDigest(Sha256.of(secret)); }

    /** Found by digest, so what an attacker can time tells nothing about a key; compared in full all the same. */
    Optional<ApiKey> withDigest(String digest) {
        return Optional.ofNullable(bySha256.get(digest))
                .filter(key -> MessageDigest.isEqual(bytes(key.sha256()), bytes(digest)));
    }

    private static byte[] bytes(String text) { return text.getBytes(StandardCharsets.UTF_8); }
}

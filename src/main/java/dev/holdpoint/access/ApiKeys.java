package dev.holdpoint.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys in force. Replaced as a whole, so that a caller sees either the old ones or the new. */
final class ApiKeys {
    private volatile Map<String, ApiKey> bySha256 = Map.of();

    void replace(List<ApiKey> keys) {
        Map<String, ApiKey> next = new HashMap<>();
        keys.forEach(key -> next.put(key.sha256(), key));
        bySha256 = Map.copyOf(next);
    }

    int size() { return bySha256.size(); }

    Optional<ApiKey> find(String secret) {
        String digest = sha256(secret);
        // Found by digest, so what an attacker can time tells nothing about a key; compared in full all the same.
        return Optional.ofNullable(bySha256.get(digest))
                .filter(key -> MessageDigest.isEqual(bytes(key.sha256()), bytes(digest)));
    }

    static String sha256(String secret) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(secret)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    private static byte[] bytes(String text) { return text.getBytes(StandardCharsets.UTF_8); }
}

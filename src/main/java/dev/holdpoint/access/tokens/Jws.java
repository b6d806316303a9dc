package dev.holdpoint.access.tokens;

import java.io.IOException;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** A token in compact form, read and not yet believed. */
record Jws(String token, JsonNode header, JsonNode claims) {
    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    private static final Pattern COMPACT = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*");

    /** Empty for what isn't one: other text, an encrypted token, a member named twice. */
    static Optional<Jws> parse(String token) {
        if (!COMPACT.matcher(token).matches()) return Optional.empty();
        String[] parts = token.split("\\.", -1);
        try {
            JsonNode header = json(parts[0]);
            JsonNode claims = json(parts[1]);
            return header.isObject() && claims.isObject() && header.path("alg").isTextual()
                    ? Optional.of(new Jws(token, header, claims))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private static JsonNode json(String part) throws IOException {
        return MAPPER.readTree(Base64.getUrlDecoder().decode(part));
    }

    String algorithm() { return header.path("alg").asText(); }
}

package dev.holdpoint.door;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/** The description of the API, as it is written. */
final class WrittenContract {
    private static final String RESOURCE = "/contract/openapi.yaml";

    private WrittenContract() {}

    static byte[] text() throws IOException {
        try (InputStream in = Objects.requireNonNull(WrittenContract.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            return in.readAllBytes();
        }
    }

    /** What it says. To read that takes too long for an event loop. */
    static JsonNode tree() throws IOException {
        return new YAMLMapper().readTree(text());
    }
}

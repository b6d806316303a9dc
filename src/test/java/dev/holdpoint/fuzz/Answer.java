package dev.holdpoint.fuzz;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.holdpoint.fuzz.Draft.Header;

/**
 * What came back.
 *
 * @param status 0 when nothing came
 * @param body   as far as it was read
 */
record Answer(int status, List<Header> headers, String body) {
    static final Answer NONE = new Answer(0, List.of(), "");

    /** Empty when it isn't there. */
    String header(String name) {
        return headers.stream().filter(one -> one.name().equalsIgnoreCase(name)).map(Header::value).findFirst()
                .orElse("");
    }

    String type() { return header("Content-Type").replaceFirst(";.*", ""); }

    boolean isStream() { return type().equals("text/event-stream"); }

    boolean isSuccess() { return status >= 200 && status < 300; }

    JsonNode json() {
        try {
            return type().endsWith("json") ? Draft.JSON.readTree(body) : MissingNode.getInstance();
        } catch (java.io.IOException malformed) {
            return MissingNode.getInstance();
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder().append(status);
        headers.forEach(header -> text.append("\n  ").append(header.name()).append(": ").append(header.value()));
        return text.append("\n  ").append(body.substring(0, Math.min(4_000, body.length()))).toString();
    }
}

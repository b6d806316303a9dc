package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * An answer. What it must be can be said in a row:
 * {@code reply.refused(409, "stale-action").has("/currentActionId", "a2")}.
 */
public record Reply(int status, HttpHeaders headers, String body) {
    static final ObjectMapper JSON = new ObjectMapper();

    public static Reply of(HttpResponse<byte[]> response) {
        return new Reply(response.statusCode(), response.headers(),
                new String(response.body(), StandardCharsets.UTF_8));
    }

    public Reply is(int expected) {
        assertThat(status).as(body).isEqualTo(expected);
        return this;
    }

    public Reply refused(int expected, String slug) {
        is(expected);
        assertThat(header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(text("/type")).isEqualTo("https://holdpoint.dev/problems/" + slug);
        assertThat(json().path("status").asInt()).isEqualTo(expected);
        for (String member : new String[]{"title", "detail", "instance"}) {
            assertThat(json().path(member).asText()).as(member + " of " + body).isNotBlank();
        }
        return this;
    }

    public Reply has(String pointer, Object value) {
        assertThat(at(pointer)).as(pointer + " of " + body).isEqualTo(JSON.valueToTree(value));
        return this;
    }

    public Reply hasJson(String pointer, String quoted) {
        assertThat(at(pointer)).as(pointer + " of " + body).isEqualTo(parse(Api.json(quoted)));
        return this;
    }

    public Reply lacks(String pointer) {
        assertThat(at(pointer).isMissingNode()).as(pointer + " of " + body).isTrue();
        return this;
    }

    public JsonNode json() { return parse(body); }

    /** Of an answer that is one JSON object on each line. */
    public List<JsonNode> lines() {
        return body.lines().map(Reply::parse).toList();
    }

    public JsonNode at(String pointer) { return json().at(pointer); }

    public String text(String pointer) {
        assertThat(at(pointer).isTextual()).as(pointer + " of " + body).isTrue();
        return at(pointer).asText();
    }

    public String header(String name) { return headers.firstValue(name).orElse(""); }

    public static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException malformed) {
            throw new UncheckedIOException(text, malformed);
        }
    }
}

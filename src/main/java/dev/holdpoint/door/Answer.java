package dev.holdpoint.door;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

import dev.holdpoint.door.json.Members;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.job.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** An answer as bytes, so that it can be sent again to the letter. */
@SuppressWarnings("ArrayRecordComponent") // never compared, and never changed once made
public record Answer(int status, String mediaType, byte[] body, Map<String, String> headers) {
    private static final String JSON = "application/json";

    public static Answer ok(Consumer<Members> content) { return of(200, content); }

    public static Answer of(int status, Consumer<Members> content) {
        return new Answer(status, JSON, Members.bytes(content), Map.of());
    }

    /** @param value as it stands */
    public static Answer json(Json value) {
        return new Answer(200, JSON, value.text().getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** Without a body, for what is taken and not answered. */
    public static Answer accepted() {
        return new Answer(202, JSON, new byte[0], Map.of());
    }

    public static Answer noContent() { return new Answer(204, JSON, new byte[0], Map.of()); }

    public static Answer of(Problem problem, String instance) {
        return new Answer(problem.type().status(), Problem.MEDIA_TYPE, problem.document(instance), problem.headers());
    }

    /** Sends it from below the routes. */
    public Future<Void> sendTo(HttpServerResponse response) {
        headers.forEach(response::putHeader);
        // Whoever sends what can't be understood may not understand what he says he does.
        response.putHeader("Content-Encoding", "identity");
        return response.setStatusCode(status).putHeader("Content-Type", mediaType).end(Buffer.buffer(body));
    }

    public Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, mediaType, body, more);
    }
}

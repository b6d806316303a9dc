package dev.holdpoint.api;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

import dev.holdpoint.api.json.Members;
import dev.holdpoint.api.problem.Problem;
import dev.holdpoint.job.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** An answer as bytes, so that it can be sent again to the letter. */
@SuppressWarnings("ArrayRecordComponent") // never compared, and never changed once made
record Answer(int status, String mediaType, byte[] body, Map<String, String> headers) {
    private static final String JSON = "application/json";

    static Answer ok(Consumer<Members> content) { return of(200, content); }

    static Answer of(int status, Consumer<Members> content) {
        return new Answer(status, JSON, Members.bytes(content), Map.of());
    }

    /** @param value as it stands */
    static Answer json(Json value) {
        return new Answer(200, JSON, value.text().getBytes(StandardCharsets.UTF_8), Map.of());
    }

    static Answer noContent() { return new Answer(204, JSON, new byte[0], Map.of()); }

    static Answer of(Problem problem, String instance) {
        return new Answer(problem.type().status(), Problem.MEDIA_TYPE, problem.document(instance), problem.headers());
    }

    /** Sends it from below the routes. */
    Future<Void> sendTo(HttpServerResponse response) {
        headers.forEach(response::putHeader);
        return response.setStatusCode(status).putHeader("Content-Type", mediaType).end(Buffer.buffer(body));
    }

    Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, mediaType, body, more);
    }
}

package dev.holdpoint.faults;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Executors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.holdpoint.faults.Fact.Span;
import org.jspecify.annotations.Nullable;

/** The way into one process of the service. */
final class Door implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final String name;
    private final int port;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1)).executor(Executors.newVirtualThreadPerTaskExecutor()).build();

    /** @param waits how long the service itself may wait before it answers */
    record Call(String method, String path, String key, @Nullable String fence, @Nullable String expectedSeq,
            @Nullable String body, Duration waits) {
        static Call get(String path, String key) { return new Call("GET", path, key, null, null, null, Duration.ZERO); }

        static Call post(String path, String key, String body) {
            return new Call("POST", path, key, null, null, body, Duration.ZERO);
        }

        Call under(String newFence) { return new Call(method, path, key, newFence, expectedSeq, body, waits); }

        Call behind(long seq) { return new Call(method, path, key, fence, Long.toString(seq), body, waits); }

        Call waiting(Duration atMost) { return new Call(method, path, key, fence, expectedSeq, body, atMost); }
    }

    Door(String name, int port) {
        this.name = name;
        this.port = port;
    }

    String name() { return name; }

    int port() { return port; }

    Answer call(Call call) {
        HttpRequest.Builder request = request(call.path(), call.key()).header("Accept", "application/json")
                .header("Content-Type", "application/json").timeout(PATIENCE.plus(call.waits()))
                .method(call.method(),
                        call.body() == null ? BodyPublishers.noBody() : BodyPublishers.ofString(call.body()));
        if (call.fence() != null) request.header("Holdpoint-Fence", call.fence());
        if (call.expectedSeq() != null) request.header("Holdpoint-Expected-Seq", call.expectedSeq());
        long invoked = System.nanoTime();
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), json(response.body()), new Span(invoked, System.nanoTime()));
        } catch (IOException unanswered) {
            return new Answer(0, MissingNode.getInstance(), new Span(invoked, System.nanoTime()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Opens the event stream of a job behind an event; everything when there is none. */
    HttpResponse<InputStream> follow(String job, String key, String lastEventId) throws IOException {
        HttpRequest.Builder request = request("/v1/jobs/" + job + "/events", key).header("Accept", "text/event-stream")
                .timeout(PATIENCE);
        if (!lastEventId.isEmpty()) request.header("Last-Event-ID", lastEventId);
        try {
            return client.send(request.build(), BodyHandlers.ofInputStream());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private HttpRequest.Builder request(String path, String key) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).header("Authorization",
                "Bearer " + key);
    }

    private static JsonNode json(String body) {
        try {
            return History.JSON.readTree(body);
        } catch (JsonProcessingException garbled) {
            return MissingNode.getInstance();
        }
    }

    @Override
    public void close() { client.shutdownNow(); }
}

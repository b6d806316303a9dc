package dev.holdpoint.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.holdpoint.machine.Folder;
import dev.holdpoint.machine.Loopback;
import dev.holdpoint.machine.Until;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A service that is asked to stop leaves nobody hanging, and says that it ended well. */
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GracefulStopIT {
    /** What an operator is promised. */
    private static final Duration PROMISED = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void streamsAndLongPollsAreAnsweredAndTheServiceEndsWell() {
        try (Packaged service = Packaged.start(Map.of())) {
            service.pause("job", service.create("job"), "a1");
            CompletableFuture<HttpResponse<String>> stream =
                    send(get(service, "/v1/jobs/job/events", "text/event-stream"));
            CompletableFuture<HttpResponse<String>> feed =
                    send(get(service, "/v1/approvals/events", "text/event-stream"));
            CompletableFuture<HttpResponse<String>> claim = send(post(service, "/v1/jobs/job/actions/a1/claim"));
            CompletableFuture<HttpResponse<String>> claimAny = send(post(service, "/v1/continuations/claim"));
            CompletableFuture<HttpResponse<String>> page =
                    send(get(service, "/v1/jobs/job/events?from=now&wait=PT60S", "application/json"));
            awaitRequests(service, 5);

            assertThat(service.process().terminate(PROMISED)).isEqualTo(OptionalInt.of(0));

            for (CompletableFuture<HttpResponse<String>> told : List.of(stream, feed)) {
                assertThat(told.join().statusCode()).isEqualTo(200);
                assertThat(told.join().body().strip()).matches("(?s).*retry: ?[1-5][0-9]{3}$");
            }
            assertThat(claim.join().statusCode()).isEqualTo(204);
            assertThat(claimAny.join().statusCode()).isEqualTo(204);
            assertThat(page.join().statusCode()).isEqualTo(200);
            assertThat(page.join().body()).contains("\"items\":[]");
            assertThat(service.said()).noneMatch(line -> line.contains("ERROR") || line.contains("Exception"))
                    .last().asString().contains("stopped");
        }
    }

    @Test
    void clientThatNeverSendsTheRestDelaysTheEndNoLongerThanPromisedAndLetsNobodyElseIn() throws IOException {
        try (Packaged service = Packaged.start(Map.of());
                Socket slow = halfARequest(service)) {
            awaitRequests(service, 1);

            CompletableFuture<OptionalInt> ended = CompletableFuture
                    .supplyAsync(() -> service.process().terminate(PROMISED), work -> Thread.ofVirtual().start(work));
            HttpRequest late = post(service, "/v1/continuations/claim").build();
            Until.holds("nobody else is let in", PATIENCE, () -> refused(late));

            assertThat(ended.join()).isEqualTo(OptionalInt.of(0));
            assertThat(slow.getInputStream().read()).as("an answer").isNegative();
        }
    }

    @Test
    void nothingIsLeftInTheFolderForWhatIsTemporary() throws IOException {
        try (Folder temporary = Folder.named("temporary");
                Packaged service = Packaged.start(Map.of("java.io.tmpdir", temporary.path().toString()))) {
            service.as(Packaged.PERSON).get("/").then().statusCode(200);

            assertThat(service.process().terminate(PROMISED)).isEqualTo(OptionalInt.of(0));

            // The framework's one folder is there for all starts.
            try (Stream<Path> left = Files.walk(temporary.path())) {
                assertThat(left.map(temporary.path()::relativize).map(Path::toString)).isSubsetOf("", "vertx-cache");
            }
        }
    }

    private boolean refused(HttpRequest request) {
        // A connection that is kept may be closed under it.
        return client.sendAsync(request, BodyHandlers.ofString())
                .handle((answer, gone) -> gone == null && answer.statusCode() == 503
                        && answer.body().contains("shutting-down"))
                .join();
    }

    private static HttpRequest.Builder get(Packaged service, String path, String type) {
        return HttpRequest.newBuilder(URI.create(service.url(path))).header("Accept", type)
                .header("Authorization", "Bearer " + Packaged.PERSON);
    }

    private static HttpRequest.Builder post(Packaged service, String path) {
        return HttpRequest.newBuilder(URI.create(service.url(path))).header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + Packaged.AGENT)
                .POST(BodyPublishers.ofString("{\"workerId\":\"w1\",\"wait\":\"PT60S\"}"));
    }

    private CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), BodyHandlers.ofString());
    }

    /** Until so many requests are under way, beside the one that asks. */
    private static void awaitRequests(Packaged service, int waiting) {
        Pattern active = Pattern.compile("http_server_active_requests\\{[^}]*} " + (waiting + 1) + "\\.0");
        Until.holds(waiting + " requests are under way", PATIENCE,
                () -> active.matcher(service.as(Packaged.PERSON).get("/q/metrics").asString()).find());
    }

    /** A client that never sends the rest of its body. */
    private static Socket halfARequest(Packaged service) throws IOException {
        Socket socket = new Socket(Loopback.FIRST, service.process().port());
        socket.getOutputStream().write("""
                POST /v1/jobs HTTP/1.1\r
                Host: localhost\r
                Authorization: Bearer %s\r
                Content-Type: application/json\r
                Content-Length: 1000\r
                \r
                {"id":""".formatted(Packaged.AGENT).getBytes(StandardCharsets.US_ASCII));
        return socket;
    }
}

package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

import dev.holdpoint.contract.Contract;
import io.restassured.RestAssured;

/** The service as one caller sees it. Every answer is checked against docs/openapi.yaml before a test gets it. */
public final class Api {
    public static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String RUN = Long.toString(System.nanoTime(), 36);
    private static final AtomicLong COUNTER = new AtomicLong();

    private final Map<String, String> headers;

    private Api(Map<String, String> headers) { this.headers = headers; }

    public static Api as(String key) { return nobody().with("Authorization", "Bearer key-" + key); }

    public static Api nobody() { return new Api(Map.of()); }

    public static Api agent() { return as("agent"); }

    public Api with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Api(more);
    }

    public String header(String name) { return headers.getOrDefault(name, ""); }

    public Api inTenant(String tenant) { return with("Holdpoint-Tenant", tenant); }

    public Api once(String idempotencyKey) { return with("Idempotency-Key", idempotencyKey); }

    /** JSON whose quotes are written as apostrophes. */
    public static String json(String quoted) {
        return quoted.replace('\'', '"');
    }

    /** A name that no other test uses. */
    public static String fresh(String what) {
        return what + "-" + RUN + "-" + COUNTER.incrementAndGet();
    }

    /** A path segment, with everything encoded that isn't a letter, a digit or a hyphen. */
    public static String segment(String id) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : id.getBytes(StandardCharsets.UTF_8)) {
            if (Character.isLetterOrDigit(octet) && octet > 0 || octet == '-') {
                encoded.append((char) octet);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            }
        }
        return encoded.toString();
    }

    public static String job(String id) { return "/v1/jobs/" + segment(id); }

    public static URI uri(String target) { return URI.create("http://127.0.0.1:" + RestAssured.port + target); }

    public Reply get(String target) { return send(request(target).GET()); }

    public Reply head(String target) { return send(request(target).HEAD()); }

    public Reply post(String target, String quoted) { return send(posting(target, json(quoted))); }

    public Reply put(String target, String quoted) {
        return send(request(target).PUT(BodyPublishers.ofString(json(quoted))).header("Content-Type",
                "application/json"));
    }

    public Reply delete(String target) { return send(request(target).DELETE()); }

    /** Without exchanging apostrophes. */
    public Reply postExactly(String target, String body) {
        return send(posting(target, body));
    }

    public CompletableFuture<Reply> postLater(String target, String quoted) {
        HttpRequest request = posting(target, json(quoted)).build();
        return CLIENT.sendAsync(request, BodyHandlers.ofByteArray())
                .thenApply(response -> checked(request, Reply.of(response)));
    }

    private static Reply checked(HttpRequest request, Reply reply) {
        assertThat(Contract.faults(request.method(), request.uri().getRawPath(),
                new Contract.Answered(reply.status(), reply::header, reply.body())))
                .as("%s %s: %s", request.method(), request.uri(), reply).isEmpty();
        return reply;
    }

    public HttpRequest.Builder posting(String target, String body) {
        HttpRequest.Builder request = request(target).POST(BodyPublishers.ofString(body));
        return headers.containsKey("Content-Type") ? request : request.header("Content-Type", "application/json");
    }

    public HttpRequest.Builder request(String target) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(target)).timeout(Duration.ofSeconds(90));
        request.setHeader("Accept", "application/json");
        headers.forEach(request::setHeader);
        return request;
    }

    public Reply send(HttpRequest.Builder builder) {
        return checked(builder.build(), sendUnchecked(builder));
    }

    /** For answers that come from below the routes. */
    public Reply sendUnchecked(HttpRequest.Builder builder) {
        try {
            // The request's own timeout ends with the head of the answer, and a stream has no end.
            return Reply.of(
                    CLIENT.sendAsync(builder.build(), BodyHandlers.ofByteArray()).get(90, TimeUnit.SECONDS));
        } catch (ExecutionException | TimeoutException broken) {
            throw new IllegalStateException(broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** A fresh running job of this user. */
    public AJob creates(String owner) {
        return createsNamed(fresh("job"), owner);
    }

    public AJob createsNamed(String id, String owner) {
        String body = Reply.JSON.createObjectNode().put("id", id).put("userId", owner).toString();
        return new AJob(this, postExactly("/v1/jobs", body).is(201));
    }

    public Reply reads(String id) { return get(job(id)); }

    public Reply resolves(String id, String quoted) { return post(job(id) + "/resolve", quoted); }

    /** Approves the one call that {@link AJob#paused} asks for. */
    public Reply approves(String id, String action) {
        return resolves(id, approval(action));
    }

    public Reply rejects(String id, String action) {
        return resolves(id,
                "{'actionId':'%s','decisions':[{'tool_call_id':'c1','decision':'reject'}]}".formatted(action));
    }

    public static String approval(String action) {
        return "{'actionId':'%s','decisions':[{'tool_call_id':'c1','decision':'approve'}]}".formatted(action);
    }

    public Reply aborts(String id) { return post(job(id) + "/abort", "{}"); }

    public Reply claims(String id, String action, String worker) {
        return post(job(id) + "/actions/" + segment(action) + "/claim", "{'workerId':'%s'}".formatted(worker));
    }

    public Sse follows(String id) { return Sse.open(this, job(id) + "/events"); }

    public Sse follows(String id, String lastEventId) {
        return Sse.open(with("Last-Event-ID", lastEventId), job(id) + "/events");
    }
}

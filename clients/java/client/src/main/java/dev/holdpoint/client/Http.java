package dev.holdpoint.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import org.jspecify.annotations.Nullable;

/** Calls the service, and again where that is safe and may help. */
final class Http {
    private static final Duration ONE_TRY = Duration.ofSeconds(30);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();
    private final String base;
    private final Supplier<String> key;
    private final @Nullable String tenant;
    private final Duration retryFor;
    private final ScheduledExecutorService clock;
    private final Set<Cancel> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Http(String url, Supplier<String> key, @Nullable String tenant, Duration retryFor, ScheduledExecutorService clock) {
        this.base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.key = key;
        this.tenant = tenant;
        this.retryFor = retryFor;
        this.clock = clock;
    }

    /** @param replayed whether it is what an earlier try under the same key was answered, however long ago */
    record Reply(int status, JsonNode body, boolean replayed) {
        <T> T as(Class<T> type) { return Json.read(body, type); }
    }

    /**
     * One call. Whatever it is, saying it twice must do it once: by its nature, or by an idempotency key.
     *
     * @param renewsKey whether a key that is in use is given up for another one
     */
    record Call(String method, String path, @Nullable JsonNode body, Map<String, String> headers, Duration timeout,
            boolean renewsKey) {
        static Call get(String path) { return new Call("GET", path, null, Map.of(), ONE_TRY, false); }

        static Call post(String path, @Nullable JsonNode body) {
            return new Call("POST", path, body, Map.of(), ONE_TRY, false);
        }

        Call fenced(String fence) { return with("Holdpoint-Fence", fence); }

        Call once() { return with("Idempotency-Key", UUID.randomUUID().toString()); }

        /**
         * Under a key, but one that is held, because a dying replica left it behind or because nobody knows what came
         * of it, is not waited for: doing it twice is doing it once, or costs less than that wait.
         */
        Call repeatable() {
            return new Call(method, path, body, headers, timeout, true).once();
        }

        Call query(String query) { return new Call(method, path + "?" + query, body, headers, timeout, renewsKey); }

        Call waiting(Duration wait) { return within(ONE_TRY.plus(wait)); }

        Call within(Duration limit) { return new Call(method, path, body, headers, limit, renewsKey); }

        Call with(String name, String value) {
            Map<String, String> more = new HashMap<>(headers);
            more.put(name, value);
            return new Call(method, path, body, Map.copyOf(more), timeout, renewsKey);
        }
    }

    static String path(String... segments) {
        StringBuilder path = new StringBuilder("/v1");
        for (String segment : segments) path.append('/').append(escape(segment));
        return path.toString();
    }

    static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    Reply call(Call call) {
        try (Cancel cancel = cancel(() -> {})) {
            return call(call, cancel);
        }
    }

    /** @param cancel breaks the call off, which is a {@link CancellationException} then */
    Reply call(Call call, Cancel cancel) {
        BackOff backOff = new BackOff(Duration.ofMillis(250), Duration.ofSeconds(5));
        long start = System.nanoTime();
        Call next = call;
        boolean mayBeDone = false;
        while (true) {
            RuntimeException failure;
            Duration wait = backOff.next();
            try {
                HttpResponse<byte[]> response = send(next, BodyHandlers.ofByteArray(), cancel);
                int status = response.statusCode();
                if (status < 300) return new Reply(status, Json.parse(response.body()),
                        response.headers().firstValue("Idempotent-Replayed").isPresent());
                HoldpointProblem problem = problem(status, response.body(), mayBeDone);
                if (!problem.mayPass()) throw problem;
                failure = problem;
                wait = retryAfter(response).orElse(wait);
                mayBeDone = problem.mayBeDone();
                if (call.renewsKey && (problem.is("in-progress") || problem.is("outcome-unknown")))
                    next = call.once();
            } catch (IOException unanswered) {
                failure = new HoldpointUnreachable(call.method + " " + base + call.path, unanswered);
                mayBeDone |= !(unanswered instanceof ConnectException);
            }
            if (retryFor.minusNanos(System.nanoTime() - start).compareTo(wait) < 0) throw failure;
            pause(cancel, wait);
        }
    }

    /** For one wait, which ends with all others when this is closed. */
    Cancel cancel(Runnable whenClosed) {
        Cancel cancel = new Cancel(ended -> {
            open.remove(ended);
            whenClosed.run();
        });
        open.add(cancel);
        if (closed) cancel.close();
        return cancel;
    }

    void close() {
        closed = true;
        open.forEach(Cancel::close);
        clock.shutdownNow();
    }

    /** One try, for callers who have a rhythm of their own. */
    JsonNode once(Call call) throws IOException {
        try (Cancel cancel = cancel(() -> {})) {
            HttpResponse<byte[]> response = send(call, BodyHandlers.ofByteArray(), cancel);
            if (response.statusCode() >= 300) throw problem(response.statusCode(), response.body(), false);
            return Json.parse(response.body());
        }
    }

    /** One try at a stream, whose body comes as it is asked for. */
    HttpResponse<Flow.Publisher<List<ByteBuffer>>> open(Call call, Cancel cancel) throws IOException {
        return send(call.with("Accept", "text/event-stream"), BodyHandlers.ofPublisher(), cancel);
    }

    /**
     * Waits on the caller's thread: answers to asynchronous requests need a thread of the common pool, which is full of
     * waiting agents on a small machine. The time is kept here, because a request's own limit may include its body.
     */
    private <T> HttpResponse<T> send(Call call, BodyHandler<T> handler, Cancel cancel) throws IOException {
        HttpRequest request = request(call);
        if (!cancel.enter()) throw new CancellationException("closed");
        Future<?> limit = clock.schedule(() -> cancel.breakOff("no answer in " + call.timeout), call.timeout.toMillis(),
                TimeUnit.MILLISECONDS);
        String why = null;
        try {
            return client.send(request, handler);
        } catch (InterruptedException interrupted) {
            why = cancel.leave();
            if (why == null) throw cancelled(interrupted);
        } finally {
            limit.cancel(false);
            if (why == null) why = cancel.leave();
        }
        if (cancel.isClosed()) throw new CancellationException("closed");
        throw new IOException(why);
    }

    private HttpRequest request(Call call) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + call.path));
        request.setHeader("Authorization", "Bearer " + bearer());
        if (tenant != null) request.setHeader("Holdpoint-Tenant", tenant);
        call.headers.forEach(request::setHeader);
        if (call.body == null)
            return request.method(call.method, BodyPublishers.noBody()).build();
        request.setHeader("Content-Type", "application/json");
        return request.method(call.method, BodyPublishers.ofByteArray(Json.bytes(call.body))).build();
    }

    /**
     * Looked at here, because what refuses a header tells its value, and so a key with a line's end would be in logs.
     */
    private String bearer() {
        String given = key.get().strip();
        if (given.chars().allMatch(one -> one >= ' ' && one <= '~')) return given;
        throw new IllegalArgumentException(
                "the key or token has characters that a header can't have, such as a line's end");
    }

    static CancellationException cancelled(InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        CancellationException cancelled = new CancellationException("interrupted");
        cancelled.initCause(interrupted);
        return cancelled;
    }

    static void pause(Cancel cancel, Duration time) {
        try {
            cancel.pause(time);
        } catch (InterruptedException interrupted) {
            throw cancelled(interrupted);
        }
        if (cancel.isClosed()) throw new CancellationException("closed");
    }

    /** A proxy between may answer in its own words; then the status is all there is to tell. */
    static HoldpointProblem problem(int status, byte[] body, boolean repeated) {
        JsonNode document;
        try {
            document = Json.parse(body);
        } catch (UncheckedIOException another) {
            document = MissingNode.getInstance();
        }
        return new HoldpointProblem(status, document, repeated);
    }

    static Optional<Duration> retryAfter(HttpResponse<?> response) {
        return response.headers().firstValue("Retry-After").filter(text -> text.matches("[0-9]{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    }
}

package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One reader of an event stream. Its own thread reads; a test takes frames as they come, and never
 * waits for longer than {@link #PATIENCE}.
 */
public final class Sse implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Frame END = new Frame("", "the end", "");

    private final HttpResponse<InputStream> response;
    private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();

    /** What stands between two empty lines. A comment or {@code retry} is a frame without a name. */
    public record Frame(String id, String event, String data) {
        JsonNode json() { return Reply.parse(data); }

        long seq() { return Long.parseLong(id.substring(id.indexOf('-') + 1)); }

        boolean isComment() { return event.equals(":"); }
    }

    private Sse(HttpResponse<InputStream> response) { this.response = response; }

    public static Sse open(Api caller, String target) {
        try {
            Sse stream = new Sse(Api.CLIENT.send(
                    caller.request(target).setHeader("Accept", "text/event-stream").build(),
                    BodyHandlers.ofInputStream()));
            if (stream.status() == 200) Thread.ofVirtual().start(stream::read);
            return stream;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    public int status() { return response.statusCode(); }

    public HttpHeaders headers() { return response.headers(); }

    public String header(String name) { return headers().firstValue(name).orElse(""); }

    /** A refusal, read whole. */
    public Reply refusal() {
        try (InputStream body = response.body()) {
            return new Reply(status(), headers(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String id = "";
            String event = "";
            String data = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    frames.add(new Frame(id, event, data));
                    id = event = data = "";
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    event = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    assertThat(data).as("one line of data").isEmpty();
                    data = line.substring(6);
                } else {
                    event = line.startsWith(":") ? ":" : line;
                }
            }
        } catch (IOException cut) {
            // Told to the test as the end, which a reader has to cope with anyway.
        } finally {
            frames.add(END);
        }
    }

    /** The next frame of any kind. */
    public Frame raw() {
        try {
            Frame frame = frames.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(frame).as("a frame within " + PATIENCE).isNotNull();
            return frame;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** The next event; comments and {@code retry} are passed over. */
    public Frame next() {
        Frame frame = raw();
        while (frame.isComment() || frame.event().startsWith("retry")) frame = raw();
        assertThat(frame).as("an event, not the end").isNotEqualTo(END);
        return frame;
    }

    /** The next event, which must have this name. */
    public Frame next(String name) {
        Frame frame = next();
        assertThat(frame.event()).as(frame.toString()).isEqualTo(name);
        return frame;
    }

    /** Everything up to the first event that fits. */
    public List<Frame> until(Predicate<Frame> last) {
        List<Frame> seen = new ArrayList<>();
        do
            seen.add(next());
        while (!last.test(seen.getLast()));
        return seen;
    }

    public List<Frame> until(String name) { return until(frame -> frame.event().equals(name)); }

    /** Waits for the end and fails when an event comes instead. */
    public void ends() {
        Frame frame = raw();
        while (frame.isComment()) frame = raw();
        assertThat(frame).as("the end").isEqualTo(END);
    }

    /** Everything that comes until the server closes. */
    public List<Frame> untilTheEnd() {
        List<Frame> seen = new ArrayList<>();
        for (Frame frame = raw(); !frame.equals(END); frame = raw()) {
            if (!frame.isComment() && !frame.event().startsWith("retry")) seen.add(frame);
        }
        return seen;
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}

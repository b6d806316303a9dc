package dev.holdpoint.client;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * A stream that is opened again whenever it ends, until the service says that
 * nothing will follow, or the reader closes it.
 */
final class Following implements AutoCloseable {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Http http;
    private final Duration silence;
    private final Cancel cancel;
    private volatile @Nullable SseReader reader;
    private Duration retry = Duration.ofSeconds(2);
    private BackOff backOff = new BackOff(retry, LONGEST_PAUSE);

    /** What a stream begins with. */
    interface Opened {
        void with(HttpResponse<?> answer);
    }

    Following(Http http, Duration silence) {
        this.http = http;
        this.silence = silence;
        this.cancel = http.cancel(this::stopReading);
    }

    boolean isClosed() { return cancel.isClosed(); }

    /**
     * The next frame with an event, or null when there will be none.
     *
     * @param call how to open the stream where the reader is now
     */
    SseReader.@Nullable Frame next(Supplier<Http.Call> call, Opened opened) {
        while (!isClosed()) {
            try {
                SseReader open = reader;
                if (open == null) { return open(call.get(), opened) ? SseReader.Frame.OPENING : null; }
                SseReader.Frame frame = open.next();
                if (frame == null) {
                    cutOff();
                } else if (frame.retry() != null) {
                    retry = frame.retry();
                } else {
                    backOff = new BackOff(retry, LONGEST_PAUSE);
                    return frame;
                }
            } catch (IOException broken) {
                cutOff();
            } catch (CancellationException cancelled) {
                if (!isClosed()) throw cancelled;
            }
        }
        return null;
    }

    /** False when nothing will follow. */
    private boolean open(Http.Call call, Opened opened) throws IOException {
        HttpResponse<Flow.Publisher<List<ByteBuffer>>> answer = http.open(call, cancel);
        int status = answer.statusCode();
        if (status == 204) return false;
        if (status != 200) {
            HoldpointProblem problem = Http.problem(status, Bodies.read(answer.body(), silence), false);
            if (!problem.mayPass()) throw problem;
            Optional<Duration> after = Http.retryAfter(answer);
            if (after.isPresent()) pause(after.get());
            throw new IOException(problem);
        }
        opened.with(answer);
        SseReader open = new SseReader(answer.body(), silence);
        reader = open;
        if (isClosed()) open.close();
        return true;
    }

    private void cutOff() {
        SseReader old = reader;
        reader = null;
        if (old != null) old.close();
        pause(backOff.next());
    }

    private void pause(Duration time) {
        try {
            cancel.pause(time);
        } catch (InterruptedException interrupted) {
            throw Http.cancelled(interrupted);
        }
    }

    private void stopReading() {
        SseReader open = reader;
        if (open != null) open.close();
    }

    @Override
    public void close() { cancel.close(); }
}

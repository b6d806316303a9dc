package dev.holdpoint.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Reads one {@code text/event-stream} answer. A frame counts once its blank line is there, so what was cut off in the
 * middle was never read. Asks for bytes only as they are needed, and takes a connection that says nothing for dead.
 */
final class SseReader implements AutoCloseable {
    private static final int LONGEST = 64 << 20;
    private static final Object END = new Object();

    private final Duration silence;
    private final int longest;
    private final Bytes bytes = new Bytes();
    private final Queue<String> lines = new ArrayDeque<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean afterReturn;

    /** @param retry when the stream says after how long to come back; all else is null then */
    record Frame(@Nullable String id, String event, String data, @Nullable Duration retry) {
        static final Frame OPENING = new Frame(null, "", "", null);

        /** Stands before all others, each time that the stream is open. */
        boolean isOpening() {
            return event.isEmpty();
        }
    }

    SseReader(Flow.Publisher<List<ByteBuffer>> body, Duration silence) { this(body, silence, LONGEST); }

    /** @param longest how much of one line, and of one frame, is kept here before the connection is given up */
    SseReader(Flow.Publisher<List<ByteBuffer>> body, Duration silence, int longest) {
        this.silence = silence;
        this.longest = longest;
        body.subscribe(bytes);
    }

    /** The next frame, or null at the end of the stream. */
    @Nullable
    Frame next() throws IOException {
        String id = null;
        String event = "message";
        StringBuilder data = null;
        while (true) {
            String next = nextLine();
            if (next == null) return null;
            if (next.isEmpty()) {
                if (data != null) return new Frame(id, event, data.toString(), null);
                event = "message";
                continue;
            }
            int colon = next.indexOf(':');
            String field = colon < 0 ? next : next.substring(0, colon);
            String value = colon < 0 ? "" : next.substring(next.startsWith(" ", colon + 1) ? colon + 2 : colon + 1);
            switch (field) {
                case "id" -> id = value;
                case "event" -> event = value;
                case "data" -> {
                    data = data == null ? new StringBuilder(value) : data.append('\n').append(value);
                    if (data.length() > longest) throw new IOException("a frame of the stream is too long");
                }
                case "retry" -> {
                    if (value.matches("[0-9]{1,9}"))
                        return new Frame(null, "", "", Duration.ofMillis(Long.parseLong(value)));
                }
                default -> {} // a comment, which keeps the connection alive, or something newer
            }
        }
    }

    private @Nullable String nextLine() throws IOException {
        while (lines.isEmpty()) {
            List<ByteBuffer> buffers = bytes.take(silence);
            if (buffers == null) return null;
            for (ByteBuffer buffer : buffers) split(buffer);
        }
        return lines.poll();
    }

    private void split(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            byte next = buffer.get();
            boolean secondHalf = afterReturn && next == '\n';
            afterReturn = next == '\r';
            if (secondHalf) continue;
            if (next == '\n' || next == '\r') {
                lines.add(line.toString(StandardCharsets.UTF_8));
                line.reset();
            } else {
                if (line.size() == longest) throw new IOException("a line of the stream is too long");
                line.write(next);
            }
        }
    }

    @Override
    public void close() { bytes.cancel(); }

    /** One delivery at a time, so that a reader that is slow slows the service down, and nothing piles up here. */
    private static final class Bytes implements Flow.Subscriber<List<ByteBuffer>> {
        private final BlockingQueue<Object> arrived = new LinkedBlockingQueue<>();
        private volatile Flow.@Nullable Subscription subscription;
        private volatile boolean cancelled;

        @Override
        public void onSubscribe(Flow.Subscription newSubscription) {
            subscription = newSubscription;
            if (cancelled) newSubscription.cancel();
            else newSubscription.request(1);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) { arrived.add(buffers); }

        @Override
        public void onError(Throwable cutOff) { arrived.add(cutOff); }

        @Override
        public void onComplete() { arrived.add(END); }

        @Nullable
        List<ByteBuffer> take(Duration silence) throws IOException {
            Object next;
            try {
                next = arrived.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException interrupted) {
                cancel();
                throw Http.cancelled(interrupted);
            }
            if (next == null) throw new IOException("the stream was silent for " + silence);
            if (next == END) return null;
            if (next instanceof Throwable cutOff) throw new IOException("the stream was cut off", cutOff);
            Flow.Subscription from = subscription;
            if (from != null) from.request(1);
            @SuppressWarnings("unchecked") // only lists of buffers are left
            List<ByteBuffer> buffers = (List<ByteBuffer>) next;
            return buffers;
        }

        void cancel() {
            cancelled = true;
            Flow.Subscription from = subscription;
            if (from != null) from.cancel();
            arrived.add(END);
        }
    }
}

package dev.holdpoint.client;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Shows that a worker is alive for as long as it holds its job, and notices when it doesn't any more. */
final class Heart {
    private static final Duration FIRST = Duration.ofSeconds(2);
    private static final Duration LEAST = Duration.ofMillis(200);
    private static final Duration MOST = Duration.ofSeconds(20);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Http http;
    private final ScheduledExecutorService clock;
    private final Executor threads;
    private final Http.Call call;
    private final BiConsumer<String, HoldpointProblem> lost;
    private @Nullable String fence;
    private @Nullable ScheduledFuture<?> next;

    /** @param lost told of every refusal, with the fence that was shown */
    Heart(Holdpoint hold, String jobId, BiConsumer<String, HoldpointProblem> lost) {
        this.http = hold.http();
        this.clock = hold.clock();
        this.threads = hold.threads();
        this.call = Http.Call.post(Http.path("jobs", jobId, "heartbeat"), null).within(Duration.ofSeconds(10));
        this.lost = lost;
    }

    /** @param leaseEnd when the lease ends, where that is known */
    synchronized void beat(String fenceInForce, @Nullable Instant leaseEnd) {
        fence = fenceInForce;
        schedule(leaseEnd == null ? FIRST : third(leaseEnd));
    }

    synchronized void stop() {
        fence = null;
        if (next != null) next.cancel(false);
    }

    private void schedule(Duration wait) {
        if (next != null) next.cancel(false);
        if (!clock.isShutdown())
            next = clock.schedule(() -> threads.execute(this::send), wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void send() {
        String shown = shown();
        if (shown == null) return;
        try {
            JsonNode lease = http.once(call.fenced(shown));
            answered(shown, third(Instant.parse(lease.path("leaseExpiresAt").asText())));
        } catch (HoldpointProblem refused) {
            lost.accept(shown, refused);
            answered(shown, AGAIN); // unless that was for good, and this is stopped
        } catch (IOException | CancellationException unanswered) {
            answered(shown, AGAIN);
        }
    }

    private synchronized @Nullable String shown() { return fence; }

    private synchronized void answered(String sent, Duration wait) {
        if (sent.equals(fence)) schedule(wait); // else the job paused, ended or got a new fence meanwhile
    }

    /** Bounded, because this clock and the store's may differ. */
    private static Duration third(Instant leaseEnd) {
        Duration third = Duration.between(Instant.now(), leaseEnd).dividedBy(3);
        if (third.compareTo(LEAST) < 0) return LEAST;
        return third.compareTo(MOST) > 0 ? MOST : third;
    }
}

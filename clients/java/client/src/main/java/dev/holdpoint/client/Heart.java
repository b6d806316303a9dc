package dev.holdpoint.client;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
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

    private final Set<Heart> beating;
    private final Http http;
    private final ScheduledExecutorService clock;
    private final Executor threads;
    private final Http.Call call;
    private final BiConsumer<String, HoldpointProblem> lost;
    private @Nullable String fence;
    private @Nullable ScheduledFuture<?> next;
    private BackOff backOff = new BackOff(AGAIN, MOST);

    /** @param lost told of every refusal, with the fence that was shown */
    Heart(Holdpoint hold, String jobId, BiConsumer<String, HoldpointProblem> lost) {
        this.beating = hold.beating();
        this.http = hold.http();
        this.clock = hold.clock();
        this.threads = hold.threads();
        this.call = Http.Call.post(Http.path("jobs", jobId, "heartbeat"), null).within(Duration.ofSeconds(10));
        this.lost = lost;
    }

    /** @param leaseEnd when the lease ends, where that is known */
    synchronized void beat(String fenceInForce, @Nullable Instant leaseEnd) {
        fence = fenceInForce;
        backOff = new BackOff(AGAIN, MOST);
        beating.add(this);
        schedule(leaseEnd == null ? FIRST : third(leaseEnd));
    }

    synchronized void stop() {
        fence = null;
        beating.remove(this);
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
        Instant leaseEnd = null;
        boolean mayPass = false;
        try {
            JsonNode lease = http.once(call.fenced(shown));
            leaseEnd = Instant.parse(lease.path("leaseExpiresAt").asText());
        } catch (HoldpointProblem refused) {
            mayPass = refused.mayPass();
            lost.accept(shown, refused);
        } catch (IOException unanswered) {
            mayPass = true;
        } catch (RuntimeException broken) {
            // No key could be had, or something between answered in its own words.
        } finally { // whatever came, or a job that runs would be called lost
            answered(shown, leaseEnd, mayPass);
        }
    }

    private synchronized @Nullable String shown() { return fence; }

    /** @param mayPass whether the next try can be better without anything having been changed */
    private synchronized void answered(String sent, @Nullable Instant leaseEnd, boolean mayPass) {
        if (!sent.equals(fence)) return; // the job paused, ended, was lost or got a new fence meanwhile
        if (leaseEnd != null) beat(sent, leaseEnd);
        else schedule(mayPass ? AGAIN : backOff.next());
    }

    /** Bounded, because this clock and the store's may differ. */
    private static Duration third(Instant leaseEnd) {
        Duration third = Duration.between(Instant.now(), leaseEnd).dividedBy(3);
        if (third.compareTo(LEAST) < 0) return LEAST;
        return third.compareTo(MOST) > 0 ? MOST : third;
    }
}

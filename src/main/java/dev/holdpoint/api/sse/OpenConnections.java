package dev.holdpoint.api.sse;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.holdpoint.access.Caller;
import dev.holdpoint.api.problem.Limits;
import dev.holdpoint.api.problem.Problem;
import dev.holdpoint.api.problem.ProblemType;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Space;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** All open streams of this process: counts them against the limits and keeps them alive. One timer serves them all, a share of them at a time. */
@ApplicationScoped
class OpenConnections {
    private static final Duration SOON = Duration.ofSeconds(5);

    private final List<Set<Connection>> shares =
            IntStream.range(0, Connection.TICK).<Set<Connection>>mapToObj(none -> ConcurrentHashMap.newKeySet())
                    .toList();
    private final AtomicInteger turn = new AtomicInteger();
    private final Map<Object, Integer> counts = new ConcurrentHashMap<>();
    private final Limits limits;
    private volatile boolean stopping;

    private record Subscriber(Space space, String subject) {}

    OpenConnections(Vertx vertx, Limits limits) {
        this.limits = limits;
        vertx.setPeriodic(1000, timer -> tick());
    }

    private void tick() {
        shares.get(turn.updateAndGet(now -> (now + 1) % Connection.TICK)).forEach(one -> one.run(one::tick));
    }

    /** A service that goes away says so, or it would wait for its readers until its time is up. */
    void sayGoodbye(@Observes ShutdownDelayInitiatedEvent event) {
        stopping = true;
        shares.forEach(share -> share.forEach(one -> one.run(one::sayGoodbye)));
    }

    /** Takes a place for a reader of this job, or refuses it. */
    void enter(Caller caller, JobKey job) {
        enter(caller);
        if (take(job, limits.subscribersPerJob())) return;
        leave(caller);
        throw full("The job already has as many subscribers as it may.");
    }

    void enter(Caller caller) {
        if (stopping)
            throw new Problem(ProblemType.SHUTTING_DOWN, "The service is going away.").retryAfter(SOON).refused();
        if (!take(subscriber(caller), limits.subscribersPerCaller()))
            throw full("The caller already has as many streams open as it may.");
    }

    void leave(Caller caller, JobKey job) {
        leave(caller);
        release(job);
    }

    void leave(Caller caller) { release(subscriber(caller)); }

    void add(Connection connection) { share(connection).add(connection); }

    void remove(Connection connection) { share(connection).remove(connection); }

    private Set<Connection> share(Connection connection) {
        return shares.get(Math.floorMod(System.identityHashCode(connection), Connection.TICK));
    }

    private static Subscriber subscriber(Caller caller) { return new Subscriber(caller.space(), caller.subject()); }

    private boolean take(Object place, int most) {
        boolean[] taken = {false};
        counts.compute(place, (key, count) -> {
            int present = count == null ? 0 : count;
            taken[0] = present < most;
            return taken[0] ? Integer.valueOf(present + 1) : count;
        });
        return taken[0];
    }

    private void release(Object place) { counts.computeIfPresent(place, (key, count) -> count > 1 ? count - 1 : null); }

    private static RuntimeException full(String detail) {
        return new Problem(ProblemType.TOO_MANY_REQUESTS, detail).retryAfter(SOON).refused();
    }
}

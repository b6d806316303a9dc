package dev.holdpoint.door.sse;

import static java.util.stream.Collectors.groupingBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Credential;
import dev.holdpoint.access.admission.Admission;
import dev.holdpoint.door.problem.Limits;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.door.sse.StreamMeters.Kind;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.measure.Limit;
import dev.holdpoint.measure.LimitHits;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * All open streams of this process: counts them against the limits, keeps them alive, and ends those whose readers
 * would not be let in any more. One timer serves them all, a share of them at a time.
 */
@ApplicationScoped
class OpenConnections {
    private static final Logger LOG = Logger.getLogger(OpenConnections.class);
    /** A multiple of the tick. */
    private static final int SECONDS_TO_ASK = 60;
    private static final Duration SOON = Duration.ofSeconds(5);

    private final List<Set<Connection>> shares =
            IntStream.range(0, Connection.TICK).<Set<Connection>>mapToObj(none -> ConcurrentHashMap.newKeySet())
                    .toList();
    private final AtomicInteger turn = new AtomicInteger();
    private final Map<Object, Integer> counts = new ConcurrentHashMap<>();
    private final Limits limits;
    private final Admission admission;
    private final LimitHits hits;
    private final StreamMeters meters;
    private volatile boolean stopping;

    /** By the tenant of the credential, not of the call: a caller who names many tenants is still one. */
    private record Subscriber(@Nullable TenantId tenant, String subject) {}

    /** What a stream takes of the limits before it is one. */
    final class Place {
        private final Kind kind;
        private final List<Object> counted;

        private Place(Kind kind, List<Object> counted) {
            this.kind = kind;
            this.counted = counted;
        }

        /**
         * Fills the place with a stream that is about to begin, and gives it back when that has ended.
         *
         * @param ended what else is to be done then
         */
        void hold(Connection connection, Runnable ended) {
            connection.onRelease(() -> {
                ended.run();
                share(connection).remove(connection);
                counted.forEach(OpenConnections.this::release);
                meters.closed(kind);
            });
            meters.opened(kind);
            share(connection).add(connection);
            // Whoever said goodbye to the others may have done so before this one was among them.
            if (stopping) connection.run(connection::sayGoodbye);
        }
    }

    OpenConnections(Vertx vertx, Limits limits, Admission admission, LimitHits hits, StreamMeters meters) {
        this.limits = limits;
        this.admission = admission;
        this.hits = hits;
        this.meters = meters;
        vertx.setPeriodic(1000, timer -> tick());
    }

    private void tick() {
        int now = turn.updateAndGet(last -> (last + 1) % SECONDS_TO_ASK);
        Set<Connection> share = shares.get(now % Connection.TICK);
        share.forEach(one -> one.run(admission.holdsByItself(one.reader()) ? one::tick : one::sendAway));
        if (now < Connection.TICK) askForSessions(share);
    }

    /** Whether a session is still open only the store knows: asked once a minute, and once for all streams of it. */
    private void askForSessions(Set<Connection> share) {
        share.stream().filter(one -> one.reader().credential() instanceof Credential.Session)
                .collect(groupingBy(one -> one.reader().credential())).values()
                .forEach(streams -> admission.stillHolds(streams.getFirst().reader())
                        .subscribe().with(holds -> {
                            if (!holds) streams.forEach(one -> one.run(one::sendAway));
                        }, unknown -> LOG.debugf("not asked for a session: %s", unknown.getMessage())));
    }

    /** A service that goes away says so, or it would wait for its readers until its time is up. */
    void sayGoodbye(@Observes ShutdownDelayInitiatedEvent event) {
        stopping = true;
        shares.forEach(share -> share.forEach(one -> one.run(one::sayGoodbye)));
    }

    /** Takes a place for a reader of this job, or refuses it. */
    Place enter(Caller caller, JobKey job) {
        Subscriber subscriber = subscribe(caller);
        if (take(job, limits.subscribersPerJob())) return new Place(Kind.JOB, List.of(subscriber, job));
        release(subscriber);
        hits.hit(Limit.SUBSCRIBERS_PER_JOB);
        throw full("The job already has as many subscribers as it may.");
    }

    /** Takes a place for a reader of what is no job's stream, or refuses it. */
    Place enter(Caller caller, Kind kind) {
        return new Place(kind, List.of(subscribe(caller)));
    }

    private Subscriber subscribe(Caller caller) {
        if (stopping)
            throw new Problem(ProblemType.SHUTTING_DOWN, "The service is going away.").retryAfter(SOON).refused();
        Subscriber subscriber = new Subscriber(caller.tenant(), caller.subject());
        if (take(subscriber, limits.subscribersPerCaller())) return subscriber;
        hits.hit(Limit.SUBSCRIBERS_PER_CALLER);
        throw full("The caller already has as many streams open as it may.");
    }

    private Set<Connection> share(Connection connection) {
        return shares.get(Math.floorMod(System.identityHashCode(connection), Connection.TICK));
    }

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

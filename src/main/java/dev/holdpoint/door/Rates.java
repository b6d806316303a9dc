package dev.holdpoint.door;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

import dev.holdpoint.access.Caller;
import dev.holdpoint.door.Bucket.Level;
import dev.holdpoint.door.problem.Limits;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.job.ShortLived;
import dev.holdpoint.measure.Limit;
import dev.holdpoint.measure.LimitHits;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/**
 * How often a caller and a tenant may come, and a person decide, over all replicas of a store; and how often anybody
 * may come to this process. A request takes one from each of its buckets, or from none.
 */
@ApplicationScoped
class Rates {
    private static final Duration SECOND = Duration.ofSeconds(1);
    /**
     * Less than any client waits for an answer, and than {@code Retry-After} asks for; spread, so that those who
     * came at once don't come again at once.
     */
    private static final long HELD_MILLIS = 250;
    private static final int SPREAD_MILLIS = 250;
    /**
     * Refusals held back at once; what goes beyond is refused right away, so that nobody can fill the memory with them.
     */
    static final int MOST_HELD = 1000;
    private static final String LIMIT = "RateLimit-Limit";
    private static final String REMAINING = "RateLimit-Remaining";
    private static final String RESET = "RateLimit-Reset";
    private static final Comparator<Level> TIGHTEST_FIRST =
            Comparator.comparingLong(Level::left).thenComparing(Level::fullMillis, Comparator.reverseOrder());

    private final @Nullable Allowance ofCaller;
    private final @Nullable Allowance ofTenant;
    private final @Nullable Allowance ofDecisions;
    private final @Nullable Bucket process;
    private final SharedBuckets shared;
    private final LimitHits hits;
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger turns = new AtomicInteger();

    Rates(Limits limits, ShortLived values, InstantSource clock, LimitHits hits) {
        this.hits = hits;
        OnwardTime time = new OnwardTime(clock);
        this.ofCaller = allowance("requests", limits.requestsPerSecond(), SECOND, Limit.REQUESTS_PER_SECOND,
                "A caller may send at most %d requests in a second.");
        this.ofTenant = allowance("tenant", limits.requestsPerSecondPerTenant(), SECOND,
                Limit.REQUESTS_PER_SECOND_PER_TENANT,
                "The callers of a tenant may together send at most %d requests in a second.");
        this.ofDecisions = allowance("decisions", limits.decisionsPerMinute(), Duration.ofMinutes(1),
                Limit.DECISIONS_PER_MINUTE,
                "A person may submit at most %d decisions in a minute.");
        Allowance ofProcess = allowance("process", limits.requestsPerSecondPerProcess(), SECOND,
                Limit.REQUESTS_PER_SECOND_PER_PROCESS,
                "All callers may together send at most %d requests in a second.");
        this.process = ofProcess == null ? null : Bucket.local(ofProcess, time);
        this.shared = new SharedBuckets(values.allowances(), time);
    }

    private static @Nullable Allowance allowance(String name, OptionalInt most, Duration span, Limit limit,
            String sentence) {
        return most.isEmpty() ? null
                : new Allowance(name, most.getAsInt(), span, limit, sentence.formatted(most.getAsInt()));
    }

    /** @param head of the answer, which is told what is left */
    Uni<Void> request(Caller caller, MultiMap head) {
        List<Bucket> buckets = new ArrayList<>(3);
        // By the tenant of the credential, not of the call: a caller who names many tenants is still one.
        if (ofCaller != null) buckets.add(shared.of(ofCaller, caller.tenant(), caller.subject()));
        if (ofTenant != null) buckets.add(shared.of(ofTenant, caller.tenant()));
        if (process != null) buckets.add(process);
        return take(buckets, head);
    }

    /** @param head of the answer, which is told what is left */
    Uni<Void> decision(Caller caller, MultiMap head) {
        return take(
                ofDecisions == null ? List.of() : List.of(shared.of(ofDecisions, caller.tenant(), caller.subject())),
                head);
    }

    private Uni<Void> take(List<Bucket> buckets, MultiMap head) {
        if (buckets.isEmpty()) return Uni.createFrom().voidItem();
        return Uni.createFrom().deferred(() -> {
            List<Level> empty = buckets.stream().map(Bucket::knownEmpty).filter(Objects::nonNull).toList();
            if (!empty.isEmpty()) return heldBack(refused(empty, head));
            // A trip to the store that requests share ends where the first of them stands.
            return Uni.join().all(buckets.stream().map(Bucket::take).toList()).andFailFast()
                    .emitOn(ServingContext.here())
                    .invoke(levels -> settle(buckets, levels, head)).replaceWithVoid();
        });
    }

    /**
     * Whoever comes before there is anything again waits for his refusal: a flood then goes no faster
     * than its connections, whatever they send.
     */
    private Uni<Void> heldBack(RuntimeException refused) {
        Context context = Vertx.currentContext();
        if (context == null || held.get() >= MOST_HELD) throw refused;
        held.incrementAndGet();
        return Uni.createFrom().<Void>emitter(answer -> context.owner().setTimer(heldMillis(), over -> {
            held.decrementAndGet();
            answer.fail(refused);
        }));
    }

    /** Neighbours in the order of coming are far apart in the spread. */
    private long heldMillis() {
        return HELD_MILLIS + Math.floorMod(turns.getAndAdd(97), SPREAD_MILLIS);
    }

    private void settle(List<Bucket> buckets, List<Level> levels, MultiMap head) {
        List<Level> empty = levels.stream().filter(level -> !level.isTaken()).toList();
        if (empty.isEmpty()) {
            tell(levels, head);
            return;
        }
        for (int at = 0; at < buckets.size(); at++) {
            if (levels.get(at).isTaken()) buckets.get(at).giveBack();
        }
        throw refused(empty, head);
    }

    private RuntimeException refused(List<Level> empty, MultiMap head) {
        tell(empty, head);
        Level last = Collections.max(empty, Comparator.comparingLong(Level::retryMillis));
        hits.hit(last.allowance().limit());
        return new Problem(ProblemType.TOO_MANY_REQUESTS, last.allowance().sentence())
                .retryAfter(Duration.ofMillis(last.retryMillis())).refused();
    }

    /** Tells of the tightest one: that of which the fewest are left, and of several such the one that is full last. */
    private static void tell(List<Level> levels, MultiMap head) {
        Level tightest = Collections.min(levels, TIGHTEST_FIRST);
        String told = head.get(REMAINING);
        if (told != null && Long.parseLong(told) < tightest.left()) return;
        head.set(LIMIT, String.valueOf(tightest.allowance().most())).set(REMAINING, String.valueOf(tightest.left()))
                .set(RESET, Problem.seconds(Duration.ofMillis(tightest.fullMillis())));
    }
}

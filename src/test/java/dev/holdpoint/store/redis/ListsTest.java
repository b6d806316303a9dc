package dev.holdpoint.store.redis;

import static dev.holdpoint.store.Bench.EVERY_PROMPT;
import static dev.holdpoint.store.Bench.TIMING;
import static dev.holdpoint.store.Bench.got;
import static dev.holdpoint.store.Bench.key;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.PendingQuery;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.Transition;
import dev.holdpoint.job.UserId;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.redis.RedisBench.Shared;
import dev.holdpoint.store.redis.wire.Commands;
import dev.holdpoint.store.redis.wire.Commands.Kindness;
import io.vertx.redis.client.Command;
import org.junit.jupiter.api.Test;

class ListsTest {
    private final String prefix = RedisBench.prefix();
    private final Bench bench = new Bench((clock, timing, bounds) -> RedisBench.emptyStore(Shared.WIRE,
            RedisBench.settings(prefix, RedisBench.BUCKETS, clock, TIMING, Bounds.WIDE, "async")));
    private final Commands commands = Shared.WIRE.commands();
    private final Keys keys = new Keys(prefix, RedisBench.BUCKETS);
    private final Lists lists = new Lists(commands, keys);

    @Test
    void pauseThatIsSettledLateTakesNothingOutOfWhatIsOpen() {
        Job paused = bench.paused("job", "a1");
        bench.resolve(paused, "a1");

        got(lists.settle(List.of(paused), RedisJobStore.MOVED_BY_PAUSE));

        assertThat(bench.tryClaimOldest("w1")).isInstanceOf(Transition.Won.class);
    }

    @Test
    void claimThatIsSettledLateTakesNothingOutOfWhatWaits() {
        Job claimed = bench.claimed("job", "a1", "w1");
        bench.pause(claimed, "a2");

        got(lists.settle(List.of(claimed), RedisJobStore.MOVED_BY_CLAIM));

        assertThat(got(bench.store.pending(Space.TENANTLESS, EVERY_PROMPT, null, 10)).items()).hasSize(1);
    }

    @Test
    void promptThatFallsDueWhileOthersAreLookedAtIsListedAsOfAMomentWhenItWasAlive() {
        AtomicLong now = new AtomicLong(System.currentTimeMillis());
        AtomicLong step = new AtomicLong();
        // What is heard of the pauses asks for the estimate at any moment; that mustn't move time.
        Bench moving = new Bench((clock, timing, bounds) -> RedisBench.emptyStore(Shared.WIRE,
                RedisBench.settings(RedisBench.prefix(), RedisBench.BUCKETS,
                        () -> Instant.ofEpochMilli(now.getAndAdd(step.get())), TIMING, Bounds.WIDE, "async"),
                () -> Instant.ofEpochMilli(now.get())));
        Instant deadline = moving.paused("first", "a1").prompt().orElseThrow().deadline();
        now.addAndGet(1_000);
        moving.paused("second", "a1");

        for (UserId owner : Arrays.asList(null, Bench.user("ann"))) {
            step.set(0);
            now.set(deadline.toEpochMilli() - 1);
            step.set(2);
            Page<Job> page = got(moving.store.pending(Space.TENANTLESS,
                    new PendingQuery(owner, null, null, null, PendingQuery.Order.DEADLINE), null, 10));

            assertThat(page.items()).hasSize(2).allMatch(job -> job.livePrompt(page.at()).isPresent());
        }
    }

    @Test
    void promptsOfAUserAreAllListedWhenHeMayHaveFewerJobsThanHeHas() {
        List<Job> paused = Stream.of("one", "two", "three").map(id -> bench.paused(id, "a1")).toList();
        JobStore lowered = RedisBench.emptyStore(Shared.WIRE, RedisBench.settings(prefix, RedisBench.BUCKETS,
                bench.clock, TIMING, new Bounds(2, 100, 0, 100), "async")).store();
        PendingQuery query = new PendingQuery(Bench.user("ann"), null, null, null, PendingQuery.Order.DEADLINE);

        Page<Job> page = got(lowered.pending(Space.TENANTLESS, query, null, 2));
        Page<Job> rest = got(lowered.pending(Space.TENANTLESS, query, page.next(), 2));

        assertThat(Stream.of(page, rest).flatMap(one -> one.items().stream()))
                .containsExactlyInAnyOrderElementsOf(paused);
    }

    @Test
    void pageAfterAJobThatIsOnlyReservedYetGoesOnBehindIt() {
        Job placed = bench.create("placed");
        Job reserved = bench.create("a reservation");
        bench.advance(Duration.ofMillis(1));
        Job later = bench.create("later");
        Keys.Placed active = keys.active(Space.TENANTLESS, Bench.user("ann"));
        got(commands.send(active.bucket(), Kindness.REPEATABLE, Command.ZADD, active.key(),
                reserved.createdAt().toEpochMilli() + ".5", Keys.name(reserved.key())));

        List<Job> seen = new ArrayList<>();
        String cursor = null;
        for (int pages = 0; pages < 3; pages++) {
            Page<Job> page = got(bench.store.activeJobs(Space.TENANTLESS, Bench.user("ann"), cursor, 1));
            seen.addAll(page.items());
            cursor = page.next();
        }

        assertThat(seen).containsExactly(placed, reserved, later);
        assertThat(cursor).isNull();
    }

    @Test
    void listThatIsSomethingElseKeepsNoJobOutOfTheOthers() {
        Keys.Placed waiting = keys.waiting(Space.TENANTLESS);
        got(commands.send(waiting.bucket(), Kindness.REPEATABLE, Command.SET, waiting.key(), "some text"));

        bench.resolved("job", "a1");

        assertThat(bench.tryClaimOldest("w1")).isInstanceOf(Transition.Won.class);
        assertThat(bench.find(key("job")).continuation().orElseThrow().isOpen()).isFalse();
    }
}

package dev.holdpoint.store.redis;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;

import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.store.redis.Keys.Placed;
import dev.holdpoint.store.redis.Lists.Entry;
import dev.holdpoint.store.redis.Lists.Shelf;
import dev.holdpoint.store.redis.wire.Commands;
import dev.holdpoint.store.redis.wire.Commands.Kindness;
import dev.holdpoint.store.redis.wire.Script;
import io.smallrye.mutiny.Uni;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Puts jobs that were moved a while ago, or not for long, where they belong in the lists: whoever
 * moved them may have died before he did.
 */
final class Checks {
    private static final Logger LOG = Logger.getLogger(Checks.class);

    private final Commands commands;
    private final Keys keys;
    private final RedisSettings settings;
    private final Lists lists;
    private final Function<JobKey, Uni<@Nullable Sighting>> find;
    private final InstantSource estimate;
    private final Looks looks;

    Checks(Commands commands, Keys keys, RedisSettings settings, Lists lists,
            Function<JobKey, Uni<@Nullable Sighting>> find, InstantSource estimate) {
        this.commands = commands;
        this.keys = keys;
        this.settings = settings;
        this.lists = lists;
        this.find = find;
        this.estimate = estimate;
        this.looks = new Looks(keys.buckets(), settings.lookEverywhere());
    }

    /** The job was moved just now, here or elsewhere. */
    void noticeMoved(JobKey job) {
        looks.notice(keys.bucket(job), estimate.instant().plus(RedisSettings.CHECK_AFTER));
    }

    /** Something in there may have been moved. */
    void notice(int bucket) { looks.notice(bucket); }

    /** @param limit how many jobs of one bucket to look at. Answers how many it looked at in all */
    Uni<Integer> run(int limit) {
        List<Uni<Integer>> buckets =
                looks.toLook(estimate.instant()).stream().map(bucket -> run(bucket, limit)).toList();
        if (buckets.isEmpty()) return Uni.createFrom().item(0);
        return Reachable.of(buckets).map(all -> all.stream().mapToInt(Integer::intValue).sum());
    }

    private Uni<Integer> run(int bucket, int limit) {
        Placed checks = new Placed(bucket, keys.checks(bucket));
        return commands.run(Script.EARLY, bucket, Kindness.READS, List.of(checks.key()),
                List.of(settings.now(), Integer.toString(limit))).chain(answer -> {
                    List<Entry> entries = Lists.entries(answer.get(2));
                    if (!entries.isEmpty()) return checkAll(checks, entries);
                    looks.looked(bucket, estimate.instant(), Answers.until(answer.get(1), answer.get(3)));
                    return Uni.createFrom().item(0);
                }).onFailure().invoke(failure -> looks.notice(bucket));
    }

    /** A check that fails is left as it stands: the next pass makes it again. */
    private Uni<Integer> checkAll(Placed checks, List<Entry> entries) {
        looks.notice(checks.bucket());
        return Uni.join().all(entries.stream().map(entry -> check(checks, entry)).toList()).andCollectFailures()
                .onFailure().invoke(failure -> LOG.debugf(failure, "not all of bucket %d checked", checks.bucket()))
                .onFailure().recoverWithItem(List.of())
                .map(List::size);
    }

    private Uni<Void> check(Placed checks, Entry entry) {
        return find.apply(entry.job()).chain(seen -> {
            Uni<Void> settled =
                    seen == null ? Uni.createFrom().voidItem() : lists.settle(List.of(seen.job()), Shelf.ALL);
            String again =
                    seen == null || seen.job().status().isTerminal() ? "" : Long.toString(again(seen));
            return settled.chain(() -> commands.run(Script.FORGET, checks.bucket(), Kindness.REPEATABLE,
                    List.of(checks.key()),
                    List.of(entry.name(), Long.toString((long) entry.score()), again)))
                    .replaceWithVoid();
        });
    }

    private long again(Sighting seen) {
        Duration left = Duration.between(seen.at(), seen.job().dueAt(settings.timing()));
        long span = Math.clamp(left.toMillis() / 4, RedisSettings.CHECK_AGAIN_SOONEST.toMillis(),
                RedisSettings.CHECK_AGAIN_LATEST.toMillis());
        // Apart from one another, or what was made at once would be checked at once for ever.
        return seen.at().toEpochMilli() + span - Math.floorMod(seen.job().key().hashCode(), span / 4);
    }
}

package dev.holdpoint.store.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.holdpoint.job.DueJobs;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.store.redis.Lists.Entry;
import dev.holdpoint.store.redis.wire.Commands;
import dev.holdpoint.store.redis.wire.Commands.Kindness;
import dev.holdpoint.store.redis.wire.Script;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Response;
import org.jspecify.annotations.Nullable;

/**
 * What is due in all buckets. Names are compared first, so that a job is read only when it is
 * among the earliest, however many are due.
 */
final class Deadlines {
    private static final int MOST_OF_A_BUCKET = 100;
    /**
     * About the most bytes that are read of one bucket at once: prompts may be
     * large, and there may be many in each bucket.
     */
    private static final int MOST_BYTES_OF_A_BUCKET = 100_000;
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final Commands commands;
    private final Keys keys;
    private final RedisSettings settings;
    private final InstantSource estimate;
    private final Looks looks;

    Deadlines(Commands commands, Keys keys, RedisSettings settings, InstantSource estimate) {
        this.commands = commands;
        this.keys = keys;
        this.settings = settings;
        this.estimate = estimate;
        this.looks = new Looks(keys.buckets(), settings.lookEverywhere());
    }

    /** Servers and this process may tell different times, so what is kept is how long it is until the job falls due. */
    void notice(Job job, Instant at) {
        looks.notice(keys.bucket(job.key()),
                estimate.instant().plus(Duration.between(at, job.dueAt(settings.timing()))));
    }

    /** Something in there may be due. */
    void notice(int bucket) { looks.notice(bucket); }

    /** The earliest of what is due. */
    Uni<DueJobs> due(int limit) {
        List<Uni<DueNames>> names = looks.toLook(estimate.instant()).stream()
                .map(bucket -> names(bucket, Math.min(limit, MOST_OF_A_BUCKET))).toList();
        if (names.isEmpty()) return Uni.createFrom().item(with(List.of()));
        return Reachable.of(names).map(all -> earliest(all, limit)).chain(counts -> counts.isEmpty()
                ? Uni.createFrom().item(with(List.of()))
                : Reachable.of(counts.entrySet().stream().map(one -> read(one.getKey(), one.getValue().intValue()))
                        .toList()).map(this::with));
    }

    private DueJobs with(List<List<Sighting>> read) {
        return new DueJobs(read.stream().flatMap(List::stream)
                .sorted(Comparator.comparing((Sighting one) -> one.job().dueAt(settings.timing()))
                        .thenComparing(one -> Keys.name(one.job().key())))
                .toList(),
                looks.nextIn(estimate.instant()));
    }

    private record DueNames(int bucket, List<Entry> entries) {}

    private record DueName(int bucket, Entry entry) {}

    private Uni<DueNames> names(int bucket, int limit) {
        return commands.run(Script.EARLY, bucket, Kindness.READS, List.of(keys.deadlines(bucket)),
                List.of(settings.now(), Integer.toString(limit))).map(answer -> {
                    List<Entry> entries = Lists.entries(answer.get(2));
                    if (entries.isEmpty()) looked(bucket, Answers.until(answer.get(1), answer.get(3)));
                    else lookAgain(bucket);
                    return new DueNames(bucket, entries);
                }).onFailure().invoke(failure -> lookAgain(bucket));
    }

    /** How many to read of each bucket. Where some are left, they are for the next look. */
    private Map<Integer, Long> earliest(List<DueNames> all, int limit) {
        Map<Integer, Long> counts = all.stream()
                .flatMap(named -> named.entries().stream().map(entry -> new DueName(named.bucket(), entry)))
                .sorted(Comparator.comparing(DueName::entry, Entry.ORDER)).limit(limit)
                .collect(Collectors.groupingBy(DueName::bucket, Collectors.counting()));
        for (DueNames named : all) {
            if (!named.entries().isEmpty() && !counts.containsKey(named.bucket())) looks.notice(named.bucket());
        }
        return counts;
    }

    private Uni<List<Sighting>> read(int bucket, int count) {
        return commands.run(Script.DUE, bucket, Kindness.REPEATABLE, keys.ofBucket(bucket),
                settings.argumentsOfMove("", Integer.toString(count), Integer.toString(MOST_BYTES_OF_A_BUCKET)))
                .map(answer -> {
                    Instant at = Answers.instant(answer.get(1));
                    List<Sighting> due = new ArrayList<>();
                    for (Response one : answer.get(3)) {
                        due.add(new Sighting(StoredJob.job(Keys.job(one.get(0).toString()),
                                StoredJob.fields(one.get(1), 0)), at));
                    }
                    looked(bucket, Answers.until(answer.get(1), answer.get(2)));
                    return due;
                }).onFailure().invoke(failure -> lookAgain(bucket));
    }

    private void looked(int bucket, @Nullable Duration in) { looks.looked(bucket, estimate.instant(), in); }

    /** Whoever sees to what is due may fail, or put it off. */
    private void lookAgain(int bucket) {
        looks.noticeAgain(bucket, estimate.instant().plus(LOOK_AGAIN));
    }
}

package dev.holdpoint.store.redis;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.holdpoint.job.Debt;
import dev.holdpoint.job.Debt.Note;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.Outbox;
import dev.holdpoint.store.redis.wire.Commands;
import dev.holdpoint.store.redis.wire.Commands.Kindness;
import dev.holdpoint.store.redis.wire.Script;
import dev.holdpoint.text.Unreadable;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What the archive is owed, a stream in each bucket. Every replica may carry the same
 * entry out; the archive knows it again.
 */
final class RedisOutbox implements Outbox {
    private static final Logger LOG = Logger.getLogger(RedisOutbox.class);

    private static final int AT_ONCE = 8;

    private final Commands commands;
    private final Keys keys;
    private final InstantSource estimate;
    private final Looks looks;

    RedisOutbox(Commands commands, Keys keys, RedisSettings settings, Hearing hearing, InstantSource estimate) {
        this.commands = commands;
        this.keys = keys;
        this.estimate = estimate;
        this.looks = new Looks(keys.buckets(), settings.lookEverywhere());
        hearing.onTold((event, bucket) -> {
            if (owes(event, settings.owesNews())) notice(bucket);
        }, this::notice);
    }

    /** Calls that were judged are owed without an event. */
    private static boolean owes(JobEvent event, boolean news) {
        return switch (event) {
            case JobEvent.JobResumed resumed -> true;
            case JobEvent.JobEnded ended -> true;
            case JobEvent.JobCreated created -> news;
            case JobEvent.JobPaused paused -> news;
            case JobEvent.JobClaimed claimed -> news;
            case JobEvent.Reported reported -> false;
        };
    }

    @Override
    public Uni<List<Owed>> owed(int limit) {
        List<Integer> buckets = looks.toLook(estimate.instant());
        if (buckets.isEmpty()) return Uni.createFrom().item(List.of());
        return some(buckets, limit, List.of())
                // Whoever waits for his own may hang up; what else was to be looked at here is somebody's too.
                .onCancellation().invoke(() -> buckets.forEach(looks::notice));
    }

    /**
     * A few buckets at a time until there is enough: entries may be large, and all that are
     * there more than fit into this process.
     */
    private Uni<List<Owed>> some(List<Integer> buckets, int limit, List<Owed> found) {
        if (buckets.isEmpty() || found.size() >= limit) {
            buckets.forEach(looks::notice);
            return Uni.createFrom().item(found);
        }
        int now = Math.min(AT_ONCE, buckets.size());
        return Reachable.of(buckets.subList(0, now).stream().map(bucket -> owed(bucket, limit)).toList())
                .onFailure().invoke(failure -> buckets.subList(now, buckets.size()).forEach(looks::notice))
                .chain(more -> some(buckets.subList(now, buckets.size()), limit,
                        Stream.concat(found.stream(), more.stream().flatMap(List::stream)).limit(limit).toList()));
    }

    private Uni<List<Owed>> owed(int bucket, int limit) {
        return commands.send(bucket, Kindness.READS, Command.XRANGE, keys.outbox(bucket), "-", "+", "COUNT",
                Integer.toString(limit)).chain(answer -> entries(bucket, answer))
                // Whatever is there is worth another look until it is paid.
                .invoke(found -> looks.looked(bucket, estimate.instant(), found.isEmpty() ? null : Duration.ZERO))
                .onFailure().invoke(failure -> notice(bucket));
    }

    /** What can't be read is dropped, or it would stand in front of what can for ever. */
    private Uni<List<Owed>> entries(int bucket, @Nullable Response answer) {
        List<Owed> owed = new ArrayList<>();
        List<String> strange = new ArrayList<>(List.of(keys.outbox(bucket)));
        if (answer != null) {
            for (Response entry : answer) {
                String receipt = entry.get(0).toString();
                Debt debt = debt(StoredJob.fields(entry.get(1), 0));
                if (debt == null) strange.add(receipt);
                else owed.add(new Owed(bucket + " " + receipt, debt));
            }
        }
        if (strange.size() == 1) return Uni.createFrom().item(owed);
        LOG.warnf("%d entries of the outbox of bucket %d can't be read and are dropped.", strange.size() - 1, bucket);
        return commands.send(bucket, Kindness.REPEATABLE, Command.XDEL, strange.toArray(String[]::new))
                .replaceWith(owed);
    }

    private static @Nullable Debt debt(Map<String, String> fields) {
        try {
            return StoredDebt.read(fields);
        } catch (Unreadable | IllegalArgumentException | DateTimeException strange) {
            return null;
        }
    }

    @Override
    public Uni<Backlog> backlog() {
        return Reachable.of(IntStream.range(0, keys.buckets()).mapToObj(this::backlog).toList())
                .map(all -> new Backlog(all.stream().mapToLong(Backlog::entries).sum(),
                        all.stream().map(Backlog::since).filter(Objects::nonNull).min(Comparator.naturalOrder())
                                .orElse(null)));
    }

    private Uni<Backlog> backlog(int bucket) {
        return commands.run(Script.BACKLOG, bucket, Kindness.READS, List.of(keys.outbox(bucket)), List.of(""))
                .map(answer -> new Backlog(Long.parseLong(answer.get(1).toString()), since(answer.get(2).toString())));
    }

    /** The id of an entry begins with the instant at which it was made. */
    private static @Nullable Instant since(String id) {
        return id.isEmpty() ? null : Instant.ofEpochMilli(Long.parseLong(id.substring(0, id.indexOf('-'))));
    }

    /** Something in there is owed from now on. */
    void notice(int bucket) { looks.notice(bucket); }

    @Override
    public Uni<Void> owe(Note note) {
        int bucket = keys.policy(note.space()).bucket();
        List<String> entry = new ArrayList<>(List.of(keys.outbox(bucket), "*", "kind", "note"));
        StoredDebt.fields(note).forEach((name, value) -> {
            entry.add(name);
            entry.add(value);
        });
        return commands.send(bucket, Kindness.REPEATABLE, Command.XADD, entry.toArray(String[]::new))
                .invoke(() -> notice(bucket)).replaceWithVoid();
    }

    @Override
    public Uni<Void> paid(List<Owed> entries) {
        if (entries.isEmpty()) return Uni.createFrom().voidItem();
        return Uni.join().all(entries.stream().map(this::paid).toList()).andFailFast().replaceWithVoid();
    }

    private Uni<Void> paid(Owed owed) {
        int space = owed.receipt().indexOf(' ');
        int bucket = Integer.parseInt(owed.receipt().substring(0, space));
        String entry = owed.receipt().substring(space + 1);
        if (owed.debt() instanceof Debt.EndedJob ended) {
            return commands.run(Script.PAID, bucket, Kindness.REPEATABLE,
                    List.of(keys.job(bucket) + Keys.name(ended.job().key()), keys.outbox(bucket)), List.of(entry))
                    .replaceWithVoid();
        }
        return commands.send(bucket, Kindness.REPEATABLE, Command.XDEL, keys.outbox(bucket), entry).replaceWithVoid();
    }
}

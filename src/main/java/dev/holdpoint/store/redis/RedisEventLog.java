package dev.holdpoint.store.redis;

import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;

import dev.holdpoint.job.EventId;
import dev.holdpoint.job.EventLog;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.LoggedEvent;
import dev.holdpoint.job.UserId;
import dev.holdpoint.store.redis.wire.Commands;
import dev.holdpoint.store.redis.wire.Commands.Kindness;
import dev.holdpoint.store.redis.wire.Script;
import dev.holdpoint.text.Unreadable;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Response;
import org.jspecify.annotations.Nullable;

/** Event logs in Redis streams. Notices only wake and save reading; the stream is what counts. */
final class RedisEventLog implements EventLog {
    private final Commands commands;
    private final Keys keys;
    private final RedisSettings settings;
    private final Hearing hearing;

    RedisEventLog(Commands commands, Keys keys, RedisSettings settings, Hearing hearing) {
        this.commands = commands;
        this.keys = keys;
        this.settings = settings;
        this.hearing = hearing;
    }

    @Override
    public Uni<@Nullable Extent> extent(JobKey job) {
        int bucket = keys.bucket(job);
        return commands.run(Script.FIND, bucket, Kindness.READS, List.of(keys.job(bucket) + Keys.name(job)),
                List.of(settings.now())).map(answer -> extent(job, answer));
    }

    private static @Nullable Extent extent(JobKey key, Response answer) {
        if (answer.get(2).size() == 0) return null;
        var fields = StoredJob.fields(answer.get(2), 0);
        Job job = StoredJob.job(key, fields);
        return new Extent(job, StoredJob.number(fields, "firstSeq", job.lastSeq() + 1), Answers.instant(answer.get(1)));
    }

    @Override
    public Uni<Slice> read(JobKey job, long generation, long after, int limit) {
        int bucket = keys.bucket(job);
        String name = Keys.name(job);
        return commands
                .run(Script.READ, bucket, Kindness.READS, List.of(keys.job(bucket) + name, keys.log(bucket) + name),
                        List.of(settings.now(), Long.toString(generation), Long.toString(after),
                                Integer.toString(limit)))
                .map(answer -> slice(job, after, answer));
    }

    private static Slice slice(JobKey job, long after, Response answer) {
        if (answer.get(0).toString().equals("not-kept")) return new Slice(List.of(), false);
        UserId owner = StoredJob.user(answer.get(1) == null ? null : answer.get(1).toString());
        List<LoggedEvent> events = new ArrayList<>();
        for (Response entry : answer.get(2)) {
            LoggedEvent event = readable(job, owner, entry);
            // A hole, or what can't be read, was made by something else; a reader must not be led over it.
            if (event == null || event.id().seq() != after + 1 + events.size())
                return new Slice(events, !events.isEmpty());
            events.add(event);
        }
        return new Slice(events, true);
    }

    private static @Nullable LoggedEvent readable(JobKey job, UserId owner, Response entry) {
        try {
            return StoredEvent.event(job, owner, entry);
        } catch (Unreadable | IllegalArgumentException | DateTimeException strange) {
            return null;
        }
    }

    @Override
    public @Nullable Slice heard(JobKey job, long generation, long after, int limit) {
        List<LoggedEvent> heard = hearing.behind(job, generation, after, limit);
        return heard == null ? null : new Slice(heard, true);
    }

    @Override
    public Multi<EventId> watch(JobKey job) { return hearing.watch(job); }

    @Override
    public Multi<Change> changes() { return hearing.changes(); }
}

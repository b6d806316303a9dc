package dev.holdpoint.store.redis;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.holdpoint.job.EventId;
import dev.holdpoint.job.EventLog.Change;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.LoggedEvent;
import dev.holdpoint.job.UserId;
import dev.holdpoint.store.notices.Notices;
import dev.holdpoint.store.redis.wire.Commands;
import dev.holdpoint.store.redis.wire.Commands.Kindness;
import dev.holdpoint.text.Texts;
import dev.holdpoint.text.Unreadable;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What this process hears of all replicas' moves. A notice carries the events and the bucket's tide, which counts
 * notices: a hole in it, or a tide that rises unheard, means that something was missed; then everybody who
 * follows a job of that bucket reads its log.
 */
final class Hearing {
    static final Duration PROBE_EVERY = Duration.ofSeconds(10);

    private static final Logger LOG = Logger.getLogger(Hearing.class);
    /** Owners are not part of a notice of plain events, and no plain event tells one. */
    private static final UserId NOBODY = new UserId("nobody");

    private final Notices notices = new Notices();
    private final Map<JobKey, Followed> followed = new ConcurrentHashMap<>();
    private final Commands commands;
    private final Keys keys;
    private final Object lock = new Object();
    private final long[] heard;
    private final int[] listened;
    private final List<UniEmitter<? super Void>> waiting = new ArrayList<>();
    private int notReady;
    private ObjIntConsumer<JobEvent> told = (event, bucket) -> {
    };
    private IntConsumer untold = bucket -> {
    };
    private BiConsumer<Job, Instant> moved = (job, at) -> {
    };
    private IntConsumer unheard = bucket -> {
    };

    private static final long UNKNOWN = -1;
    private static final String OPENED = "opened";

    Hearing(Commands commands, Keys keys) {
        this.commands = commands;
        this.keys = keys;
        this.heard = new long[keys.buckets()];
        this.listened = new int[keys.buckets()];
        this.notReady = keys.buckets();
        java.util.Arrays.fill(heard, UNKNOWN);
    }

    /**
     * A job that somebody follows here. When the last one has left it is
     * forgotten: its tail would miss what comes next.
     */
    private record Followed(int followers, Tail tail) {}

    Multi<EventId> watch(JobKey job) {
        return Multi.createFrom().deferred(() -> {
            followed.compute(job, (key, known) -> known == null
                    ? new Followed(1, new Tail())
                    : new Followed(known.followers() + 1, known.tail()));
            return notices.watch(job).onTermination().invoke(() -> followed.computeIfPresent(job,
                    (key, known) -> known.followers() == 1 ? null
                            : new Followed(known.followers() - 1, known.tail())));
        });
    }

    Multi<Change> changes() { return notices.changes(); }

    Multi<JobKey> opened() { return notices.opened(); }

    /** The newest events behind a position, when this process has heard all of them; else null. */
    @Nullable
    List<LoggedEvent> behind(JobKey job, long generation, long after, int limit) {
        Followed known = followed.get(job);
        return known == null ? null : known.tail().behind(generation, after, limit);
    }

    /**
     * @param listener gets each change of a life, and its bucket, before listeners to changes do
     * @param missing  gets each bucket in which changes may have gone unheard
     */
    void onTold(ObjIntConsumer<JobEvent> listener, IntConsumer missing) {
        told = listener;
        untold = missing;
    }

    /**
     * @param listener gets each job right after a change of its life, and when that was
     * @param missing  gets each bucket in which changes may have gone unheard
     */
    void onMoved(BiConsumer<Job, Instant> listener, IntConsumer missing) {
        moved = listener;
        unheard = missing;
    }

    /** When every bucket is heard for the first time. */
    Uni<Void> ready() {
        return Uni.createFrom().emitter(emitter -> {
            boolean now;
            synchronized (lock) {
                now = notReady == 0;
                if (!now) waiting.add(emitter);
            }
            if (now) emitter.complete(null);
        });
    }

    /** These buckets are heard (again): what was said before may have been missed. */
    void listening(List<Integer> buckets) {
        boolean again = false;
        List<UniEmitter<? super Void>> released = List.of();
        synchronized (lock) {
            for (int bucket : buckets) {
                heard[bucket] = UNKNOWN;
                again |= listened[bucket] > 0;
                if (++listened[bucket] > 1) continue;
                if (--notReady == 0) {
                    released = List.copyOf(waiting);
                    waiting.clear();
                }
            }
        }
        if (again) buckets.forEach(this::wakeAll);
        if (again) notices.missed();
        notices.deliver();
        released.forEach(one -> one.complete(null));
    }

    private void missed(int bucket) {
        LOG.warnf("Notices of bucket %d were missed; its followers read the log.", bucket);
        wakeAll(bucket);
        notices.missed();
    }

    private void wakeAll(int bucket) {
        unheard.accept(bucket);
        untold.accept(bucket);
        followed.forEach((job, known) -> {
            if (keys.bucket(job) != bucket) return;
            known.tail().clear();
            notices.written(job, new EventId(0, 0));
        });
    }

    // --- notices

    void notice(String channel, Buffer message) {
        int bucket = Integer.parseInt(channel, channel.indexOf('{') + 1, channel.indexOf('}'), 10);
        try (JsonParser json = Texts.parser(message.getBytes())) {
            json.nextToken();
            String first = next(json);
            if (first.equals(OPENED)) {
                notices.opened(Keys.job(next(json)));
                notices.deliver();
                return;
            }
            long tide = Long.parseLong(first);
            boolean hole;
            synchronized (lock) {
                hole = heard[bucket] != UNKNOWN && tide > heard[bucket] + 1;
                heard[bucket] = Math.max(heard[bucket], tide);
            }
            if (hole) missed(bucket);
            read(json);
        } catch (IOException | Unreadable | IllegalArgumentException strange) {
            LOG.warnf(strange, "A notice of bucket %d can't be read; its followers read the log.", bucket);
            wakeAll(bucket);
        }
        notices.deliver();
    }

    private void read(JsonParser json) throws IOException {
        JobKey key = Keys.job(next(json));
        Followed watched = followed.get(key);
        long generation = Long.parseLong(next(json));
        long seq = Long.parseLong(next(json));
        Instant at = Instant.ofEpochMilli(Long.parseLong(next(json)));
        Map<String, String> fields = fields(json);
        if (watched != null || !fields.isEmpty()) {
            Job job = fields.isEmpty() ? null : StoredJob.job(key, fields);
            List<LoggedEvent> events = new ArrayList<>();
            while (json.nextToken() == JsonToken.START_ARRAY) {
                events.add(StoredEvent.event(key, job == null ? NOBODY : job.details().owner(),
                        new EventId(generation, seq++), at, rest(json)));
            }
            tell(key, watched, job, events, at);
        }
    }

    private void tell(JobKey key, @Nullable Followed watched, @Nullable Job job, List<LoggedEvent> events, Instant at) {
        if (job != null) moved.accept(job, at);
        if (events.isEmpty()) return;
        if (watched != null) watched.tail().add(events);
        if (job == null) {
            notices.written(key, events.getLast().id());
            return;
        }
        events.forEach(event -> told.accept(event.event(), keys.bucket(key)));
        notices.logged(events, job);
    }

    private static String next(JsonParser json) throws IOException {
        String text = json.nextTextValue();
        if (text == null) throw new Unreadable("a notice is cut short", null);
        return text;
    }

    /** Names and values; scripts write an empty list as an empty object. */
    private static Map<String, String> fields(JsonParser json) throws IOException {
        if (json.nextToken() == JsonToken.START_ARRAY) return rest(json);
        json.skipChildren();
        return Map.of();
    }

    private static Map<String, String> rest(JsonParser json) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String name = json.nextTextValue(); name != null; name = json.nextTextValue())
            fields.put(name, next(json));
        return fields;
    }

    // --- what was missed without a sign

    /**
     * Compares what was said with what was heard.
     *
     * @param caughtUp the buckets of which everything is heard that was said before this was called
     */
    Uni<Void> probe(Supplier<Uni<Set<Integer>>> caughtUp) {
        int[] before = listened();
        return Uni.join().all(IntStream.range(0, keys.buckets()).mapToObj(this::told).toList()).andFailFast()
                .chain(told -> caughtUp.get().invoke(
                        all -> all.forEach(bucket -> compare(bucket, told.get(bucket), before[bucket]))))
                .invoke(notices::deliver).replaceWithVoid();
    }

    /** The tide of a bucket; unknown when nobody answers. */
    private Uni<Long> told(int bucket) {
        return commands.send(bucket, Kindness.READS, Command.HGET, keys.tide(bucket), "told")
                .map(told -> told == null ? 0 : told.toLong()).onFailure().recoverWithItem(UNKNOWN);
    }

    private int[] listened() {
        synchronized (lock) {
            return listened.clone();
        }
    }

    private void compare(int bucket, long told, int before) {
        boolean missed;
        synchronized (lock) {
            // Listened to anew since, it may have been told of more, or by a server that knows of less.
            if (listened[bucket] != before) return;
            missed = heard[bucket] != UNKNOWN && told > heard[bucket];
            if (missed || heard[bucket] == UNKNOWN) heard[bucket] = told;
        }
        if (missed) missed(bucket);
    }

}

package dev.holdpoint.store.redis;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.holdpoint.job.AgentId;
import dev.holdpoint.job.BadCursor;
import dev.holdpoint.job.Continuation;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.PendingAction;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.job.Space;
import dev.holdpoint.store.redis.Keys.Placed;
import dev.holdpoint.store.redis.wire.Commands;
import dev.holdpoint.store.redis.wire.Commands.Kindness;
import dev.holdpoint.store.redis.wire.Script;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Lists of jobs that lie in other slots than the jobs themselves. They are hints: an entry may be missing for a moment
 * after a crash or be there too long, so every reader looks at the job itself.
 */
final class Lists {
    private static final Logger LOG = Logger.getLogger(Lists.class);
    private static final int CHUNK = 256;
    private static final String LEFT_ALONE = "-";
    private static final long PUT_OFF_MILLIS = 60_000;
    /** A place that is only reserved has a score with a half. */
    private static final Pattern CURSOR = Pattern.compile("(-?[0-9]{1,18}(?:\\.5)?)\\.([A-Za-z0-9_-]*)");

    private final Commands commands;
    private final Keys keys;

    Lists(Commands commands, Keys keys) {
        this.commands = commands;
        this.keys = keys;
    }

    /** Lists that a move concerns or leaves alone: what it doesn't touch, another may be changing. */
    enum Shelf {
        /** What is active of the job's owner. */
        ACTIVE,
        /** What waits for a decision in its space. */
        PROMPTS,
        /** What is open to claims in its space. */
        CONTINUATIONS;

        static final Set<Shelf> ALL = EnumSet.allOf(Shelf.class);
    }

    static @Nullable Instant openSince(Job job) {
        return job.continuation().filter(Continuation::isOpen).map(open -> open.resolution().decidedAt()).orElse(null);
    }

    /** As {@link #settle}, for whoever has moved the jobs: where that fails, their checks make up for it. */
    Uni<Void> trySettle(List<Job> jobs, Set<Shelf> shelves) {
        return settle(jobs, shelves)
                .onFailure().invoke(failure -> LOG.debugf(failure, "lists not settled; checks make up for it"))
                .onFailure().recoverWithNull();
    }

    /** Puts jobs where they belong now. Replicas are told of what is open to claims. */
    Uni<Void> settle(List<Job> jobs, Set<Shelf> shelves) {
        List<Uni<@Nullable Response>> writes = new ArrayList<>();
        if (shelves.contains(Shelf.ACTIVE)) settleActive(jobs, writes);
        if (shelves.contains(Shelf.PROMPTS) || shelves.contains(Shelf.CONTINUATIONS))
            settleInSpaces(jobs, shelves, writes);
        if (writes.isEmpty()) return Uni.createFrom().voidItem();
        return Uni.join().all(writes).andCollectFailures().replaceWithVoid();
    }

    private void settleActive(List<Job> jobs, List<Uni<@Nullable Response>> writes) {
        Map<Placed, List<String>> gone = new LinkedHashMap<>();
        for (Job job : jobs) {
            Placed active = keys.active(job.key().space(), job.details().owner());
            String name = Keys.name(job.key());
            if (job.status().isTerminal()) gone.computeIfAbsent(active, none -> command(active.key())).add(name);
            else writes.add(commands.run(Script.PLACE, active.bucket(), Kindness.REPEATABLE, List.of(active.key()),
                    List.of(name, score(job.createdAt()))));
        }
        gone.forEach((active, arguments) -> writes.add(commands.send(active.bucket(), Kindness.REPEATABLE,
                Command.ZREM, arguments.toArray(String[]::new))));
    }

    private static List<String> command(String key) { return new ArrayList<>(List.of(key)); }

    private void settleInSpaces(List<Job> jobs, Set<Shelf> shelves, List<Uni<@Nullable Response>> writes) {
        Map<Shelves, List<String>> moved = new LinkedHashMap<>();
        for (Job job : jobs) {
            moved.computeIfAbsent(new Shelves(job.key().space(), job.details().agent()), none -> new ArrayList<>())
                    .addAll(places(job, shelves));
        }
        moved.forEach((of, places) -> writes.add(commands.run(Script.SHELVE, keys.waiting(of.space()).bucket(),
                Kindness.FLEETING, keys.ofShelve(of.space(), of.agent()), places)));
    }

    private record Shelves(Space space, @Nullable AgentId agent) {}

    private static List<String> places(Job job, Set<Shelf> shelves) {
        boolean prompts = shelves.contains(Shelf.PROMPTS);
        return List.of(Keys.name(job.key()),
                prompts ? score(job.prompt().map(PendingAction::deadline).orElse(null)) : LEFT_ALONE,
                prompts ? score(job.prompt().map(PendingAction::createdAt).orElse(null)) : LEFT_ALONE,
                shelves.contains(Shelf.CONTINUATIONS) ? score(openSince(job)) : LEFT_ALONE);
    }

    /** Empty for what isn't in a list. */
    private static String score(@Nullable Instant place) {
        return place == null ? "" : Long.toString(place.toEpochMilli());
    }

    /** An entry of a list. */
    record Entry(double score, String name) {
        /** That of Redis, which compares bytes: text in Java has another order where surrogates are. */
        static final Comparator<Entry> ORDER = Comparator.comparingDouble(Entry::score)
                .thenComparing(entry -> entry.name().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

        JobKey job() { return Keys.job(name); }
    }

    /** Takes the entry out, unless it was moved since it was seen. */
    Uni<Void> forget(Placed list, Entry seen) {
        return commands.run(Script.FORGET, list.bucket(), Kindness.REPEATABLE, List.of(list.key()),
                List.of(seen.name(), score(seen), "")).replaceWithVoid();
    }

    /** Moves the entry behind all that came up so far, unless it was moved since it was seen. */
    Uni<Void> putOff(Placed list, Entry seen, Instant now) {
        return commands.run(Script.FORGET, list.bucket(), Kindness.REPEATABLE, List.of(list.key()),
                List.of(seen.name(), score(seen), Long.toString(now.toEpochMilli() + PUT_OFF_MILLIS)))
                .replaceWithVoid();
    }

    private static String score(Entry entry) {
        return entry.score() == Math.rint(entry.score()) ? Long.toString((long) entry.score())
                : BigDecimal.valueOf(entry.score()).toPlainString();
    }

    Uni<List<Entry>> first(Placed list, int most) {
        return commands.send(list.bucket(), Kindness.READS, Command.ZRANGE, list.key(), "0",
                Integer.toString(most - 1), "WITHSCORES").map(Lists::entries);
    }

    static List<Entry> entries(@Nullable Response answer) {
        List<Entry> entries = new ArrayList<>();
        if (answer == null) return entries;
        // The newer protocol pairs members and scores, the older one and scripts put them one after the other.
        boolean pairs = answer.size() > 0 && answer.get(0).type() == io.vertx.redis.client.ResponseType.MULTI;
        for (int at = 0; at < answer.size(); at += pairs ? 1 : 2) {
            Response name = pairs ? answer.get(at).get(0) : answer.get(at);
            Response score = pairs ? answer.get(at).get(1) : answer.get(at + 1);
            entries.add(new Entry(score.toDouble(), name.toString()));
        }
        return entries;
    }

    /** Looks at jobs, all in one go; null where there is none. */
    interface Looker extends Function<List<JobKey>, Uni<List<@Nullable Sighting>>> {}

    /** A page of the jobs in a list that are wanted, in the list's order or against it. */
    Uni<Page<Job>> page(Placed list, boolean backwards, @Nullable String cursor, int limit, Looker look,
            Predicate<Sighting> wanted) {
        Entry after = cursor == null ? null : position(cursor);
        return page(new Reading(list, backwards, limit, look, wanted), after, List.of(), CHUNK);
    }

    private record Reading(Placed list, boolean backwards, int limit, Looker look, Predicate<Sighting> wanted) {}

    private record Found(Entry entry, Sighting sighting) {}

    private Uni<Page<Job>> page(Reading reading, @Nullable Entry after, List<Found> sofar, int chunk) {
        return read(reading, after, chunk).chain(read -> {
            List<Entry> fresh = read.stream().filter(entry -> isBehind(reading, entry, after)).toList();
            if (read.isEmpty()) return Uni.createFrom().item(page(reading, sofar));
            // More entries than a chunk holds share this instant: only a larger chunk gets past them.
            if (fresh.isEmpty()) {
                return read.size() < chunk
                        ? Uni.createFrom().item(page(reading, sofar))
                        : page(reading, after, sofar, 2 * chunk);
            }
            return reading.look().apply(fresh.stream().map(Entry::job).toList()).chain(seen -> {
                List<Found> all = new ArrayList<>(sofar);
                for (int at = 0; at < fresh.size(); at++) {
                    Sighting one = seen.get(at);
                    if (one != null && reading.wanted().test(one)) all.add(new Found(fresh.get(at), one));
                }
                return all.size() > reading.limit() || read.size() < chunk
                        ? Uni.createFrom().item(page(reading, all))
                        : page(reading, fresh.getLast(), all, chunk);
            });
        });
    }

    private static boolean isBehind(Reading reading, Entry entry, @Nullable Entry after) {
        if (after == null) return true;
        int order = Entry.ORDER.compare(entry, after);
        return reading.backwards() ? order < 0 : order > 0;
    }

    private Uni<List<Entry>> read(Reading reading, @Nullable Entry after, int chunk) {
        String from = after == null ? reading.backwards() ? "+inf" : "-inf" : score(after);
        String to = reading.backwards() ? "-inf" : "+inf";
        List<String> range = new ArrayList<>(List.of(reading.list().key(), from, to, "BYSCORE"));
        if (reading.backwards()) range.add("REV");
        range.addAll(List.of("LIMIT", "0", Integer.toString(chunk), "WITHSCORES"));
        return commands.send(reading.list().bucket(), Kindness.READS, Command.ZRANGE, range.toArray(String[]::new))
                .map(Lists::entries);
    }

    private static Page<Job> page(Reading reading, List<Found> found) {
        boolean more = found.size() > reading.limit();
        List<Found> items = more ? found.subList(0, reading.limit()) : found;
        Instant at = earliest(items.stream().map(Found::sighting));
        return new Page<>(items.stream().map(one -> one.sighting().job()).toList(),
                more ? cursor(items.getLast().entry()) : null, at);
    }

    /**
     * What was seen alive at its own moment was so at the earliest of them, and at no later one for certain; the epoch
     * when nothing was seen.
     */
    static Instant earliest(Stream<Sighting> seen) {
        return seen.map(Sighting::at).min(Comparator.naturalOrder()).orElse(Instant.EPOCH);
    }

    static String cursor(Entry entry) {
        return score(entry) + "." + Base64.getUrlEncoder().withoutPadding()
                .encodeToString(entry.name().getBytes(StandardCharsets.UTF_8));
    }

    static Entry position(String cursor) {
        Matcher parts = CURSOR.matcher(cursor);
        if (!parts.matches()) throw new BadCursor();
        try {
            return new Entry(new BigDecimal(parts.group(1)).doubleValue(),
                    new String(Base64.getUrlDecoder().decode(parts.group(2)), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notOurs) {
            throw new BadCursor();
        }
    }
}

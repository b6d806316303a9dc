package dev.holdpoint.store.redis;

import static dev.holdpoint.store.redis.StoredJson.millis;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.AgentId;
import dev.holdpoint.job.DueJobs;
import dev.holdpoint.job.EventName;
import dev.holdpoint.job.Fence;
import dev.holdpoint.job.InvalidName;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobDetails;
import dev.holdpoint.job.JobError;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.JobMoves;
import dev.holdpoint.job.JobMoves.Verdict;
import dev.holdpoint.job.JobStatus;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Judgement;
import dev.holdpoint.job.NewJob;
import dev.holdpoint.job.NewPause;
import dev.holdpoint.job.NewResolution;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.PendingAction;
import dev.holdpoint.job.PendingQuery;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.ResumeState;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.StoreCondition;
import dev.holdpoint.job.StoreTrouble;
import dev.holdpoint.job.Transition;
import dev.holdpoint.job.Transition.Won;
import dev.holdpoint.job.UserId;
import dev.holdpoint.job.WorkerId;
import dev.holdpoint.store.redis.Keys.Placed;
import dev.holdpoint.store.redis.Lists.Entry;
import dev.holdpoint.store.redis.Lists.Shelf;
import dev.holdpoint.store.redis.wire.Commands;
import dev.holdpoint.store.redis.wire.Commands.Kindness;
import dev.holdpoint.store.redis.wire.Script;
import dev.holdpoint.text.Texts;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import org.jspecify.annotations.Nullable;

/** Jobs in Redis. Every move is one script; the rules are those of {@link JobMoves}, told again in Lua. */
final class RedisJobStore implements JobStore {
    /** Names that a resumed claim may come across before it says that nothing is open. */
    private static final int MOST_CANDIDATES = 1_000;
    /** Names that are looked at together once the first of them turned out to be away. */
    private static final int MOST_PUT_OFF = 256;
    /**
     * Moves that owe the archive something, or may. The mover doesn't wait until he hears of
     * his own: he may have to record it first.
     */
    private static final Set<Script> OWING = Set.of(Script.CREATE, Script.FINISH, Script.RESOLVE, Script.ABORT,
            Script.EXPIRE, Script.REAP);
    static final Set<Shelf> MOVED_BY_PAUSE = Set.of(Shelf.PROMPTS);
    static final Set<Shelf> MOVED_BY_CLAIM = Set.of(Shelf.CONTINUATIONS);
    private static final Duration LARGE_SKEW = Duration.ofSeconds(5);

    private final Commands commands;
    private final Keys keys;
    private final RedisSettings settings;
    private final JobMoves moves;
    private final Lists lists;
    private final Hearing hearing;
    private final RedisOutbox outbox;
    private final InstantSource estimate;
    private final Deadlines deadlines;
    private final DeadPrompts deadPrompts;
    private final Checks checks;

    /** @param estimate about the store's time, for entries that are put right a moment later */
    RedisJobStore(Commands commands, Keys keys, RedisSettings settings, Hearing hearing, RedisOutbox outbox,
            InstantSource estimate) {
        this.commands = commands;
        this.keys = keys;
        this.settings = settings;
        this.moves = new JobMoves(settings.timing(), settings.durability());
        this.lists = new Lists(commands, keys);
        this.hearing = hearing;
        this.outbox = outbox;
        this.estimate = estimate;
        this.deadlines = new Deadlines(commands, keys, settings, estimate);
        this.deadPrompts = new DeadPrompts(commands, keys, settings, lists, outbox, this::find);
        this.checks = new Checks(commands, keys, settings, lists, this::find, estimate);
        hearing.onMoved((job, at) -> {
            deadlines.notice(job, at);
            checks.noticeMoved(job.key());
        }, bucket -> {
            deadlines.notice(bucket);
            checks.notice(bucket);
        });
    }

    // --- moves

    @Override
    public Uni<Transition> create(NewJob wanted) {
        JobDetails details = wanted.details();
        Placed active = keys.active(wanted.key().space(), details.owner());
        // Halves never come from a job's own instant, so that giving the place back
        // can't hit a job that was made meanwhile.
        Entry place = new Entry(estimate.millis() + 0.5, Keys.name(wanted.key()));
        return reserve(active, place, true).chain(reserved -> switch (reserved) {
            case FULL -> find(wanted.key()).map(seen -> refusal(seen, wanted));
            case TAKEN, HELD -> move(Script.CREATE, wanted.key(), Kindness.ONCE, Shelf.ALL, details.owner().value(),
                    details.conversation().value(), details.agent() == null ? "" : details.agent().value(),
                    Texts.write(new StoredJson.Details(details.runId(), details.responseMessageId(),
                            details.userMessage(), details.metadata())),
                    wanted.ifActive().name().toLowerCase(java.util.Locale.ROOT), text(wanted.expectedGeneration()))
                    .call(outcome -> reserved == Reserved.TAKEN && !(outcome instanceof Won)
                            ? lists.forget(active, place)
                            : Uni.createFrom().voidItem())
                    .onFailure(failure -> reserved == Reserved.TAKEN && wasNotDone(failure))
                    .call(() -> lists.forget(active, place).onFailure().recoverWithNull());
        });
    }

    /** Whoever is refused for another reason as well is told that one. */
    private Transition refusal(@Nullable Sighting seen, NewJob wanted) {
        Verdict verdict = moves.create(seen == null ? null : seen.job(), wanted, 0,
                seen == null ? Instant.EPOCH : seen.at());
        return verdict instanceof Verdict.Refused refused
                ? refused.why()
                : new Transition.TooManyActiveJobs(settings.limits().activeJobsPerUser());
    }

    private static boolean wasNotDone(Throwable failure) {
        return failure instanceof StoreTrouble trouble && trouble.kind() != StoreTrouble.Kind.OUTCOME_UNKNOWN;
    }

    private enum Reserved {
        TAKEN, HELD, FULL
    }

    private Uni<Reserved> reserve(Placed active, Entry place, boolean tidy) {
        return commands.run(Script.RESERVE, active.bucket(), Kindness.REPEATABLE, List.of(active.key()),
                List.of(place.name(), Double.toString(place.score()),
                        Integer.toString(settings.limits().activeJobsPerUser())))
                .map(answer -> Reserved.valueOf(answer.get(0).toString().toUpperCase(java.util.Locale.ROOT)))
                .chain(reserved -> reserved == Reserved.FULL && tidy
                        ? tidy(active).chain(tidied -> reserve(active, place, false))
                        : Uni.createFrom().item(reserved));
    }

    /**
     * Takes out of the list what isn't active any more; a reservation that is being filled is left alone for a while.
     */
    private Uni<Void> tidy(Placed active) {
        return lists.first(active, settings.limits().activeJobsPerUser()).chain(entries -> findAll(
                entries.stream().map(Entry::job).toList()).chain(seen -> {
                    List<Uni<Void>> gone = new ArrayList<>();
                    for (int at = 0; at < entries.size(); at++) {
                        Sighting one = seen.get(at);
                        boolean fresh = entries.get(at).score() > estimate.millis() - 10_000;
                        if (one == null ? !fresh : !one.job().isActive(one.at()))
                            gone.add(lists.forget(active, entries.get(at)));
                    }
                    return gone.isEmpty() ? Uni.createFrom().voidItem()
                            : Uni.join().all(gone).andCollectFailures().replaceWithVoid();
                }));
    }

    @Override
    public Uni<Transition> append(JobKey job, Fence fence, OptionalLong expectedSeq, List<JobEvent.Reported> events) {
        RedisSettings.Limits limits = settings.limits();
        List<String> arguments = new ArrayList<>(List.of(Long.toString(fence.generation()),
                Integer.toString(fence.execution()), text(expectedSeq), Integer.toString(limits.eventsPerJob()),
                Long.toString(limits.bytesPerJob()), Integer.toString(limits.retainedNamesPerJob())));
        for (JobEvent.Reported event : events) {
            arguments.add(event.name().value());
            arguments.add(event.data().text());
            arguments.add(event.retained() ? "retained" : "");
        }
        return move(Script.APPEND, job, Kindness.ONCE, Set.of(), arguments.toArray(String[]::new));
    }

    @Override
    public Uni<Transition> heartbeat(JobKey job, Fence fence) {
        return move(Script.HEARTBEAT, job, Kindness.REPEATABLE, Set.of(), Long.toString(fence.generation()),
                Integer.toString(fence.execution()));
    }

    @Override
    public Uni<Transition> pause(JobKey job, Fence fence, NewPause wanted, @Nullable Judgement judgement) {
        String at = "";
        String in = "";
        switch (wanted.deadline()) {
            case NewPause.Deadline.Unsaid unsaid -> {
            }
            case NewPause.Deadline.At said -> at = Long.toString(said.instant().toEpochMilli());
            case NewPause.Deadline.In said -> in = millis(said.span());
        }
        return judged(judgement, move(Script.PAUSE, job, Kindness.REPEATABLE, MOVED_BY_PAUSE,
                Long.toString(fence.generation()), Integer.toString(fence.execution()), wanted.action().value(),
                Texts.write(new StoredJson.Prompt(wanted.payload(), wanted.references(), wanted.resumeContext(),
                        wanted.policyVersion())),
                at, in, millis(settings.timing().pauseBackstop()),
                judgement == null ? "" : Long.toString(judgement.rules()), calls(judgement)), job);
    }

    @Override
    public Uni<Transition> pass(JobKey job, Fence fence, Judgement judgement) {
        return judged(judgement, move(Script.PASS, job, Kindness.REPEATABLE, Set.of(),
                Long.toString(fence.generation()), Integer.toString(fence.execution()),
                Long.toString(judgement.rules()), calls(judgement)), job);
    }

    private static String calls(@Nullable Judgement judgement) {
        return judgement == null || judgement.calls().isEmpty() ? "" : Texts.write(judgement.calls());
    }

    private Uni<Transition> judged(@Nullable Judgement judgement, Uni<Transition> move, JobKey job) {
        return judgement == null || judgement.calls().isEmpty() ? move
                : move.invoke(outcome -> noticeOwed(job, outcome));
    }

    private void noticeOwed(JobKey job, Transition outcome) {
        if (outcome instanceof Won) outbox.notice(keys.bucket(job));
    }

    @Override
    public Uni<Transition> complete(JobKey job, Fence fence, @Nullable Json result) {
        return finish(job, fence, JobStatus.COMPLETE, result == null ? "" : result.text(), "", "");
    }

    @Override
    public Uni<Transition> fail(JobKey job, Fence fence, JobError error) {
        return finish(job, fence, JobStatus.ERROR, "", error.code(), error.message());
    }

    private Uni<Transition> finish(JobKey job, Fence fence, JobStatus status, String result, String code,
            String message) {
        return move(Script.FINISH, job, Kindness.ONCE, Set.of(Shelf.ACTIVE), Long.toString(fence.generation()),
                Integer.toString(fence.execution()), status.word(), result, code, message);
    }

    @Override
    public Uni<Transition> resolve(JobKey job, NewResolution wanted) {
        return move(Script.RESOLVE, job, Kindness.REPEATABLE, Set.of(Shelf.PROMPTS, Shelf.CONTINUATIONS),
                Long.toString(wanted.generation()), wanted.action().value(), wanted.id().value(),
                Texts.write(
                        new StoredJson.Decided(wanted.decidedBy(), wanted.submission(), settings.durability())),
                text(wanted.rules()));
    }

    @Override
    public Uni<Transition> abort(JobKey job, OptionalLong generation) {
        return move(Script.ABORT, job, Kindness.ONCE, Shelf.ALL, text(generation), JobError.ABORTED_BY_USER.code(),
                JobError.ABORTED_BY_USER.message());
    }

    @Override
    public Uni<Transition> expireByHand(JobKey job, @Nullable ActionId named) {
        return move(Script.EXPIRE, job, Kindness.ONCE, Shelf.ALL, named == null ? "" : named.value());
    }

    @Override
    public Uni<Transition> expireDead(JobKey job, long generation, @Nullable ActionId observed) {
        return deadPrompts.expire(job, generation, observed);
    }

    @Override
    public Multi<Transition> expireDead(List<Sighting> dead) { return deadPrompts.expire(dead); }

    @Override
    public Uni<Transition> claim(JobKey job, ActionId action, WorkerId worker) {
        return move(Script.CLAIM, job, Kindness.REPEATABLE, MOVED_BY_CLAIM, action.value(), worker.value(),
                "");
    }

    @Override
    public Uni<Transition> claimOldest(Space space, Set<AgentId> agents, WorkerId worker) {
        List<Placed> open = agents.isEmpty() ? List.of(keys.open(space, null))
                : agents.stream().map(agent -> keys.open(space, agent)).toList();
        return claimOldest(open, agents, worker, 0, ConcurrentHashMap.newKeySet());
    }

    private record Candidate(Placed list, Entry entry) {}

    /** @param away names that were put off; when one of them comes first again, nothing else is left */
    private Uni<Transition> claimOldest(List<Placed> open, Set<AgentId> agents, WorkerId worker, int tried,
            Set<String> away) {
        if (tried + away.size() >= MOST_CANDIDATES) return Uni.createFrom().item(new Transition.StillUndecided());
        return Uni.join().all(open.stream().map(list -> lists.first(list, 1)).toList()).andFailFast().chain(firsts -> {
            Candidate oldest = IntStream.range(0, open.size()).boxed()
                    .flatMap(at -> firsts.get(at).stream().map(entry -> new Candidate(open.get(at), entry)))
                    .min(Comparator.comparing(Candidate::entry, Entry.ORDER)).orElse(null);
            if (oldest == null || away.contains(oldest.entry().name()))
                return Uni.createFrom().item(new Transition.StillUndecided());
            return claim(oldest, agents, worker)
                    .call(outcome -> outcome instanceof Won
                            ? Uni.createFrom().voidItem()
                            : lists.forget(oldest.list(), oldest.entry()))
                    // What lies on servers that are away must not stand before what doesn't.
                    .onFailure(RedisJobStore::isAway).recoverWithUni(() -> putOff(oldest, away)
                            .chain(() -> putOffAway(oldest.list(), away)).replaceWith(new Transition.StillUndecided()))
                    .chain(outcome -> outcome instanceof Won
                            ? Uni.createFrom().item(outcome)
                            : claimOldest(open, agents, worker, tried + 1, away));
        });
    }

    private Uni<Void> putOff(Candidate candidate, Set<String> away) {
        away.add(candidate.entry().name());
        return lists.putOff(candidate.list(), candidate.entry(), estimate.instant());
    }

    /** To find a server away takes seconds, so what stands behind one of its jobs is looked at all at once. */
    private Uni<Void> putOffAway(Placed list, Set<String> away) {
        return lists.first(list, MOST_PUT_OFF).chain(entries -> {
            List<Uni<Void>> looks = entries.stream().filter(entry -> !away.contains(entry.name()))
                    .map(entry -> find(entry.job()).replaceWithVoid()
                            .onFailure(RedisJobStore::isAway)
                            .recoverWithUni(() -> putOff(new Candidate(list, entry), away))
                            .onFailure().recoverWithNull())
                    .toList();
            return looks.isEmpty() ? Uni.createFrom().voidItem()
                    : Uni.join().all(looks).andFailFast().replaceWithVoid();
        });
    }

    private Uni<Transition> claim(Candidate candidate, Set<AgentId> agents, WorkerId worker) {
        Uni<Transition> none = Uni.createFrom().item(new Transition.StillUndecided());
        return find(candidate.entry().job()).chain(seen -> {
            if (seen == null || Lists.openSince(seen.job()) == null) return none;
            if (!agents.isEmpty() && !agents.contains(seen.job().details().agent())) return none;
            // Not the same lease again: two calls of one worker must not both get what is open once.
            return move(Script.CLAIM, seen.job().key(), Kindness.ONCE, MOVED_BY_CLAIM,
                    seen.job().continuation().orElseThrow().resolution().action().id().value(), worker.value(), "1");
        });
    }

    private static boolean isAway(Throwable failure) {
        return failure instanceof StoreTrouble trouble && trouble.kind() == StoreTrouble.Kind.UNAVAILABLE;
    }

    @Override
    public Uni<Transition> reap(JobKey job, long generation) {
        return move(Script.REAP, job, Kindness.ONCE, Shelf.ALL, Long.toString(generation), JobError.WORKER_LOST.code(),
                JobError.WORKER_LOST.message());
    }

    @Override
    public Uni<Transition> reopen(JobKey job, long generation) {
        return move(Script.REOPEN, job, Kindness.ONCE, MOVED_BY_CLAIM, Long.toString(generation));
    }

    @Override
    public Uni<Transition> reclaim(JobKey job, long generation) {
        return move(Script.RECLAIM, job, Kindness.ONCE, Shelf.ALL, Long.toString(generation));
    }

    /** @param shelves where the move may have changed the job's place */
    private Uni<Transition> move(Script script, JobKey job, Kindness kindness, Set<Shelf> shelves, String... own) {
        return commands
                .run(script, keys.bucket(job), kindness, keys.ofMove(job),
                        settings.argumentsOfMove(Keys.name(job), own))
                .map(answer -> Answers.transition(job, script, answer))
                .invoke(outcome -> {
                    if (OWING.contains(script)) noticeOwed(job, outcome);
                })
                .call(outcome -> outcome instanceof Won won
                        ? lists.trySettle(List.of(won.job()), shelves)
                        : Uni.createFrom().voidItem());
    }

    @Override
    public Uni<@Nullable Resolution> resolution(JobKey job, ActionId action) {
        return move(Script.RESOLUTION, job, Kindness.REPEATABLE, Set.of(), action.value())
                .map(outcome -> outcome instanceof Transition.AlreadyDecided decided ? decided.winner() : null);
    }

    private static String text(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : "";
    }

    // --- looks

    @Override
    public Uni<@Nullable Sighting> find(JobKey job) {
        int bucket = keys.bucket(job);
        return commands.run(Script.FIND, bucket, Kindness.READS, List.of(keys.job(bucket) + Keys.name(job)),
                List.of(settings.now())).map(answer -> sighting(job, answer));
    }

    private static @Nullable Sighting sighting(JobKey job, Response answer) {
        Response fields = answer.get(2);
        return fields.size() == 0 ? null
                : new Sighting(StoredJob.job(job, StoredJob.fields(fields, 0)), Answers.instant(answer.get(1)));
    }

    @Override
    public Uni<@Nullable Sighting> recall(JobKey job) {
        int bucket = keys.bucket(job);
        String name = Keys.name(job);
        return commands.run(Script.RECALL, bucket, Kindness.READS,
                List.of(keys.job(bucket) + name, keys.closed(bucket) + name), List.of(settings.now()))
                .map(answer -> answer.get(2).size() == 0 ? null
                        : new Sighting(StoredJob.job(job, StoredJob.fields(answer.get(2), 0),
                                answer.get(3).stream().map(Response::toString).toList()),
                                Answers.instant(answer.get(1))));
    }

    private Uni<List<@Nullable Sighting>> findAll(List<JobKey> jobs) {
        if (jobs.isEmpty()) return Uni.createFrom().item(List.of());
        return Uni.join().all(jobs.stream().map(this::find).toList()).andFailFast();
    }

    private Uni<Instant> time() {
        return commands.run(Script.EARLY, 0, Kindness.READS, List.of(keys.deadlines(0)), List.of(settings.now(), "0"))
                .map(answer -> Answers.instant(answer.get(1)));
    }

    Uni<Map<String, String>> condition() {
        return time().map(now -> {
            Duration skew = Duration.between(now, estimate.instant());
            return Map.of(StoreCondition.CLOCK_SKEW, skew.truncatedTo(ChronoUnit.MILLIS).toString(), "clockSkewIsLarge",
                    Boolean.toString(skew.abs().compareTo(LARGE_SKEW) > 0));
        });
    }

    @Override
    public Uni<@Nullable ResumeState> resumeState(JobKey job) {
        int bucket = keys.bucket(job);
        String name = Keys.name(job);
        return commands.run(Script.RESUME, bucket, Kindness.READS,
                List.of(keys.job(bucket) + name, keys.retained(bucket) + name), List.of(settings.now()))
                .map(answer -> {
                    Sighting seen = sighting(job, answer);
                    return seen == null ? null : new ResumeState(seen.job(), retained(answer.get(3)), seen.at());
                });
    }

    private static Map<EventName, Json> retained(Response flat) {
        Map<EventName, Json> retained = new LinkedHashMap<>();
        StoredJob.fields(flat, 0).forEach((name, data) -> {
            if (Texts.isJson(data)) eventName(name).ifPresent(event -> retained.put(event, new Json(data)));
        });
        return retained;
    }

    /** Empty for what no worker can have said. */
    private static Optional<EventName> eventName(String name) {
        try {
            return Optional.of(new EventName(name));
        } catch (InvalidName strange) {
            return Optional.empty();
        }
    }

    @Override
    public Uni<Page<Job>> activeJobs(Space space, UserId owner, @Nullable String cursor, int limit) {
        return dated(lists.page(keys.active(space, owner), false, cursor, limit, this::findAll,
                seen -> seen.job().isActive(seen.at()) && seen.job().details().owner().equals(owner)));
    }

    @Override
    public Uni<Page<Job>> pending(Space space, PendingQuery query, @Nullable String cursor, int limit) {
        if (query.owner() != null) return pendingOf(query.owner(), space, query, cursor, limit);
        Placed list = query.order() == PendingQuery.Order.DEADLINE ? keys.waiting(space) : keys.paused(space);
        return dated(lists.page(list, query.order() == PendingQuery.Order.NEWEST, cursor, limit, this::findAll,
                matching(query)));
    }

    private static Predicate<Sighting> matching(PendingQuery query) {
        return seen -> seen.job().livePrompt(seen.at()).filter(action -> query.matches(seen.job(), action)).isPresent();
    }

    /** One user has few prompts, and no list in their order: they are read whole and put in order here. */
    private Uni<Page<Job>> pendingOf(UserId owner, Space space, PendingQuery query, @Nullable String cursor,
            int limit) {
        Entry after = cursor == null ? null : Lists.position(cursor);
        Comparator<Entry> order =
                query.order() == PendingQuery.Order.NEWEST ? Entry.ORDER.reversed() : Entry.ORDER;
        return dated(lists.page(keys.active(space, owner), false, null, Integer.MAX_VALUE, this::findAll,
                matching(query)).map(all -> {
                    List<Job> rest = all.items().stream()
                            .filter(job -> after == null || order.compare(place(job, query), after) > 0)
                            .sorted(Comparator.comparing(job -> place(job, query), order)).toList();
                    List<Job> items = rest.subList(0, Math.min(limit, rest.size()));
                    return new Page<>(items,
                            rest.size() > limit ? Lists.cursor(place(items.getLast(), query)) : null, all.at());
                }));
    }

    private static Entry place(Job job, PendingQuery query) {
        PendingAction action = job.prompt().orElseThrow();
        Instant at = query.order() == PendingQuery.Order.DEADLINE ? action.deadline() : action.createdAt();
        return new Entry(at.toEpochMilli(), Keys.name(job.key()));
    }

    /** An empty page knows no job that could tell the time. */
    private Uni<Page<Job>> dated(Uni<Page<Job>> page) {
        return page.chain(one -> one.at().equals(Instant.EPOCH)
                ? time().map(now -> new Page<>(one.items(), one.next(), now))
                : Uni.createFrom().item(one));
    }

    @Override
    public Multi<JobKey> opened() { return hearing.opened(); }

    @Override
    public Uni<Waiting> waiting() {
        return inEachBucket(bucket -> commands
                .run(Script.WAITING, bucket, Kindness.READS, List.of(keys.prompts(bucket)), List.of(""))
                .map(answer -> new Waiting(Long.parseLong(answer.get(1).toString()),
                        StoredJson.instant(answer.get(2).toString()))))
                .map(all -> new Waiting(all.stream().mapToLong(Waiting::prompts).sum(),
                        all.stream().map(Waiting::since).filter(Objects::nonNull).min(Comparator.naturalOrder())
                                .orElse(null)));
    }

    @Override
    public Uni<Map<JobStatus, Long>> count(Space space) {
        String[] words = java.util.Arrays.stream(JobStatus.values()).map(JobStatus::word).toArray(String[]::new);
        return inEachBucket(bucket -> commands.send(bucket, Kindness.READS, Command.HMGET,
                java.util.stream.Stream.concat(java.util.stream.Stream.of(keys.counts(bucket, space)),
                        java.util.Arrays.stream(words)).toArray(String[]::new)))
                .map(RedisJobStore::sums);
    }

    private static Map<JobStatus, Long> sums(List<@Nullable Response> counts) {
        Map<JobStatus, Long> sums = new EnumMap<>(JobStatus.class);
        List<JobStatus> statuses = List.of(JobStatus.values());
        for (Response one : counts) {
            for (int at = 0; one != null && at < statuses.size(); at++) {
                Response count = one.get(at);
                long number = count == null ? 0 : StoredJob.count(count.toString());
                if (number != 0) sums.merge(statuses.get(at), number, Long::sum);
            }
        }
        return sums;
    }

    private <T> Uni<List<T>> inEachBucket(java.util.function.IntFunction<Uni<T>> work) {
        return Uni.join().all(IntStream.range(0, keys.buckets()).mapToObj(work).toList()).andFailFast();
    }

    @Override
    public Uni<DueJobs> due(int limit) { return deadlines.due(limit); }

    /** Puts jobs where they belong in the lists, whoever failed to. Answers how many it looked at. */
    Uni<Integer> check(int limit) {
        return checks.run(limit);
    }
}

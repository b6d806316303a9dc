package dev.holdpoint.store.redis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.PendingAction;
import dev.holdpoint.job.Phase;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.job.StoreTrouble;
import dev.holdpoint.job.Transition;
import dev.holdpoint.job.Transition.Won;
import dev.holdpoint.store.redis.Lists.Shelf;
import dev.holdpoint.store.redis.wire.Commands;
import dev.holdpoint.store.redis.wire.Commands.Kindness;
import dev.holdpoint.store.redis.wire.Script;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Response;
import org.jspecify.annotations.Nullable;

/**
 * Ends prompts that nobody decided in time; those of a bucket together, since much of what a script costs it costs
 * once.
 */
final class DeadPrompts {
    /** While a script runs, everybody else waits. */
    private static final int MOST_OF_A_SCRIPT = 16;
    private static final int SCRIPTS_AT_ONCE = 8;

    private final Commands commands;
    private final Keys keys;
    private final RedisSettings settings;
    private final Lists lists;
    private final RedisOutbox outbox;
    private final Function<JobKey, Uni<@Nullable Sighting>> find;

    DeadPrompts(Commands commands, Keys keys, RedisSettings settings, Lists lists, RedisOutbox outbox,
            Function<JobKey, Uni<@Nullable Sighting>> find) {
        this.commands = commands;
        this.keys = keys;
        this.settings = settings;
        this.lists = lists;
        this.outbox = outbox;
        this.find = find;
    }

    /**
     * A prompt as somebody saw it.
     *
     * @param observed   null for one that can't be read
     * @param unreadable whether it can't be read here; a script may find it sound all the same, and then nobody else
     *                   would ever end it
     */
    private record Dead(JobKey job, long generation, @Nullable ActionId observed, boolean unreadable) {
        static Dead of(Sighting seen) {
            Job job = seen.job();
            return new Dead(job.key(), job.generation(), job.prompt().map(PendingAction::id).orElse(null),
                    isUnreadable(job));
        }

        static boolean isUnreadable(Job job) {
            return job.phase() instanceof Phase.Waiting waiting && waiting.action() == null;
        }
    }

    Uni<Transition> expire(JobKey job, long generation, @Nullable ActionId observed) {
        if (observed != null) return expire(new Dead(job, generation, observed, false));
        return find.apply(job).chain(seen -> expire(
                new Dead(job, generation, null, seen != null && Dead.isUnreadable(seen.job()))));
    }

    private Uni<Transition> expire(Dead one) {
        return together(keys.bucket(one.job()), List.of(one)).map(List::getFirst);
    }

    Multi<Transition> expire(List<Sighting> seen) {
        Map<Integer, List<Dead>> byBucket = seen.stream().map(Dead::of)
                .collect(groupingBy(one -> keys.bucket(one.job()), LinkedHashMap::new, toList()));
        List<Multi<Transition>> scripts = new ArrayList<>();
        byBucket.forEach((bucket, dead) -> {
            for (int from = 0; from < dead.size(); from += MOST_OF_A_SCRIPT) {
                scripts.add(despiteOne(bucket, dead.subList(from, Math.min(dead.size(), from + MOST_OF_A_SCRIPT))));
            }
        });
        return Multi.createFrom().iterable(scripts).onItem().transformToMulti(script -> script)
                .merge(SCRIPTS_AT_ONCE);
    }

    /** All at once; when something else wrote over one of them so that the script stops there, each by itself. */
    private Multi<Transition> despiteOne(int bucket, List<Dead> dead) {
        return together(bucket, dead).onItem().transformToMulti(outcomes -> Multi.createFrom().iterable(outcomes))
                .onFailure(failure -> dead.size() > 1 && !(failure instanceof StoreTrouble))
                .recoverWithMulti(() -> Multi.createFrom().iterable(dead)
                        .onItem().transformToUni(one -> expire(one)).collectFailures().concatenate());
    }

    private Uni<List<Transition>> together(int bucket, List<Dead> dead) {
        List<String> arguments = new ArrayList<>(4 * dead.size());
        for (Dead one : dead) {
            arguments.add(Keys.name(one.job()));
            arguments.add(Long.toString(one.generation()));
            arguments.add(one.observed() == null ? "" : one.observed().value());
            arguments.add(one.unreadable() ? "1" : "");
        }
        return commands.run(Script.EXPIRE_DEAD, bucket, Kindness.ONCE, keys.ofBucket(bucket),
                settings.argumentsOfMove("", arguments.toArray(String[]::new)))
                .map(answer -> outcomes(dead, answer.get(1)))
                .call(outcomes -> settle(bucket, outcomes.stream().filter(Won.class::isInstance)
                        .map(won -> ((Won) won).job()).toList()));
    }

    private static List<Transition> outcomes(List<Dead> dead, Response answers) {
        List<Transition> outcomes = new ArrayList<>(dead.size());
        for (Dead one : dead) {
            outcomes.add(Answers.transition(one.job(), Script.EXPIRE_DEAD, answers.get(outcomes.size())));
        }
        return outcomes;
    }

    private Uni<Void> settle(int bucket, List<Job> ended) {
        if (ended.isEmpty()) return Uni.createFrom().voidItem();
        outbox.notice(bucket);
        return lists.trySettle(ended, Shelf.ALL);
    }
}

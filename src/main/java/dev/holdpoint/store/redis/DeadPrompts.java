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
    private static final int MOST_OF_A_SCRIPT = 8;
    private static final int SCRIPTS_AT_ONCE = 16;
    private static final int LISTED_AT_ONCE = 64;
    private static final String FAILED = "failed";

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
        return run(new Together(keys.bucket(one.job()), List.of(one))).call(this::settle).map(Outcomes::only);
    }

    Multi<Transition> expire(List<Sighting> seen) {
        return Multi.createFrom().deferred(() -> {
            List<String> failures = new ArrayList<>();
            return Multi.createFrom().iterable(together(seen))
                    .onItem().transformToUni(this::run).merge(SCRIPTS_AT_ONCE)
                    // Apart from the scripts, which else would wait for lists that lie elsewhere.
                    .onItem().transformToUni(one -> settle(one).replaceWith(one)).merge(LISTED_AT_ONCE)
                    .invoke(one -> failures.addAll(one.failures()))
                    .onItem().transformToIterable(Outcomes::transitions)
                    .onCompletion().switchTo(() -> failures.isEmpty() ? Multi.createFrom().empty()
                            : Multi.createFrom().failure(cannotEnd(failures)));
        });
    }

    private static RuntimeException cannotEnd(List<String> failures) {
        return new IllegalStateException("%d prompts can't be ended, such as that of %s".formatted(failures.size(),
                failures.getFirst()));
    }

    private record Together(int bucket, List<Dead> dead) {}

    private List<Together> together(List<Sighting> seen) {
        Map<Integer, List<Dead>> byBucket = seen.stream().map(Dead::of)
                .collect(groupingBy(one -> keys.bucket(one.job()), LinkedHashMap::new, toList()));
        List<Together> scripts = new ArrayList<>();
        byBucket.forEach((bucket, dead) -> {
            for (int from = 0; from < dead.size(); from += MOST_OF_A_SCRIPT) {
                scripts.add(new Together(bucket,
                        dead.subList(from, Math.min(dead.size(), from + MOST_OF_A_SCRIPT))));
            }
        });
        return scripts;
    }

    /** @param failures of those that something else wrote over, so that they can't be ended */
    private record Outcomes(int bucket, List<Transition> transitions, List<String> failures) {
        Transition only() {
            if (!failures.isEmpty()) throw cannotEnd(failures);
            return transitions.getFirst();
        }
    }

    private Uni<Outcomes> run(Together script) {
        List<String> arguments = new ArrayList<>(4 * script.dead().size());
        for (Dead one : script.dead()) {
            arguments.add(Keys.name(one.job()));
            arguments.add(Long.toString(one.generation()));
            arguments.add(one.observed() == null ? "" : one.observed().value());
            arguments.add(one.unreadable() ? "1" : "");
        }
        return commands.run(Script.EXPIRE_DEAD, script.bucket(), Kindness.ONCE, keys.ofBucket(script.bucket()),
                settings.argumentsOfMove("", arguments.toArray(String[]::new)))
                .map(answer -> outcomes(script, answer.get(1)));
    }

    private static Outcomes outcomes(Together script, Response answers) {
        Outcomes outcomes = new Outcomes(script.bucket(), new ArrayList<>(), new ArrayList<>());
        for (int at = 0; at < script.dead().size(); at++) {
            JobKey job = script.dead().get(at).job();
            Response answer = answers.get(at);
            if (answer.get(0).toString().equals(FAILED)) {
                outcomes.failures().add(job.id().value() + ": " + answer.get(1));
            } else {
                outcomes.transitions().add(Answers.transition(job, Script.EXPIRE_DEAD, answer));
            }
        }
        return outcomes;
    }

    private Uni<Void> settle(Outcomes outcomes) {
        List<Job> ended = outcomes.transitions().stream().filter(Won.class::isInstance).map(won -> ((Won) won).job())
                .toList();
        if (ended.isEmpty()) return Uni.createFrom().voidItem();
        outbox.notice(outcomes.bucket());
        return lists.trySettle(ended, Shelf.ALL);
    }
}

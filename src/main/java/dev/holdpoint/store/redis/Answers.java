package dev.holdpoint.store.redis;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.ClosedAction;
import dev.holdpoint.job.ClosedAction.Outcome;
import dev.holdpoint.job.EventId;
import dev.holdpoint.job.InvalidName;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.JobStatus;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.Transition;
import dev.holdpoint.job.WorkerId;
import dev.holdpoint.store.redis.wire.Script;
import dev.holdpoint.text.Unreadable;
import io.vertx.redis.client.Response;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Reads what the scripts answer: a word, and what belongs to it. */
final class Answers {
    private static final Logger LOG = Logger.getLogger(Answers.class);

    private Answers() {}

    static Transition transition(JobKey job, Script script, Response answer) {
        String word = answer.get(0).toString();
        if (!script.answers().contains(word))
            throw new IllegalStateException(script.word() + ".lua must not answer " + word);
        return switch (word) {
            case "won" -> new Transition.Won(StoredJob.job(job, StoredJob.fields(answer, 2)), instant(answer.get(1)));
            case "no-such-job" -> new Transition.NoSuchJob();
            case "owned-by-another" -> new Transition.OwnedByAnother();
            case "job-active" -> new Transition.JobActive(number(answer));
            case "generation-mismatch" -> new Transition.GenerationMismatch(number(answer));
            case "generation-replaced" -> new Transition.GenerationReplaced(number(answer));
            case "execution-replaced" -> new Transition.ExecutionReplaced((int) number(answer));
            case "not-claimed" -> new Transition.NotClaimed();
            case "not-running" -> new Transition.NotRunning(status(answer));
            case "already-paused" -> new Transition.AlreadyPaused(action(answer, 1));
            case "already-settled" -> new Transition.AlreadySettled(status(answer));
            case "sequence-mismatch" -> new Transition.SequenceMismatch(
                    new EventId(number(answer), Long.parseLong(answer.get(2).toString())));
            case "log-full" -> new Transition.LogFull();
            case "deadline-passed" -> new Transition.DeadlinePassed();
            case "rules-changed" -> new Transition.RulesChanged(number(answer));
            case "action-id-reused" -> new Transition.ActionIdReused(new ActionId(answer.get(1).toString()));
            case "not-waiting" -> new Transition.NotWaiting(status(answer));
            case "prompt-dead" -> new Transition.PromptDead(number(answer), action(answer, 2));
            case "stale-action" -> new Transition.StaleAction(new ActionId(answer.get(1).toString()));
            case "already-decided" -> decided(job, answer);
            case "action-closed" ->
                    new Transition.ActionClosed(Outcome.valueOf(answer.get(1).toString().toUpperCase(Locale.ROOT)));
            case "still-undecided" -> new Transition.StillUndecided();
            case "already-claimed" -> new Transition.AlreadyClaimed(worker(answer.get(1).toString()));
            case "no-such-action" -> new Transition.NoSuchAction();
            case "not-due" -> new Transition.NotDue();
            default -> throw new IllegalStateException("no outcome is called " + word);
        };
    }

    /** Who won may have become unreadable; then nobody can decide, and the job is there only to be ended. */
    private static Transition decided(JobKey job, Response answer) {
        try {
            ClosedAction closed =
                    StoredJob.closed(job, StoredJob.user(answer.get(2).toString()), answer.get(3).toString());
            Resolution winner = closed.resolution();
            if (winner != null) return new Transition.AlreadyDecided(winner);
        } catch (Unreadable | IllegalArgumentException | DateTimeException broken) {
            LOG.warnf(broken, "A decision of %s can't be read.", job.id().value());
        }
        return new Transition.PromptDead(number(answer), null);
    }

    private static @Nullable WorkerId worker(String worker) {
        try {
            return worker.isEmpty() ? null : new WorkerId(worker);
        } catch (InvalidName strange) {
            return null;
        }
    }

    private static long number(Response answer) { return Long.parseLong(answer.get(1).toString()); }

    private static @Nullable ActionId action(Response answer, int at) {
        String action = answer.get(at).toString();
        return action.isEmpty() ? null : new ActionId(action);
    }

    private static JobStatus status(Response answer) {
        return JobStatus.valueOf(answer.get(1).toString().toUpperCase(Locale.ROOT));
    }

    static Instant instant(Response millis) { return Instant.ofEpochMilli(Long.parseLong(millis.toString())); }

    /** From one instant of an answer until another, which is empty when there is none. */
    static @Nullable Duration until(Response now, Response then) {
        return then.toString().isEmpty() ? null : Duration.between(instant(now), instant(then));
    }
}

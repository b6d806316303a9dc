package dev.holdpoint.approval;

import java.time.Instant;
import java.util.List;

import dev.holdpoint.job.Job;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.ToolCallId;
import dev.holdpoint.job.Transition;
import dev.holdpoint.policy.Remembered;

/** What became of a submission. Nothing is consumed by a refusal. */
public sealed interface Decided {
    /**
     * @param job        the job now; the resolution may be older when somebody repeats what they had sent
     * @param remembered what became of each approval that was to be remembered
     */
    record Accepted(Resolution resolution, Job job, Instant at, List<Remembered> remembered) implements Decided {
        public Accepted {
            remembered = List.copyOf(remembered);
        }
    }

    sealed interface Refused extends Decided {}

    record Undecided(List<ToolCallId> calls) implements Refused {}

    record NotAllowed(List<ToolCallId> calls) implements Refused {}

    /** Neither prompt nor policy lets these approvals be remembered. */
    record ScopeNotOffered(List<ToolCallId> calls) implements Refused {}

    record Duplicate(List<ToolCallId> calls) implements Refused {}

    /** The arguments that the person saw are not the ones that would run. */
    record ArgumentsChanged(List<ToolCallId> calls) implements Refused {}

    /** At least one fault. */
    record Invalid(List<Fault> faults) implements Refused {}

    /**
     * What is wrong with one decision.
     *
     * @param path JSON Pointer into the edited arguments; empty for the decision as a whole
     */
    record Fault(ToolCallId call, String path, String message) {}

    /** The policy denies what these edits would run. */
    record EditDenied(List<ToolCallId> calls) implements Refused {}

    /**
     * @param questions ids of the questions that lack an answer, and of answers that no question asks for; empty when
     *                  there is but one question
     */
    record InvalidAnswers(List<String> questions) implements Refused {}

    record Lost(Transition.Lost why) implements Refused {}
}

package dev.holdpoint.approval;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.Fence;
import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.Interrupt.ActionRequest;
import dev.holdpoint.job.Interrupt.Review;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.JudgedCall;
import dev.holdpoint.job.Judgement;
import dev.holdpoint.job.NewPause;
import dev.holdpoint.job.NewPause.Deadline;
import dev.holdpoint.job.PendingAction;
import dev.holdpoint.job.References;
import dev.holdpoint.job.StoreTrouble;
import dev.holdpoint.job.ToolCallId;
import dev.holdpoint.job.Transition;
import dev.holdpoint.policy.Ground;
import dev.holdpoint.policy.Grounds;
import dev.holdpoint.policy.InForce;
import dev.holdpoint.policy.Policies;
import dev.holdpoint.policy.Ruling;
import dev.holdpoint.policy.Ruling.Verdict;
import dev.holdpoint.policy.ToolCall;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/**
 * Tells a worker in one answer which of its calls may run, which may not, and which wait for a person. What is told
 * holds at the moment of one store step, in which the fence and the rules are still those that were judged by.
 */
public final class Gate {
    /** Each new attempt means that somebody changed the rules in between. */
    private static final int ATTEMPTS = 8;

    private final JobStore store;
    private final Policies policies;
    private final Masking masking;

    public Gate(JobStore store, Policies policies, Masking masking) {
        this.store = store;
        this.policies = policies;
        this.masking = masking;
    }

    /** How to pause, should somebody have to be asked. */
    public record IfAsked(ActionId action, Deadline deadline, References references, @Nullable Json resumeContext) {}

    public sealed interface Gated {
        /**
         * @param allowed may run now
         * @param denied  must not run
         * @param waiting the prompt that the rest waits on; null when there is none
         */
        record Answered(List<Ruling> allowed, List<Denied> denied, @Nullable PendingAction waiting, Job job, Instant at)
                implements Gated {}

        /** @param why a sentence for the worker's author */
        record Unfit(String why) implements Gated {}

        record Lost(Transition.Lost why) implements Gated {}
    }

    /** @param reason what to tell the agent */
    public record Denied(Ruling ruling, String reason) {}

    public Uni<Gated> pass(JobKey job, Fence fence, RequestedPrompt.Approval calls, IfAsked ifAsked) {
        return Prompts.read(calls).chain(reading -> switch (reading) {
            case Prompts.Reading.Unfit unfit -> Uni.createFrom().item(new Gated.Unfit(unfit.why()));
            case Prompts.Reading.Prompt fit -> pass(new Asked(job, fence,
                    ((Interrupt.ToolApproval) fit.payload()).requests(), ifAsked));
        });
    }

    /** Tool calls that are to be judged, or why they can't be. */
    public sealed interface Calls {
        record Fit(List<ToolCall> calls) implements Calls {}

        record Unfit(String why) implements Calls {}
    }

    /** Reads calls as {@link #pass} does, without doing anything about them. */
    public static Uni<Calls> read(RequestedPrompt.Approval calls) {
        return Prompts.read(calls).map(reading -> switch (reading) {
            case Prompts.Reading.Unfit unfit -> new Calls.Unfit(unfit.why());
            case Prompts.Reading.Prompt fit -> new Calls.Fit(
                    ((Interrupt.ToolApproval) fit.payload()).requests().stream().map(Gate::toolCall).toList());
        });
    }

    private record Asked(JobKey job, Fence fence, List<ActionRequest> calls, IfAsked ifAsked) {}

    private Uni<Gated> pass(Asked asked) {
        return store.find(asked.job()).chain(seen -> seen == null
                ? Uni.createFrom().item(new Gated.Lost(new Transition.NoSuchJob()))
                : attempt(asked, seen.job(), ATTEMPTS));
    }

    private Uni<Gated> attempt(Asked asked, Job job, int left) {
        if (left == 0) {
            return Uni.createFrom().failure(new StoreTrouble(StoreTrouble.Kind.OVERLOADED,
                    "the rules change faster than calls can be judged", null));
        }
        List<ToolCall> calls = asked.calls().stream().map(Gate::toolCall).toList();
        return policies.inForce(job.key().space()).chain(rules -> policies
                .judge(rules, job.key().space(), job.details().owner(), job.details().conversation(), calls)
                .chain(rulings -> move(asked, rules, rulings).chain(outcome -> switch (outcome) {
                    case Transition.Won won -> policies
                            .used(job.key().space(), job.details().owner(), rulings)
                            .replaceWith(answered(asked, rulings, won));
                    case Transition.RulesChanged changed -> policies.catchUp(job.key().space(), changed)
                            .chain(() -> attempt(asked, job, left - 1));
                    case Transition.Lost lost -> Uni.createFrom().item(new Gated.Lost(lost));
                })));
    }

    private static ToolCall toolCall(ActionRequest request) {
        return new ToolCall(request.toolCallId(), request.name(), request.arguments(), request.description(),
                request.aliases());
    }

    private Uni<Transition> move(Asked asked, InForce rules, List<Ruling> rulings) {
        Map<ToolCallId, Ruling> wanted = new HashMap<>();
        rulings.stream().filter(ruling -> ruling.verdict() == Verdict.ASK)
                .forEach(ruling -> wanted.put(ruling.call().id(), ruling));
        Judgement judgement =
                new Judgement(rules.revision(), rulings.stream().map(this::judged).toList());
        if (!wanted.isEmpty()) return pause(asked, rules, wanted, judgement);
        return store.pass(asked.job(), asked.fence(), judgement)
                // The prompt of this very call, made when the rules still wanted one:
                // it is found as any repeated pause is.
                .chain(outcome -> outcome instanceof Transition.AlreadyPaused paused
                        && asked.ifAsked().action().equals(paused.current())
                                ? pause(asked, rules, wanted, judgement)
                                : Uni.createFrom().item(outcome));
    }

    private Uni<Transition> pause(Asked asked, InForce rules, Map<ToolCallId, Ruling> wanted, Judgement judgement) {
        List<ActionRequest> requests = asked.calls().stream()
                .filter(call -> wanted.isEmpty() || wanted.containsKey(call.toolCallId()))
                .map(call -> put(masking.request(call), rules, wanted.get(call.toolCallId()))).toList();
        IfAsked how = asked.ifAsked();
        NewPause pause = new NewPause(how.action(), new Interrupt.ToolApproval(requests), how.deadline(),
                how.references(), how.resumeContext(), rules.version());
        return store.pause(asked.job(), asked.fence(), pause, judgement);
    }

    /** The call as a person gets to see it: with the policy's reason, and whether an approval could be remembered. */
    private static ActionRequest put(ActionRequest call, InForce rules, @Nullable Ruling ruling) {
        Review review = call.review();
        boolean offered = rules.judge().offersMemory(call.name(), call.aliases(), review.allowAlways());
        return new ActionRequest(call.toolCallId(), call.name(), call.arguments(), call.argumentsDigest(),
                call.description(),
                new Review(review.actionName(), review.allowed(), review.argsSchema(), offered), call.aliases(),
                ruling == null ? null : ruling.reason());
    }

    private JudgedCall judged(Ruling ruling) {
        ToolCall call = ruling.call();
        return new JudgedCall(call.id(), call.name(), call.aliases(), masking.arguments(call.arguments()),
                ruling.verdict().word(),
                ruling.reason(), Grounds.json(ruling.ground()),
                ruling.ground() instanceof Ground.ByGrant by ? by.grant().value() : null, ruling.policyVersion());
    }

    /**
     * A repeated call finds the prompt that it made before, and the rules of today:
     * what is in neither of them doesn't run.
     */
    private static Gated answered(Asked asked, List<Ruling> rulings, Transition.Won won) {
        PendingAction waiting = won.job().prompt().orElse(null);
        Set<ToolCallId> put = new HashSet<>();
        if (waiting != null && waiting.payload() instanceof Interrupt.ToolApproval approval) {
            // The approval of one call must not let another run that came under its id.
            if (asked.calls().stream()
                    .anyMatch(call -> approval.requests().stream().anyMatch(shown -> differs(call, shown))))
                return new Gated.Lost(new Transition.ActionIdReused(waiting.id()));
            approval.requests().forEach(request -> put.add(request.toolCallId()));
        }
        List<Ruling> rest = rulings.stream().filter(ruling -> !put.contains(ruling.call().id())).toList();
        return new Gated.Answered(rest.stream().filter(ruling -> ruling.verdict() == Verdict.ALLOW).toList(),
                rest.stream().filter(ruling -> ruling.verdict() != Verdict.ALLOW).map(Gate::denied).toList(),
                waiting, won.job(), won.at());
    }

    private static boolean differs(ActionRequest call, ActionRequest shown) {
        return call.toolCallId().equals(shown.toolCallId())
                && !(call.name().equals(shown.name()) && call.argumentsDigest().equals(shown.argumentsDigest()));
    }

    private static Denied denied(Ruling ruling) {
        if (ruling.verdict() == Verdict.ASK)
            return new Denied(ruling, "The job waits on a prompt without this call. Ask for it once the job goes on.");
        return new Denied(ruling,
                ruling.reason() == null ? "The policy denies " + ruling.call().name() + "." : ruling.reason());
    }
}

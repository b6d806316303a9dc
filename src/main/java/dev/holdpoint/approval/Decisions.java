package dev.holdpoint.approval;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

import dev.holdpoint.approval.Decided.Fault;
import dev.holdpoint.approval.Proposal.ProposedDecision;
import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.ClosedAction;
import dev.holdpoint.job.DecidedBy;
import dev.holdpoint.job.Decision;
import dev.holdpoint.job.Decision.Scope;
import dev.holdpoint.job.DecisionKind;
import dev.holdpoint.job.Ids;
import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.Interrupt.ActionRequest;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobMoves;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.NewResolution;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.ResolutionId;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.job.StoreTrouble;
import dev.holdpoint.job.StoreTrouble.Kind;
import dev.holdpoint.job.Submission;
import dev.holdpoint.job.ToolCallId;
import dev.holdpoint.job.Transition;
import dev.holdpoint.policy.InForce;
import dev.holdpoint.policy.Policies;
import dev.holdpoint.policy.Ruling;
import dev.holdpoint.policy.ToolCall;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/**
 * Lets exactly one submission through. The order of the checks is part of the contract: a
 * client learns the first thing that is wrong.
 */
public final class Decisions {
    private static final int LONGEST_ANSWER = 16_000;
    /** Each new attempt means that somebody changed the rules in between. */
    private static final int ATTEMPTS = 8;

    private final JobStore store;
    private final Ids ids;
    private final Policies policies;
    private final Masking masking;

    public Decisions(JobStore store, Ids ids, Policies policies, Masking masking) {
        this.store = store;
        this.ids = ids;
        this.policies = policies;
        this.masking = masking;
    }

    /**
     * @param seen       the job as the caller's right to decide was judged by
     * @param generation the one whose prompt is meant, since an action id may come back in a later one; empty for
     *                   whichever is there
     */
    public Uni<Decided> decide(Sighting seen, OptionalLong generation, ActionId action, Proposal proposal,
            DecidedBy by) {
        return outcome(seen, generation.orElse(seen.job().generation()), action, proposal, by).map(this::masked);
    }

    private Decided masked(Decided outcome) {
        return switch (outcome) {
            case Decided.Accepted accepted -> new Decided.Accepted(masking.resolution(accepted.resolution()),
                    accepted.job(), accepted.at(), accepted.remembered());
            case Decided.Lost(Transition.AlreadyDecided(Resolution winner)) ->
                    new Decided.Lost(new Transition.AlreadyDecided(masking.resolution(winner)));
            case Decided.Refused refused -> refused;
        };
    }

    private Uni<Decided> outcome(Sighting seen, long generation, ActionId action, Proposal proposal, DecidedBy by) {
        long current = seen.job().generation();
        if (generation > current) return lose(seen.job(), new Transition.GenerationMismatch(current));
        if (generation == current && waits(seen.job(), action))
            return decideOn(seen, action, proposal, by, ATTEMPTS);
        return store.recall(seen.job().key()).chain(all -> {
            if (all == null) return lose(seen.job(), new Transition.NoSuchJob());
            return generation == all.job().generation()
                    ? decideOn(all, action, proposal, by, ATTEMPTS)
                    : replaced(seen, generation, all.job(), action, proposal, by);
        });
    }

    /** Nobody has judged yet whether the caller may decide for what took the job's place: only its memory counts. */
    private Uni<Decided> replaced(Sighting seen, long generation, Job successor, ActionId action, Proposal proposal,
            DecidedBy by) {
        Optional<ClosedAction> closed = successor.closed(generation, action);
        Optional<Resolution> made = closed.map(ClosedAction::resolution);
        if (made.isEmpty())
            return lose(seen.job(), new Transition.ActionClosed(
                    closed.map(ClosedAction::outcome).orElse(ClosedAction.Outcome.REPLACED)));
        // Where the id has come back and was decided again, that it is safe says so of what was before it.
        return decidedBefore(seen, action)
                .map(newest -> told(seen, newest.generation() == generation ? newest : made.get(), proposal, by));
    }

    private static boolean waits(Job job, ActionId action) {
        return job.prompt().filter(open -> open.id().equals(action)).isPresent();
    }

    private Uni<Decided> decideOn(Sighting seen, ActionId action, Proposal proposal, DecidedBy by, int left) {
        Job job = seen.job();
        // An action id may come back in a later generation: what waits under it now
        // is another prompt than the one decided.
        boolean own =
                !waits(job, action)
                        && job.closed(action).map(ClosedAction::resolution).filter(sameBy(by, proposal)).isPresent();
        Optional<Transition.Lost> lost = JobMoves.undecidable(job, action, seen.at());
        if (own || lost.isPresent() && lost.get() instanceof Transition.AlreadyDecided)
            return decidedBefore(seen, action).map(winner -> told(seen, winner, proposal, by));
        if (lost.isPresent()) return lose(job, lost.get());
        Interrupt payload = job.prompt().orElseThrow().payload();
        return rules(job, proposal).chain(rules -> {
            Uni<Optional<Decided>> fault = Uni.createFrom().item(() -> faultOf(payload, proposal, rules));
            return (hasSchema(payload) ? ArgumentsSchema.aside(fault) : fault)
                    .map(found -> found.or(() -> stillMasked(payload, proposal)))
                    .chain(found -> found.isPresent() ? Uni.createFrom().item(found.get())
                            : submit(seen, action, proposal, by, rules, left));
        });
    }

    /** Whoever edits what was shown to him masked must not send the mask to the tool in the secret's place. */
    private Optional<Decided> stillMasked(Interrupt payload, Proposal proposal) {
        if (!(payload instanceof Interrupt.ToolApproval approval)) return Optional.empty();
        Set<ToolCallId> masked = new HashSet<>(approval.requests().stream()
                .filter(request -> masking.hides(request.arguments())).map(ActionRequest::toolCallId).toList());
        List<Fault> faults = Optional.ofNullable(proposal.decisions()).orElse(List.of()).stream()
                .filter(decision -> decision.editedArguments() != null && masked.contains(decision.toolCallId())
                        && masking.hides(decision.editedArguments()))
                .map(decision -> new Fault(decision.toolCallId(), "",
                        "editedArguments hold the mask where a hidden value was shown; write the value itself"))
                .toList();
        return faults.isEmpty() ? Optional.empty() : Optional.of(new Decided.Invalid(faults));
    }

    /** Only what is edited or to be remembered rests on rules: a plain answer needs none. */
    private Uni<Optional<InForce>> rules(Job job, Proposal proposal) {
        boolean needed = Optional.ofNullable(proposal.decisions()).orElse(List.of()).stream()
                .anyMatch(decision -> decision.kind() == DecisionKind.EDIT || decision.scope() != Scope.ONCE);
        return needed ? policies.inForce(job.key().space()).map(Optional::of)
                : Uni.createFrom().item(Optional.empty());
    }

    /** Only the store may name a winner: what was merely seen may not be safe yet. */
    private Uni<Resolution> decidedBefore(Sighting seen, ActionId action) {
        return store.resolution(seen.job().key(), action).onItem().ifNull()
                .failWith(() -> new StoreTrouble(Kind.OUTCOME_UNKNOWN, "a decision that was seen is gone", null));
    }

    private static Decided told(Sighting seen, Resolution winner, Proposal proposal, DecidedBy by) {
        return sameBy(by, proposal).test(winner)
                ? repeated(winner, seen.job(), seen.at())
                : new Decided.Lost(new Transition.AlreadyDecided(winner));
    }

    private static boolean hasSchema(Interrupt payload) {
        return payload instanceof Interrupt.ToolApproval approval
                && approval.requests().stream().anyMatch(request -> request.review().argsSchema() != null);
    }

    /** The atomic claim. Only what was checked against this very prompt may come here. */
    private Uni<Decided> submit(Sighting seen, ActionId action, Proposal proposal, DecidedBy by,
            Optional<InForce> rules, int left) {
        Job job = seen.job();
        OptionalLong judgedBy = rules.map(one -> OptionalLong.of(one.revision())).orElseGet(OptionalLong::empty);
        NewResolution wanted = new NewResolution(new ResolutionId(ids.next()), job.generation(), action, by,
                submission(proposal), judgedBy);
        return store.resolve(job.key(), wanted).chain(outcome -> switch (outcome) {
            case Transition.Won won -> accepted(won.job().continuation().orElseThrow().resolution(), won);
            // This very call won, and its link broke before it could be told.
            case Transition.AlreadyDecided decided when decided.winner().id().equals(wanted.id()) ->
                    policies.remember(decided.winner()).map(remembered -> new Decided.Accepted(decided.winner(), job,
                            decided.winner().decidedAt(), remembered));
            case Transition.AlreadyDecided decided when sameBy(by, proposal).test(decided.winner()) ->
                    Uni.createFrom().item(repeated(decided.winner(), job, decided.winner().decidedAt()));
            // A retry can come so late that the job waits for another action by now, though this one was decided by it.
            case Transition.StaleAction stale -> store.resolution(job.key(), action).chain(
                    winner -> winner != null && winner.generation() == job.generation()
                            && sameBy(by, proposal).test(winner)
                                    ? Uni.createFrom().item(repeated(winner, job, winner.decidedAt()))
                                    : lose(job, stale));
            case Transition.RulesChanged changed when left > 0 -> policies.catchUp(job.key().space(), changed)
                    .chain(() -> decideOn(seen, action, proposal, by, left - 1));
            case Transition.RulesChanged changed -> Uni.createFrom().failure(new StoreTrouble(Kind.OVERLOADED,
                    "the rules change faster than an edit can be judged", null));
            case Transition.Lost lost -> lose(job, lost);
        });
    }

    private Uni<Decided> accepted(Resolution resolution, Transition.Won won) {
        return policies.remember(resolution)
                .map(remembered -> new Decided.Accepted(resolution, won.job(), won.at(), remembered));
    }

    private static Decided repeated(Resolution resolution, Job job, Instant at) {
        return new Decided.Accepted(resolution, job, at, Policies.decidedBefore(resolution));
    }

    /** Whoever finds the prompt dead expires it, by the id that was seen. */
    private Uni<Decided> lose(Job job, Transition.Lost why) {
        Uni<Decided> lost = Uni.createFrom().item(new Decided.Lost(why));
        return why instanceof Transition.PromptDead dead
                ? store.expireDead(job.key(), dead.generation(), dead.observed()).chain(expired -> lost)
                : lost;
    }

    private static Optional<Decided> faultOf(Interrupt payload, Proposal proposal, Optional<InForce> rules) {
        return switch (payload) {
            case Interrupt.ToolApproval approval -> faultOf(approval, proposal, rules);
            case Interrupt.AskUserQuestion ask -> faultOf(ask, proposal);
        };
    }

    private static Optional<Decided> faultOf(Interrupt.ToolApproval approval, Proposal proposal,
            Optional<InForce> rules) {
        List<ProposedDecision> decisions = Optional.ofNullable(proposal.decisions()).orElse(List.of());
        Map<ToolCallId, ActionRequest> requests = new LinkedHashMap<>();
        approval.requests().forEach(request -> requests.put(request.toolCallId(), request));
        Set<ToolCallId> decided = new HashSet<>(decisions.stream().map(ProposedDecision::toolCallId).toList());

        List<ToolCallId> undecided = requests.keySet().stream().filter(id -> !decided.contains(id)).toList();
        if (!undecided.isEmpty()) return Optional.of(new Decided.Undecided(undecided));

        List<ToolCallId> notAllowed =
                which(decisions, decision -> !allowed(requests.get(decision.toolCallId()), decision));
        if (!notAllowed.isEmpty()) return Optional.of(new Decided.NotAllowed(notAllowed));
        List<ToolCallId> remembered = which(decisions,
                decision -> decision.scope() != Scope.ONCE && !isOffered(requests, decision, rules));
        if (!remembered.isEmpty()) return Optional.of(new Decided.ScopeNotOffered(remembered));

        Set<ToolCallId> seen = new HashSet<>();
        List<ToolCallId> twice = which(decisions, decision -> !seen.add(decision.toolCallId()));
        if (!twice.isEmpty()) return Optional.of(new Decided.Duplicate(twice));

        List<ToolCallId> changed =
                which(decisions, decision -> sawOther(requests.get(decision.toolCallId()), decision));
        if (!changed.isEmpty()) return Optional.of(new Decided.ArgumentsChanged(changed));
        return contentFault(requests, decisions).or(() -> deniedEdits(requests, decisions, rules));
    }

    private static boolean isOffered(Map<ToolCallId, ActionRequest> requests, ProposedDecision decision,
            Optional<InForce> rules) {
        ActionRequest request = requests.get(decision.toolCallId());
        return request != null && decision.kind() == DecisionKind.APPROVE && rules
                .filter(one -> one.judge().offersMemory(request.name(), request.aliases(),
                        request.review().allowAlways()))
                .isPresent();
    }

    /** An edit must not be a way around the policy; that a person be asked it demands no more. */
    private static Optional<Decided> deniedEdits(Map<ToolCallId, ActionRequest> requests,
            List<ProposedDecision> decisions, Optional<InForce> rules) {
        List<ToolCallId> denied = which(decisions, decision -> decision.editedArguments() != null && rules
                .filter(one -> isDenied(one, edited(requests.get(decision.toolCallId()), decision)))
                .isPresent());
        return denied.isEmpty() ? Optional.empty() : Optional.of(new Decided.EditDenied(denied));
    }

    private static boolean isDenied(InForce rules, ToolCall edited) {
        return rules.judge().judge(edited, Map.of()).verdict() == Ruling.Verdict.DENY;
    }

    private static ToolCall edited(@Nullable ActionRequest request, ProposedDecision decision) {
        if (request == null) throw new IllegalStateException("a decision on an unknown call was let through");
        return new ToolCall(request.toolCallId(), request.name(),
                Optional.ofNullable(decision.editedArguments()).orElse(Json.EMPTY_OBJECT), null, request.aliases());
    }

    private static boolean allowed(@Nullable ActionRequest request, ProposedDecision decision) {
        return request != null && request.review().allowed().contains(decision.kind());
    }

    private static boolean sawOther(@Nullable ActionRequest request, ProposedDecision decision) {
        return decision.argumentsDigest() != null
                && (request == null || !decision.argumentsDigest().equals(request.argumentsDigest()));
    }

    private static Optional<Decided> contentFault(Map<ToolCallId, ActionRequest> requests,
            List<ProposedDecision> decisions) {
        List<Fault> faults = decisions.stream()
                .flatMap(decision -> faultsOf(requests.get(decision.toolCallId()), decision)).toList();
        return faults.isEmpty() ? Optional.empty() : Optional.of(new Decided.Invalid(faults));
    }

    /**
     * A member that doesn't belong to the kind is refused: somebody who sends edited
     * arguments didn't mean the original ones.
     */
    private static Stream<Fault> faultsOf(@Nullable ActionRequest request, ProposedDecision decision) {
        boolean edit = decision.kind() == DecisionKind.EDIT;
        boolean respond = decision.kind() == DecisionKind.RESPOND;
        String text = decision.responseText();
        List<String> faults = new ArrayList<>();
        if (!edit && decision.editedArguments() != null) faults.add("editedArguments belong to an edit only");
        if (!respond && text != null) faults.add("responseText belongs to a response only");
        if (respond && (text == null || text.isBlank())) faults.add("responseText must not be empty");
        Stream<Fault> ofTheWhole = faults.stream().map(fault -> new Fault(decision.toolCallId(), "", fault));
        return edit ? Stream.concat(ofTheWhole, editFaults(request, decision)) : ofTheWhole;
    }

    private static Stream<Fault> editFaults(@Nullable ActionRequest request, ProposedDecision decision) {
        ToolCallId id = decision.toolCallId();
        Json edited = decision.editedArguments();
        if (edited == null || !edited.isObject())
            return Stream.of(new Fault(id, "", "editedArguments must be a JSON object"));
        if (ArgumentsDigest.of(edited).isEmpty())
            return Stream.of(new Fault(id, "", "editedArguments have no canonical (RFC 8785) form"));
        Json schema = request == null ? null : request.review().argsSchema();
        return schema == null
                ? Stream.empty()
                : ArgumentsSchema.violations(schema, edited).stream()
                        .map(one -> new Fault(id, one.path(), one.message()));
    }

    private static Optional<Decided> faultOf(Interrupt.AskUserQuestion ask, Proposal proposal) {
        Map<String, String> answers = Optional.ofNullable(proposal.answers()).orElse(Map.of());
        if (!ask.batch()) return fits(proposal.answer()) ? Optional.empty()
                : Optional.of(new Decided.InvalidAnswers(List.copyOf(answers.keySet())));
        Set<String> asked =
                new LinkedHashSet<>(ask.questions().stream().map(question -> String.valueOf(question.id())).toList());
        Set<String> wrong = new LinkedHashSet<>(asked.stream().filter(id -> !fits(answers.get(id))).toList());
        answers.keySet().stream().filter(id -> !asked.contains(id)).forEach(wrong::add);
        return wrong.isEmpty() ? Optional.empty() : Optional.of(new Decided.InvalidAnswers(List.copyOf(wrong)));
    }

    private static boolean fits(@Nullable String answer) {
        return answer != null && !answer.isBlank() && answer.codePointCount(0, answer.length()) <= LONGEST_ANSWER;
    }

    private static List<ToolCallId> which(List<ProposedDecision> decisions, Predicate<ProposedDecision> wanted) {
        return decisions.stream().filter(wanted).map(ProposedDecision::toolCallId).distinct().toList();
    }

    private static Predicate<@Nullable Resolution> sameBy(DecidedBy by, Proposal proposal) {
        return resolution -> resolution != null && resolution.decidedBy().subject().equals(by.subject())
                && same(resolution.submission(), submission(proposal));
    }

    private static boolean same(Submission one, Submission other) {
        return one instanceof Submission.Decisions these && other instanceof Submission.Decisions those
                ? these.decisions().size() == those.decisions().size()
                        && Set.copyOf(these.decisions()).equals(Set.copyOf(those.decisions()))
                : one.equals(other);
    }

    private static Submission submission(Proposal proposal) {
        if (proposal.answers() != null) return new Submission.Answers(proposal.answers());
        if (proposal.answer() != null) return new Submission.Answer(proposal.answer());
        return new Submission.Decisions(
                Optional.ofNullable(proposal.decisions()).orElse(List.of()).stream().map(Decisions::decision).toList());
    }

    private static Decision decision(ProposedDecision proposed) {
        Decision.Verdict verdict = switch (proposed.kind()) {
            case APPROVE -> new Decision.Approve(proposed.scope());
            case REJECT -> new Decision.Reject();
            case EDIT -> edit(proposed);
            case RESPOND -> new Decision.Respond(Optional.ofNullable(proposed.responseText()).orElse(""));
        };
        return new Decision(proposed.toolCallId(), verdict, proposed.reason(), proposed.argumentsDigest());
    }

    private static Decision.Edit edit(ProposedDecision proposed) {
        Json edited = Optional.ofNullable(proposed.editedArguments()).orElse(Json.NULL);
        return new Decision.Edit(edited, edited.isObject() ? ArgumentsDigest.of(edited).orElse("") : "");
    }
}

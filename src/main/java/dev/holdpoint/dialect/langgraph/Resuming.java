package dev.holdpoint.dialect.langgraph;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.access.Duties;
import dev.holdpoint.approval.Decided;
import dev.holdpoint.approval.Proposal;
import dev.holdpoint.approval.Proposal.ProposedDecision;
import dev.holdpoint.door.Calls.Repeat;
import dev.holdpoint.door.CurrentCall;
import dev.holdpoint.door.Deciding;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.JobAccess;
import dev.holdpoint.door.json.BadJson;
import dev.holdpoint.door.json.StrictJson;
import dev.holdpoint.door.problem.Limits;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.door.problem.Refused;
import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.ClosedAction;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.PendingAction;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.Sighting;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Finds the prompt that a client resumes, and decides it as on every other route. */
@Singleton
class Resuming {
    private static final Proposal NOTHING = new Proposal(null, null, null);
    /** Stands in for the action where nothing waits and nothing was named. */
    private static final String UNNAMED = "unnamed";

    private final Deciding deciding;
    private final JobAccess access;
    private final JobStore store;
    private final Duties duties;
    private final StrictJson json;
    private final CurrentCall call;

    Resuming(Deciding deciding, JobAccess access, JobStore store, Duties duties, Limits limits, CurrentCall call) {
        this.deciding = deciding;
        this.access = access;
        this.store = store;
        this.duties = duties;
        this.json = new StrictJson(limits.nestingDepth(), limits.argumentKeys());
        this.call = call;
    }

    /**
     * @param body   of a run, whose {@code command} resumes
     * @param resume what is in it
     */
    Uni<Decided.Accepted> resume(String id, JsonNode body, JsonNode resume, @Nullable Form asked,
            HttpServerRequest request) {
        return decide(id, named(body, resume), asked,
                shown -> Resumes.proposal(shown, resume), request);
    }

    /** Without a name the same decision would be made of the next prompt, which nobody saw. */
    static Repeat repeat(JsonNode body, JsonNode resume) {
        return Repeat.harmlessIf(named(body, resume).isPresent());
    }

    private static Optional<String> named(JsonNode body, JsonNode resume) {
        return checkpoint(body).or(() -> first(resume));
    }

    Uni<Decided.Accepted> putAside(String id, JsonNode body, @Nullable Form asked, HttpServerRequest request) {
        return decide(id, checkpoint(body), asked, Resumes::resolved, request);
    }

    private Uni<Decided.Accepted> decide(String id, Optional<String> named, @Nullable Form asked,
            Function<Shown, Proposal> proposal, HttpServerRequest request) {
        return access.find(call.caller(), new JobId(id)).map(Optional::ofNullable).chain(seen -> {
            Optional<Job> job = seen.map(Sighting::job);
            // Of the generation that was looked at: in a later one another prompt may have this id.
            OptionalLong generation = job.stream().mapToLong(Job::generation).findFirst();
            return job.filter(this::mayDecide).map(his -> meant(his, named, asked, proposal))
                    .orElseGet(() -> Uni.createFrom().item(unread(job, named)))
                    .chain(meant -> deciding.decide(id, generation, meant.action(), meant.proposal(), request));
        }).map(outcome -> switch (outcome) {
            case Decided.Accepted accepted -> accepted;
            case Decided.Refused refused -> throw Refusals.of(refused).refused();
        });
    }

    private record Meant(ActionId action, Proposal proposal) {}

    /**
     * What doesn't wait, or isn't his, is refused in the words of the rules, and a try beyond his rights
     * is recorded.
     */
    private static Meant unread(Optional<Job> job, Optional<String> named) {
        String action = named.or(() -> job.flatMap(Job::prompt).map(waiting -> waiting.id().value())).orElse(UNNAMED);
        return new Meant(new ActionId(action), NOTHING);
    }

    /** What waits, or else the decided prompt that is named: whoever repeats a decision means the same calls. */
    private Uni<Meant> meant(Job job, Optional<String> named, @Nullable Form asked,
            Function<Shown, Proposal> proposal) {
        Form form = Form.of(job, asked);
        Optional<Shown> waiting = job.prompt().map(action -> new Shown(action, form))
                .filter(shown -> named.stream().allMatch(shown::isMeantBy));
        if (waiting.isPresent()) return Uni.createFrom().item(read(waiting.get(), proposal));
        if (named.isEmpty()) return Uni.createFrom().item(unread(Optional.of(job), named));
        return store.recall(job.key()).map(all -> decided(all).map(action -> new Shown(action, form))
                .filter(shown -> shown.isMeantBy(named.get())).findFirst()
                .map(shown -> repeated(shown, proposal)).orElseGet(() -> unread(Optional.of(job), named)));
    }

    /** Newest first. */
    private static Stream<PendingAction> decided(@Nullable Sighting all) {
        return Stream.ofNullable(all).flatMap(seen -> seen.job().closed().reversed().stream())
                .map(ClosedAction::resolution).filter(Objects::nonNull).map(Resolution::action);
    }

    private Meant read(Shown shown, Function<Shown, Proposal> proposal) {
        return new Meant(shown.action().id(), withinLimits(proposal.apply(shown)));
    }

    /** What can't be read for a prompt that was decided isn't what decided it: then only the winner is told. */
    private Meant repeated(Shown shown, Function<Shown, Proposal> proposal) {
        try {
            return read(shown, proposal);
        } catch (Refused other) {
            return new Meant(shown.action().id(), NOTHING);
        }
    }

    /** What a page sends as text was not yet looked into when the body was read. */
    private Proposal withinLimits(Proposal proposal) {
        List<Decided.Fault> faults = new ArrayList<>();
        for (ProposedDecision decision : Optional.ofNullable(proposal.decisions()).orElse(List.of())) {
            if (decision.editedArguments() == null) continue;
            try {
                json.read(decision.editedArguments().text().getBytes(StandardCharsets.UTF_8), Json.class);
            } catch (BadJson bad) {
                faults.add(new Decided.Fault(decision.toolCallId(), "", String.valueOf(bad.getMessage())));
            }
        }
        if (!faults.isEmpty()) throw Refusals.of(new Decided.Invalid(faults)).refused();
        return proposal;
    }

    private boolean mayDecide(Job job) { return duties.mayDecide(call.caller(), job); }

    /**
     * The checkpoint that is to be resumed: the prompt that the client saw. What can't
     * be read as one must not count as none.
     */
    private static Optional<String> checkpoint(JsonNode body) {
        JsonNode whole = body.path("checkpoint");
        if (!isNothing(whole) && !whole.isObject()) throw Inputs.invalid("checkpoint must be an object.");
        List<JsonNode> named = Stream.of(body, whole, body.path("config").path("configurable"))
                .map(place -> place.path("checkpoint_id")).filter(id -> !isNothing(id)).distinct().toList();
        if (named.size() > 1) throw Inputs.invalid("Two different checkpoints are named.");
        if (!named.stream().allMatch(JsonNode::isTextual)) throw Inputs.invalid("checkpoint_id must be a text.");
        return named.stream().map(JsonNode::textValue).findFirst();
    }

    private static boolean isNothing(JsonNode value) { return value.isMissingNode() || value.isNull(); }

    /** The first interrupt of a map; each of them is checked as it is read. */
    private static Optional<String> first(JsonNode resume) {
        return resume.isObject() && !resume.isEmpty() && !resume.has("decisions") && !resume.has("answer")
                && !resume.has("answers") && !resume.has("type") ? Optional.of(resume.fieldNames().next())
                        : Optional.empty();
    }
}

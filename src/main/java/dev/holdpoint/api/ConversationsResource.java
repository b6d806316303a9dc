package dev.holdpoint.api;

import java.util.ArrayList;
import java.util.List;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Rights;
import dev.holdpoint.door.Answer;
import dev.holdpoint.door.Calls;
import dev.holdpoint.door.CurrentCall;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.JobAccess;
import dev.holdpoint.door.json.Members;
import dev.holdpoint.door.json.Shapes;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.job.Archive;
import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.Sighting;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * The archived turns of a conversation, guarded so that a stranger learns nothing and an
 * owner can read from the first moment on.
 */
@Path("/v1/conversations/{id}/messages")
@Produces(MediaType.APPLICATION_JSON)
public class ConversationsResource {
    /** What clients call a conversation that has no id yet. */
    private static final String NEW = "new";

    private final Archive archive;
    private final JobAccess access;
    private final CurrentCall call;
    private final Calls calls;

    ConversationsResource(Archive archive, JobAccess access, CurrentCall call, Calls calls) {
        this.archive = archive;
        this.access = access;
        this.call = call;
        this.calls = calls;
    }

    @GET
    public Uni<RestResponse<byte[]>> messages(@RestPath String id, @RestQuery @Nullable String conversationId,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor,
            HttpServerRequest request) {
        return calls.answer(request, () -> {
            int size = Inputs.pageSize(limit);
            if (conversationId != null && !conversationId.equals(id))
                throw Inputs.invalid("The path and the query name different conversations.");
            Caller caller = call.caller();
            if (!Rights.mayFollow(caller)) throw Refusals.forbidden("The caller may not read conversations.").refused();
            if (id.equals(NEW)) return Uni.createFrom().item(Answer.ok(json -> turns(json, List.of())));
            ConversationId conversation = new ConversationId(id);
            return archive.turns(caller.space(), conversation, cursor, size)
                    .chain(page -> current(caller, id).map(seen -> answer(caller, conversation, page, cursor, seen)));
        });
    }

    /**
     * The job that bears the conversation's id. One that can't be looked up counts as
     * none: history stays readable without it.
     */
    private Uni<@Nullable Sighting> current(Caller caller, String id) {
        return access.find(caller, new JobId(id)).onFailure().recoverWithNull();
    }

    private static Answer answer(Caller caller, ConversationId conversation, Page<Job> page, @Nullable String cursor,
            @Nullable Sighting seen) {
        List<Job> turns = new ArrayList<>(page.items());
        if (seen != null && page.next() == null) addLatest(turns, seen.job(), conversation);
        turns.stream().filter(turn -> !Rights.mayRead(caller, turn)).findFirst().ifPresent(foreign -> {
            throw Refusals.forbidden("The conversation belongs to another user.").refused();
        });
        boolean active = seen != null && seen.job().isActive(seen.at()) && Rights.owns(caller, seen.job())
                && seen.job().key().space().equals(caller.space());
        if (turns.isEmpty() && cursor == null && !active) throw noSuchConversation();
        return Answer.ok(json -> {
            turns(json, turns).text("nextCursor", page.next());
            if (active && seen != null) json.object("activeJob", seen.job(), ConversationsResource::activeJob);
        });
    }

    /** An ended turn is part of the conversation at once, also while it is still on its way to the archive. */
    private static void addLatest(List<Job> turns, Job job, ConversationId conversation) {
        if (!job.details().conversation().equals(conversation)) return;
        boolean there =
                turns.stream().anyMatch(turn -> turn.generation() == job.generation() && turn.key().equals(job.key()));
        if (job.ended().isPresent() && !there) turns.add(job);
    }

    private static Members turns(Members json, List<Job> turns) { return json.objects("items", turns, Shapes::turn); }

    private static void activeJob(Members json, Job job) {
        json.text("id", job.key().id()).number("generation", job.generation()).text("status", job.status().word());
    }

    private static RuntimeException noSuchConversation() {
        return new Problem(ProblemType.NO_SUCH_CONVERSATION, "Nothing is known of this conversation.").refused();
    }
}

package dev.holdpoint.api;

import java.util.ArrayList;
import java.util.List;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Rights;
import dev.holdpoint.door.Answer;
import dev.holdpoint.door.Calls;
import dev.holdpoint.door.ConversationAccess;
import dev.holdpoint.door.CurrentCall;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.json.Members;
import dev.holdpoint.door.json.Shapes;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Job;
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

    private final ConversationAccess access;
    private final CurrentCall call;
    private final Calls calls;

    ConversationsResource(ConversationAccess access, CurrentCall call, Calls calls) {
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
            return access.turns(caller, conversation, cursor, size).chain(page -> access.current(caller, conversation)
                    .chain(current -> answer(caller, conversation, page, cursor, current)));
        });
    }

    private Uni<Answer> answer(Caller caller, ConversationId conversation, Page<Job> page, @Nullable String cursor,
            @Nullable Sighting current) {
        List<Job> turns = new ArrayList<>(page.items());
        Job latest = ConversationAccess.latest(caller, conversation, current);
        if (latest != null && page.next() == null) addLatest(turns, latest);
        Uni<Void> judged = turns.isEmpty() && cursor == null
                ? access.judgeEmpty(caller, conversation, current, "Nothing is known of this conversation.")
                : Uni.createFrom().voidItem();
        return judged.map(well -> Answer.ok(json -> {
            turns(json, turns).text("nextCursor", page.next());
            if (current != null && ConversationAccess.isActive(caller, current))
                json.object("activeJob", current.job(), ConversationsResource::activeJob);
        }));
    }

    private static void addLatest(List<Job> turns, Job job) {
        boolean there =
                turns.stream().anyMatch(turn -> turn.generation() == job.generation() && turn.key().equals(job.key()));
        if (!there) turns.add(job);
    }

    private static Members turns(Members json, List<Job> turns) { return json.objects("items", turns, Shapes::turn); }

    private static void activeJob(Members json, Job job) {
        json.text("id", job.key().id()).number("generation", job.generation()).text("status", job.status().word());
    }
}

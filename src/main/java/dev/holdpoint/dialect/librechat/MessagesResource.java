package dev.holdpoint.dialect.librechat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Rights;
import dev.holdpoint.door.Answer;
import dev.holdpoint.door.Calls;
import dev.holdpoint.door.CurrentCall;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.JobAccess;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.job.Archive;
import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Ending;
import dev.holdpoint.job.InstantText;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Phase;
import dev.holdpoint.job.Sighting;
import io.smallrye.mutiny.Multi;
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

/** The messages of a conversation, guarded so that a stranger learns nothing and an owner can read from the first moment on. */
@Path("/api/messages/{conversationId}")
@Produces(MediaType.APPLICATION_JSON)
public class MessagesResource {
    private static final int PAGE = 50;
    /** As many turns as an answer holds; of a longer conversation it holds the newest. */
    private static final int MOST_TURNS = 500;

    private final Archive archive;
    private final Turns turns;
    private final JobAccess access;
    private final CurrentCall call;
    private final Calls calls;

    MessagesResource(Archive archive, Turns turns, JobAccess access, CurrentCall call, Calls calls) {
        this.archive = archive;
        this.turns = turns;
        this.access = access;
        this.call = call;
        this.calls = calls;
    }

    @GET
    public Uni<RestResponse<byte[]>> messages(@RestPath String conversationId,
            @RestQuery("conversationId") @Nullable String again, HttpServerRequest request) {
        return calls.answer(request, () -> {
            if (again != null && !again.equals(conversationId))
                throw Inputs.invalid("The path and the query name different conversations.");
            Caller caller = call.caller();
            if (!Rights.mayFollow(caller)) throw Words.unauthorized().refused();
            if (conversationId.equals(ChatResource.NEW)) return Uni.createFrom().item(Answer.json(new Json("[]")));
            ConversationId conversation = new ConversationId(conversationId);
            return archived(caller, conversation).chain(known -> current(caller, conversationId)
                    .chain(seen -> messages(caller, conversation, known, seen)));
        }, Words.refusals(Protocol.of(request)));
    }

    private Uni<Deque<Job>> archived(Caller caller, ConversationId conversation) {
        return Multi.createBy().repeating()
                .uni(Listing::new,
                        listing -> archive.turns(caller.space(), conversation, listing.next, PAGE).map(page -> {
                            listing.newest.addAll(page.items());
                            while (listing.newest.size() > MOST_TURNS) listing.newest.removeFirst();
                            listing.next = page.next();
                            return listing;
                        }))
                .whilst(listing -> listing.next != null)
                .collect().last().map(listing -> listing.newest);
    }

    private static final class Listing {
        final Deque<Job> newest = new ArrayDeque<>();
        @Nullable String next;
    }

    /** The job that bears the conversation's id. One that can't be looked up counts as none: history stays readable without it. */
    private Uni<@Nullable Sighting> current(Caller caller, String id) {
        return access.find(caller, new JobId(id)).onFailure().recoverWithNull();
    }

    private Uni<Answer> messages(Caller caller, ConversationId conversation, Deque<Job> known,
            @Nullable Sighting seen) {
        List<Job> told = new ArrayList<>(known);
        Job latest = seen != null && seen.job().details().conversation().equals(conversation)
                && seen.job().ended().isPresent() ? seen.job() : null;
        if (latest != null && told.stream().noneMatch(turn -> isSame(turn, latest))) told.add(latest);
        if (told.stream().anyMatch(turn -> !Rights.mayRead(caller, turn)))
            throw new Problem(ProblemType.FORBIDDEN, "User not authorized for this conversation").refused();
        boolean active = seen != null && seen.job().isActive(seen.at()) && Rights.owns(caller, seen.job())
                && seen.job().key().space().equals(caller.space());
        if (told.isEmpty() && !active)
            throw new Problem(ProblemType.NO_SUCH_CONVERSATION, "Conversation not found").refused();
        return content(latest).map(content -> answer(told, latest, content));
    }

    /** What the newest turn came to, for as long as its log is kept. */
    private Uni<List<Json>> content(@Nullable Job latest) {
        return latest == null ? Uni.createFrom().item(List.of())
                : turns.upTo(latest.key(), latest.lastEventId()).map(Turn::content)
                        .onFailure().recoverWithItem(List.of());
    }

    private static boolean isSame(Job one, Job other) {
        return one.generation() == other.generation() && one.key().equals(other.key());
    }

    private static Answer answer(List<Job> told, @Nullable Job latest, List<Json> content) {
        ArrayNode messages = JsonNodeFactory.instance.arrayNode();
        for (Job turn : told) {
            add(messages, turn, latest != null && isSame(turn, latest) ? content : List.of());
        }
        return Answer.json(Trees.json(messages));
    }

    private static void add(ArrayNode messages, Job turn, List<Json> content) {
        Chat chat = Chat.of(turn);
        Phase.Ended ended = turn.ended().orElseThrow();
        JsonNode left = ended.how() instanceof Ending.Completed completed ? Trees.of(completed.result())
                : Trees.object();
        ObjectNode asked = left.path("requestMessage") instanceof ObjectNode one ? one : chat.requestMessage();
        if (asked != null) messages.add(stamped(asked, InstantText.of(turn.createdAt())));
        ObjectNode answered = left.path("responseMessage") instanceof ObjectNode one ? one
                : answered(chat, ended.how(), content);
        messages.add(stamped(answered, InstantText.of(ended.at())));
    }

    private static ObjectNode answered(Chat chat, Ending how, List<Json> content) {
        ObjectNode message = chat.responseMessage(content, !(how instanceof Ending.Completed));
        return how instanceof Ending.Failed failed
                ? message.put("error", true).put("text", failed.error().message())
                : message;
    }

    private static ObjectNode stamped(ObjectNode message, String at) {
        if (!message.has("createdAt")) message.put("createdAt", at);
        if (!message.has("updatedAt")) message.put("updatedAt", at);
        return message;
    }
}

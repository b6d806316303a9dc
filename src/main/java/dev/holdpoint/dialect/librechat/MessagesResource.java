package dev.holdpoint.dialect.librechat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Rights;
import dev.holdpoint.door.Answer;
import dev.holdpoint.door.Calls;
import dev.holdpoint.door.ConversationAccess;
import dev.holdpoint.door.CurrentCall;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Ending;
import dev.holdpoint.job.InstantText;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.Phase;
import dev.holdpoint.job.Sighting;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
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
 * The messages of a conversation, guarded so that a stranger learns nothing and an
 * owner can read from the first moment on.
 */
@Path("/api/messages/{conversationId}")
@Produces(MediaType.APPLICATION_JSON)
public class MessagesResource {
    private static final int PAGE = 50;
    /** As many turns as an answer holds; of a longer conversation it holds the newest. */
    private static final int MOST_TURNS = 500;
    /** The newest turn is told whatever it takes. */
    private static final long MOST_CHARACTERS = 8_000_000;

    private final ConversationAccess access;
    private final Turns turns;
    private final CurrentCall call;
    private final Calls calls;

    MessagesResource(ConversationAccess access, Turns turns, CurrentCall call, Calls calls) {
        this.access = access;
        this.turns = turns;
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
            return access.current(caller, conversation).chain(current -> messages(caller, conversation, current));
        }, Words.refusals(Protocol.of(request)));
    }

    /** A turn that ended and may not be in the archive yet, and what it came to. */
    private record Latest(Job job, List<Json> content) {
        boolean is(Job turn) { return turn.generation() == job.generation() && turn.key().equals(job.key()); }
    }

    /** The newest turns as an answer tells them, no more of them than it holds. */
    private static final class Listing {
        private final @Nullable Latest latest;
        private final Deque<String> told = new ArrayDeque<>();
        private long characters;
        private boolean isLatestTold;
        @Nullable String next;

        Listing(@Nullable Latest latest) { this.latest = latest; }

        void add(Job turn) {
            boolean isLatest = latest != null && latest.is(turn);
            isLatestTold |= isLatest;
            String messages = text(turn, latest != null && isLatest ? latest.content() : List.of());
            told.add(messages);
            characters += messages.length();
            while (told.size() > MOST_TURNS || told.size() > 1 && characters > MOST_CHARACTERS)
                characters -= told.removeFirst().length();
        }

        void close() {
            if (latest != null && !isLatestTold) add(latest.job());
        }

        boolean isEmpty() { return told.isEmpty(); }

        Json json() { return new Json("[" + String.join(",", told) + "]"); }
    }

    private Uni<Answer> messages(Caller caller, ConversationId conversation, @Nullable Sighting current) {
        Job ended = ConversationAccess.latest(caller, conversation, current);
        Uni<Listing> begun = ended == null ? Uni.createFrom().item(() -> new Listing(null))
                : latest(ended).map(Listing::new);
        return begun.chain(listing -> filled(listing, caller, conversation)).invoke(Listing::close)
                .call(listing -> listing.isEmpty()
                        ? access.judgeEmpty(caller, conversation, current, "Conversation not found")
                        : Uni.createFrom().voidItem())
                .map(listing -> Answer.json(listing.json()));
    }

    /** With what it came to, for as long as its log is kept and reaches back to its start. */
    private Uni<Latest> latest(Job ended) {
        return turns.upTo(ended.key(), ended.lastEventId())
                .map(turn -> turn.whole() ? turn.content() : List.<Json>of())
                .onFailure(failure -> !Turns.isBusy(failure)).recoverWithItem(List.of())
                .map(content -> new Latest(ended, content));
    }

    private Uni<Listing> filled(Listing listing, Caller caller, ConversationId conversation) {
        return Multi.createBy().repeating()
                .uni(() -> listing,
                        page -> access.turns(caller, conversation, listing.next, PAGE)
                                // Turns may be long, and must not keep an event loop.
                                .emitOn(Infrastructure.getDefaultExecutor())
                                .map(turns -> added(listing, turns)))
                .whilst(page -> listing.next != null)
                .collect().last();
    }

    private static Listing added(Listing listing, Page<Job> page) {
        page.items().forEach(listing::add);
        listing.next = page.next();
        return listing;
    }

    /** The messages of one turn, with a comma between them. */
    private static String text(Job turn, List<Json> content) {
        List<String> messages = new ArrayList<>();
        Chat chat = Chat.of(turn);
        Phase.Ended ended = turn.ended().orElseThrow();
        JsonNode left = ended.how() instanceof Ending.Completed completed ? Trees.of(completed.result())
                : Trees.object();
        ObjectNode asked = left.path("requestMessage") instanceof ObjectNode one ? one : chat.requestMessage();
        if (asked != null) messages.add(stamped(asked, InstantText.of(turn.createdAt())).toString());
        ObjectNode answered = left.path("responseMessage") instanceof ObjectNode one ? one
                : answered(chat, ended.how(), content);
        messages.add(stamped(answered, InstantText.of(ended.at())).toString());
        return String.join(",", messages);
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

package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** A stranger learns nothing of a conversation, and its owner can read it from the first moment on. */
@QuarkusTest
@WithTestResource(KeysFile.class)
class ConversationMessagesTest {
    private final Api agent = Api.agent();
    private final Api user = Api.as("u1");

    private static String messages(String id) { return "/v1/conversations/" + Api.segment(id) + "/messages"; }

    private AJob turn(String id, String text) {
        return new AJob(agent, agent.post("/v1/jobs",
                "{'id':'%s','userId':'u1','userMessage':{'text':'%s'}}".formatted(id, text)).is(201));
    }

    @Test
    void endedTurnsAreThereOldestFirst() {
        String id = Api.fresh("conv");
        turn(id, "one").writes("complete", "{'final':1}").is(200);
        turn(id, "two").writes("fail", "{'code':'c','message':'m'}").is(200);

        // The turn that was replaced is on its way to the archive for a moment.
        Wire.await(() -> user.get(messages(id)).is(200).at("/items").size() == 2);

        Reply list = user.get(messages(id));
        list.has("/items/0/userMessage/text", "one").has("/items/0/final", 1).has("/items/0/status", "complete")
                .has("/items/1/userMessage/text", "two").has("/items/1/error/code", "c").lacks("/activeJob");
    }

    @Test
    void ownerOfAnActiveJobReadsAnEmptyConversation() {
        AJob job = turn(Api.fresh("conv"), "hello");

        Reply list = user.get(messages(job.id())).is(200);

        assertThat(list.at("/items")).isEmpty();
        list.has("/activeJob/id", job.id()).has("/activeJob/generation", job.generation());
    }

    @Test
    void queryMayRepeatTheIdAndMustNotNameAnother() {
        AJob job = turn(Api.fresh("conv"), "hello");

        user.get(messages(job.id()) + "?conversationId=" + job.id()).is(200).has("/activeJob/id", job.id());
        user.get(messages(job.id()) + "?conversationId=" + job.id() + "x").refused(400, "invalid-request");
    }

    @Test
    void ownerReadsWhatWasSaidWhileALaterTurnRunsOrWaits() {
        AJob first = turn(Api.fresh("conv"), "one");
        first.completes().is(200);
        AJob second = turn(first.id(), "two");

        Wire.await(() -> user.get(messages(first.id())).is(200).at("/items").size() == 1);
        user.get(messages(first.id())).has("/items/0/userMessage/text", "one")
                .has("/activeJob/generation", second.generation()).has("/activeJob/status", "running");
        second.paused("a1");
        user.get(messages(first.id())).is(200).has("/activeJob/status", "requires_action");
        Api.as("u2").get(messages(first.id())).refused(403, "forbidden");
    }

    @Test
    void strangerIsToldNothingOfAnActiveJob() {
        AJob job = turn(Api.fresh("conv"), "hello");

        Api.as("u2").get(messages(job.id())).refused(404, "no-such-conversation");
        Api.as("u1-t1").inTenant("t1").get(messages(Api.as("agent-t1").creates("u2").id()))
                .refused(404, "no-such-conversation");
        Api.as("u1-t2").get(messages(Api.as("agent-t1").creates("u1").id())).refused(404, "no-such-conversation");
    }

    @Test
    void storedConversationOfAnotherIsForbidden() {
        String id = Api.fresh("conv");
        turn(id, "one").completes().is(200);

        Api.as("u2").get(messages(id)).refused(403, "forbidden");
    }

    @Test
    void turnOfAnotherInAConversationIsNotSeenAndClosesItToNobody() {
        AJob job = turn(Api.fresh("conv"), "one");
        job.completes().is(200);
        new AJob(agent,
                agent.post("/v1/jobs", "{'id':'%s','userId':'u2','conversationId':'%s','userMessage':{'text':'two'}}"
                        .formatted(Api.fresh("job"), job.id())).is(201))
                .completes().is(200);
        Wire.await(() -> agent.get(messages(job.id())).is(200).at("/items").size() == 2);

        assertThat(user.get(messages(job.id())).is(200).at("/items")).hasSize(1)
                .allMatch(turn -> turn.at("/userMessage/text").asText().equals("one"));
        assertThat(Api.as("u2").get(messages(job.id())).is(200).at("/items")).hasSize(1)
                .allMatch(turn -> turn.at("/userMessage/text").asText().equals("two"));
        assertThat(user.get("/api/messages/" + job.id()).is(200).json())
                .noneMatch(message -> message.path("text").asText().equals("two"));
    }

    @Test
    void unknownConversationIsNotFoundAndANewOneIsEmpty() {
        user.get(messages(Api.fresh("conv"))).refused(404, "no-such-conversation");
        assertThat(user.get(messages("new")).is(200).at("/items")).isEmpty();
        Api.nobody().get(messages("new")).refused(401, "unauthorized");
    }

    @Test
    void reviewerWhoDoesNotOwnTheFirstTurnSeesNoConversationYet() {
        AJob job = Api.agent().creates("u1");

        Api.as("reviewer").get(messages(job.id())).refused(404, "no-such-conversation");
    }

    @Test
    void jobThatBelongsToAnotherConversationIsNoTurnOfTheOneItsIdNames() {
        String id = Api.fresh("job");
        Api.agent().post("/v1/jobs", "{'id':'" + id + "','userId':'u1','conversationId':'" + Api.fresh("other") + "'}")
                .is(201);
        user.post(Api.job(id) + "/abort", "{}").is(200);

        user.get(messages(id)).refused(404, "no-such-conversation");
    }
}

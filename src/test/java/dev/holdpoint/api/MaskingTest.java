package dev.holdpoint.api;

import static dev.holdpoint.contract.Digest.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

/** What is named as secret is seen by nobody but the worker, whichever way one looks. */
@QuarkusTest
@WithTestResource(KeysFile.class)
@TestProfile(SettingsOfMany.class)
class MaskingTest {
    private static final String NAMED = "hunter2-by-name";
    private static final String POINTED = "hunter2-by-pointer";
    private static final String AWS_KEY = "AKIAIOSFODNN7EXAMPLE";
    private static final String CARD = "4111 1111 1111 1111";
    private static final String BEARER = "ya29.a0AfH6SMBx-long-token-9876543210";
    private static final String JWT =
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";
    private static final String[] SECRETS = {NAMED, POINTED, AWS_KEY, CARD, BEARER, JWT};

    private final ATenant tenant = ATenant.fresh();
    private final Api agent = tenant.as("agent");
    private final Api user = tenant.as("u1");
    private final Api auditor = tenant.as("auditor");

    private static Reply telling(Reply reply) {
        assertThat(reply.body()).doesNotContain(SECRETS);
        return reply;
    }

    /** Of a list that is late by design. */
    private static Reply telling(Api reader, String route, int items) {
        Wire.await(() -> reader.get(route).is(200).at("/items").size() == items);
        return telling(reader.get(route).is(200));
    }

    private AJob created() {
        return new AJob(agent, telling(agent.post("/v1/jobs", """
                {'userId':'u1','userMessage':{'text':'My card is %s.'},'metadata':{'password':'%s','team':'blue'}}
                """.formatted(CARD, NAMED)).is(201)));
    }

    private static Reply paused(AJob job, String more) {
        return telling(job
                .pauses("""
                        {'type':'tool_approval','action_requests':[
                          {'tool_call_id':'c1','name':'send','arguments':{'password':'%s','to':'bob'},'description':'Uses %s.'},
                          {'tool_call_id':'c2','name':'put','arguments':{'deep':[{'value':'%s'}],'json':'{\\"password\\":\\"%s\\"}'}}]}
                        """
                        .formatted(NAMED, AWS_KEY, POINTED, NAMED), "'actionId':'a1'" + more)
                .is(200));
    }

    private static String decision() {
        return """
                {'actionId':'a1','decisions':[
                  {'tool_call_id':'c1','decision':'edit','editedArguments':{'password':'%s-new','to':'rob'},'reason':'Not %s.'},
                  {'tool_call_id':'c2','decision':'reject','reason':'See %s.'}]}"""
                .formatted(NAMED, JWT, AWS_KEY);
    }

    @Test
    void secretsOfAPromptAreShownNowhere() {
        AJob job = created();

        try (Sse feed = Sse.open(user, "/v1/approvals/events")) {
            paused(job, "");

            assertThat(feed.next("approval.requested").data()).contains("bob").doesNotContain(SECRETS);
        }
        telling(user.reads(job.id()).is(200)).has("/metadata/team", "blue")
                .has("/pendingAction/payload/action_requests/0/arguments/to", "bob")
                .has("/pendingAction/payload/action_requests/0/arguments/password", "•••");
        telling(user.get(job.path() + "/state").is(200));
        telling(user.get(job.path() + "/events").is(200));
        telling(user, "/v1/approvals", 1);
        telling(user, "/v1/jobs?active=true", 1);
        try (Sse stream = user.follows(job.id())) {
            assertThat(stream.until("job.paused").toString()).contains("bob").doesNotContain(SECRETS);
        }
    }

    @Test
    void digestsAreThoseOfWhatWasSent() {
        AJob job = created();
        paused(job, "");
        String asked = sha256("{\"password\":\"" + NAMED + "\",\"to\":\"bob\"}");
        String edited = sha256("{\"password\":\"" + NAMED + "-new\",\"to\":\"rob\"}");

        user.reads(job.id()).has("/pendingAction/payload/action_requests/0/arguments_digest", asked);
        user.resolves(job.id(), decision().replace("'decision':'edit'",
                "'decision':'edit','argumentsDigest':'" + asked + "'")).is(200)
                .has("/resolution/requests/0/arguments_digest", asked)
                .has("/resolution/requests/0/edited_arguments_digest", edited);

        telling(auditor, "/v1/resolutions", 1).has("/items/0/requests/0/arguments_digest", asked)
                .has("/items/0/requests/0/edited_arguments_digest", edited);
    }

    @Test
    void secretsOfADecisionReachTheWorkerAndNobodyElse() {
        AJob job = created();
        paused(job, ",'resumeContext':{'password':'" + NAMED + "'}");

        telling(user.resolves(job.id(), decision()).is(200))
                .has("/resolution/decisions/0/editedArguments/to", "rob")
                .has("/resolution/decisions/0/editedArguments/password", "•••");
        telling(user.resolves(job.id(), decision()).is(200));
        telling(tenant.as("reviewer").resolves(job.id(), decision()).refused(409, "already-decided"))
                .has("/winner/decisions/0/editedArguments/to", "rob");
        Reply claim = agent.claims(job.id(), "a1", "w").is(200);

        claim.has("/resolution/decisions/0/editedArguments/password", NAMED + "-new")
                .has("/resolution/decisions/0/reason", "Not " + JWT + ".").has("/resumeContext/password", NAMED);
        assertThat(claim.at("/action").toString()).doesNotContain(SECRETS);
        telling(user.get(job.path() + "/events").is(200));
    }

    @Test
    void secretsOfAnAnswerReachTheWorkerAndNobodyElse() {
        AJob job = created();
        telling(job.pauses(
                "{'type':'ask_user_question','question':{'question':'Is it %s?','options':[{'label':'Bearer %s','value':'yes'}]}}"
                        .formatted(AWS_KEY, BEARER),
                "'actionId':'a1'").is(200));

        telling(user.resolves(job.id(), "{'actionId':'a1','answer':'It is %s.'}".formatted(CARD)).is(200));

        telling(auditor, "/v1/resolutions", 1).has("/items/0/questions/0/question", "Is it •••?")
                .has("/items/0/answer", "It is •••.");
        agent.claims(job.id(), "a1", "w").is(200).has("/resolution/answer", "It is " + CARD + ".");
    }

    @Test
    void secretsOfAGateAreShownNowhere() {
        AJob job = tenant.rules("{'enabled':true,'allow':[{'tool':'send','when':{'/password':{'eq':'%s'}}}]}"
                .formatted("right")).job("u1");

        telling(job.gates("'actionId':'a1'",
                AJob.toolCall("c1", "send", "{'password':'right'}"),
                AJob.toolCall("c2", "send", "{'password':'%s'}".formatted(NAMED))).is(200))
                .hasJson("/allowed", "['c1']")
                .has("/pendingAction/payload/action_requests/0/arguments/password", "•••");

        telling(user.reads(job.id()).is(200));
    }

    @Test
    void secretsOfEventsAndEndsAreKeptNowhere() {
        AJob job = created();
        job.appends("[{'event':'said','data':{'text':'Authorization: Bearer %s','password':'%s'},'retain':'latest'}]"
                .formatted(BEARER, NAMED)).is(202);
        AJob failed = created();
        telling(failed.writes("fail", "{'code':'c','message':'Declined: %s'}".formatted(CARD)).is(200));
        try (Sse stream = user.follows(job.id())) {
            telling(job
                    .writes("complete", "{'final':{'deep':{'x':{'value':'%s'}},'note':'%s'}}".formatted(POINTED, JWT))
                    .is(200));

            assertThat(stream.untilTheEnd().toString()).contains("said", "job.completed").doesNotContain(SECRETS);
        }

        telling(user.get(job.path() + "/state").is(200)).has("/retained/said/password", "•••");
        telling(user.get(job.path() + "/events").is(200));
        telling(user.reads(failed.id()).is(200)).has("/error/message", "Declined: •••");
        telling(auditor, "/v1/history", 2);
        telling(user, "/v1/conversations/" + job.id() + "/messages", 1).has("/items/0/final/note", "•••");
    }

    @Test
    void secretsOfAPromptAndItsDecisionAreNotOnRecord() {
        AJob job = created();
        paused(job, "");
        user.resolves(job.id(), decision()).is(200);
        AJob open = created();
        paused(open, "");
        user.aborts(open.id()).is(200);

        Reply list = telling(auditor, "/v1/resolutions", 2);

        list.has("/items/1/requests/0/arguments/to", "bob").has("/items/1/requests/0/description", "Uses •••.")
                .has("/items/1/decisions/0/editedArguments/to", "rob").has("/items/1/decisions/1/reason", "See •••.");
        for (int at : List.of(0, 1)) {
            telling(auditor.get("/v1/resolutions/" + list.text("/items/" + at + "/resolutionId")).is(200));
        }
        telling(auditor.with("Accept", "application/x-ndjson").get("/v1/resolutions/export").is(200));
    }
}

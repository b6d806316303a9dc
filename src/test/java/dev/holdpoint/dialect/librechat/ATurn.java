package dev.holdpoint.dialect.librechat;

import dev.holdpoint.api.AJob;
import dev.holdpoint.api.Api;
import dev.holdpoint.api.Reply;
import dev.holdpoint.api.Sse;

/** A turn of a chat whose worker reports as LibreChat's do, and what LibreChat's page asks about it. */
record ATurn(AJob job) {
    static final String CHAT = "/api/agents/chat";
    static final Api USER = Api.as("u1");

    static ATurn begins() { return begins(Api.fresh("conv")); }

    static ATurn begins(String id) {
        return new ATurn(new AJob(Api.agent(), Api.agent().post("/v1/jobs", """
                {'id':'%s','userId':'u1','agentId':'agent_1','runId':'run_1','responseMessageId':'r1',
                 'userMessage':{'messageId':'m1','parentMessageId':'m0','text':'Write to Ada.'},
                 'metadata':{'sender':'Mailer','endpoint':'agents','model':'gpt','iconURL':'/mail.svg'}}"""
                .formatted(id)).is(201)));
    }

    String id() { return job.id(); }

    ATurn says(String text) {
        job.appends("""
                [{'event':'on_run_step','data':{'id':'s1','type':'message_creation','index':0,
                  'stepDetails':{'type':'message_creation','message_creation':{'message_id':'msg1'}}}},
                 {'event':'on_message_delta','data':{'id':'s1','delta':{'content':[{'type':'text','text':'%s'}]}}}]"""
                .formatted(text)).is(202);
        return this;
    }

    ATurn saysMore(String text) {
        job.appends(
                "[{'event':'on_message_delta','data':{'id':'s1','delta':{'content':[{'type':'text','text':'%s'}]}}}]"
                        .formatted(text))
                .is(202);
        return this;
    }

    ATurn paused(String action) {
        job.paused(action);
        return this;
    }

    Sse followed(String query) { return followed(USER, query); }

    Sse followed(Api reader, String query) {
        return Sse.open(reader, CHAT + "/stream/" + Api.segment(id()) + query);
    }

    Reply status() { return USER.get(CHAT + "/status/" + Api.segment(id())); }

    /** @param more what is sent beside the conversation, the agent and the endpoint */
    Reply resumes(String more) {
        return resumes(USER, more);
    }

    Reply resumes(Api caller, String more) {
        return caller.post(CHAT + "/resume",
                "{'conversationId':'%s','agent_id':'agent_1','endpoint':'agents'%s}".formatted(id(),
                        more.isEmpty() ? "" : "," + more));
    }

    Reply approves(String action) {
        return resumes("'actionId':'%s','decisions':[{'tool_call_id':'c1','decision':'approve'}]".formatted(action));
    }

    Reply aborts() { return USER.post(CHAT + "/abort", "{'conversationId':'" + id() + "'}"); }

    Reply messages() { return USER.get("/api/messages/" + Api.segment(id())); }
}

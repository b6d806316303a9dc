package dev.holdpoint.client;

import java.util.UUID;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a job begins with. */
public final class NewJob {
    private final ObjectNode body;

    private NewJob(ObjectNode body) { this.body = body; }

    /** @param userId the owner, who may follow, decide and abort it */
    public static NewJob of(String userId) {
        return new NewJob(Json.object().put("userId", userId));
    }

    /** Usually the conversation's id, used turn after turn; a fresh one by default. */
    public NewJob id(String id) {
        return with("id", id);
    }

    public NewJob conversationId(String id) { return with("conversationId", id); }

    /** Workers claim by it: {@link Holdpoint#claims}. */
    public NewJob agentId(String id) {
        return with("agentId", id);
    }

    public NewJob runId(String id) { return with("runId", id); }

    public NewJob responseMessageId(String id) { return with("responseMessageId", id); }

    /** @param message anything that Jackson writes as JSON; comes back in the resume state */
    public NewJob userMessage(Object message) {
        return with("userMessage", message);
    }

    /** @param metadata a JSON object in any form */
    public NewJob metadata(Object metadata) {
        return with("metadata", Json.objectOf(metadata));
    }

    /** Refuses ({@code job-active}) instead of taking the id over from a predecessor that still runs or waits. */
    public NewJob unlessActive() {
        return with("ifActive", "reject");
    }

    /** Refuses ({@code generation-mismatch}) unless this is the newest generation; 0 for none. */
    public NewJob after(long generation) {
        return with("expectedGeneration", generation);
    }

    private NewJob with(String name, Object value) {
        ObjectNode more = body.deepCopy();
        more.set(name, Json.tree(value));
        return new NewJob(more);
    }

    /** With an id, so that a repeated request is about the same job. */
    NewJob named() {
        return body.has("id") ? this : id(UUID.randomUUID().toString());
    }

    Http.Call call() {
        Http.Call call = Http.Call.post("/v1/jobs", body);
        // Under another key they would be refused by what the first try did.
        boolean oneTryOnly = body.path("ifActive").asText().equals("reject") || body.has("expectedGeneration");
        return oneTryOnly ? call.once() : call.repeatable();
    }
}

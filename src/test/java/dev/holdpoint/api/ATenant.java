package dev.holdpoint.api;

/** A tenant of its own for one test, so that nobody else lives under its rules. */
public record ATenant(String name) {
    public static ATenant fresh() { return new ATenant(Api.fresh("tenant")); }

    /** @param key without a tenant of its own */
    public Api as(String key) { return Api.as(key).inTenant(name); }

    /** Puts the policy in force, whatever was before. */
    public ATenant rules(String policy) {
        as("admin").with("If-Match", "*").put("/v1/policy", policy).is(200);
        return this;
    }

    public AJob job(String owner) { return as("agent").creates(owner); }

    public AJob job(String owner, String conversation) {
        return new AJob(as("agent"), as("agent").post("/v1/jobs",
                "{'userId':'%s','conversationId':'%s','id':'%s'}".formatted(owner, conversation, Api.fresh("job")))
                .is(201));
    }

    public Reply evaluates(String owner, String... calls) {
        return as("agent").post("/v1/policy/evaluate",
                "{'userId':'%s','toolCalls':[%s]}".formatted(owner, String.join(",", calls)));
    }

    /** Has one call of the job asked and approved; the worker goes on with it. */
    public AJob approved(AJob job, String tool, String scope, String by) {
        job.gates("'actionId':'a1'", AJob.toolCall("c1", tool)).is(200).has("/pendingAction/actionId", "a1");
        as(by).resolves(job.id(), approval("a1", scope)).is(200);
        return job.under(as("agent").claims(job.id(), "a1", "w").is(200).text("/fence"));
    }

    public static String approval(String action, String scope) {
        return "{'actionId':'%s','decisions':[{'tool_call_id':'c1','decision':'approve','scope':'%s'}]}"
                .formatted(action, scope);
    }
}

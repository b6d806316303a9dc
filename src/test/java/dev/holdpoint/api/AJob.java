package dev.holdpoint.api;

/** A job in the hands of the worker that created or claimed it. */
public record AJob(Api worker, String id, long generation, String fence, Reply created) {
    public AJob(Api worker, Reply created) {
        this(worker, created.text("/id"), created.at("/generation").asLong(), created.text("/fence"), created);
    }

    /** The same job under another fence. */
    public AJob under(String other) {
        return new AJob(worker, id, generation, other, created);
    }

    public String path() { return Api.job(id); }

    public Reply writes(String route, String quoted) {
        return worker.with("Holdpoint-Fence", fence).post(path() + "/" + route, quoted);
    }

    public Reply appends(String quoted) { return writes("events", quoted); }

    /** Appends one event whose data is a number. */
    public Reply says(int number) {
        return appends("[{'event':'said','data':" + number + "}]").is(202);
    }

    /** @param more members of the action beside its payload, such as {@code 'ttl':'PT5M'} */
    public Reply pauses(String payload, String more) {
        return writes("pause", "{'action':{'payload':" + payload + (more.isEmpty() ? "" : "," + more) + "}}");
    }

    /** @param more members beside the calls, such as {@code 'actionId':'a1'} */
    public Reply gates(String more, String... calls) {
        return writes("gate",
                "{'toolCalls':[" + String.join(",", calls) + "]" + (more.isEmpty() ? "" : "," + more) + "}");
    }

    /** A call as the gate takes it. */
    public static String toolCall(String id, String tool, String arguments) {
        return "{'toolCallId':'%s','name':'%s','arguments':%s}".formatted(id, tool, arguments);
    }

    public static String toolCall(String id, String tool) {
        return toolCall(id, tool, "{}");
    }

    /** Pauses on the approval of one call, {@code c1}. */
    public AJob paused(String action) {
        pauses(oneCall(), "'actionId':'" + action + "'").is(200);
        return this;
    }

    public AJob paused(String action, String ttl) {
        pauses(oneCall(), "'actionId':'" + action + "','ttl':'" + ttl + "'").is(200);
        return this;
    }

    public static String oneCall() { return calls(call("c1", "send_email", "{'to':'a@b.c'}")); }

    public static String calls(String... calls) {
        return "{'type':'tool_approval','action_requests':[" + String.join(",", calls) + "]}";
    }

    public static String call(String id, String tool, String arguments) {
        return "{'tool_call_id':'%s','name':'%s','arguments':%s}".formatted(id, tool, arguments);
    }

    public Reply completes() { return writes("complete", "{}"); }

    public Reply read() { return Api.as("admin").reads(id); }
}

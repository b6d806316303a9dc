package dev.holdpoint.dialect.mcp;

import java.util.function.Consumer;

import dev.holdpoint.door.json.Members;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.job.Json;
import org.jspecify.annotations.Nullable;

/** Messages of JSON-RPC 2.0 as they leave. */
final class Rpc {
    static final int METHOD_NOT_FOUND = -32601;
    static final int INVALID_PARAMS = -32602;

    private Rpc() {}

    static Json result(Json id, Json result) {
        return Members.json(json -> json.text("jsonrpc", "2.0").json("id", id).json("result", result));
    }

    static Json error(Json id, int code, String message) {
        return Members.json(json -> json.text("jsonrpc", "2.0").json("id", id)
                .object("error", error -> error.number("code", code).text("message", message)));
    }

    static Json progress(Json token, long progress, String message) {
        return Members.json(json -> json.text("jsonrpc", "2.0").text("method", "notifications/progress")
                .object("params", params -> params.json("progressToken", token).number("progress", progress)
                        .text("message", message)));
    }

    /** The result of a tool: one text, which is JSON again, and beside it what clients need not know. */
    static Json told(Consumer<Members> content, Consumer<Members> beside) {
        return tool(Members.json(content).text(), false, beside);
    }

    /** A refusal that the model gets to read, so that it can do better. */
    static Json refused(Problem problem) {
        return tool(problem.detail(), true, beside -> beside.text("dev.holdpoint/problem", problem.type().slug()));
    }

    private static Json tool(String text, boolean isError, Consumer<Members> beside) {
        return Members.json(json -> json.array("content", items -> items
                .element(item -> item.text("type", "text").text("text", text)))
                .flag("isError", isError ? Boolean.TRUE : null).object("_meta", beside));
    }

    static Consumer<Members> pending(Standing.Pending pending, String approval) {
        return json -> {
            json.text("status", "pending").text("approvalId", approval);
            // Whoever knows no more than allow and deny must not take this for an allow.
            if (!pending.tool().equals(Tools.ASK)) json.text("behavior", "deny");
            json.text("message", pending.asked()
                    ? "Nobody has decided yet. Call check_approval with this approvalId to go on waiting."
                    : "Nobody was asked, because the call broke off. Make it again.");
        };
    }

    static Consumer<Members> beside(String approval, @Nullable Outcome outcome) {
        return json -> {
            json.text("dev.holdpoint/approvalId", approval)
                    .text("dev.holdpoint/outcome", outcome == null ? "pending" : outcome.how());
            if (outcome != null) json.text("dev.holdpoint/decidedBy", outcome.by());
        };
    }
}

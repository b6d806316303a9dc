package dev.holdpoint.dialect.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.api.Api;
import dev.holdpoint.api.Reply;

/** An agent that calls tools over MCP. */
record Agent(Api api) {
    Agent with(String header, String value) {
        return new Agent(api.with(header, value));
    }

    Reply sends(String quoted) { return api.post("/mcp", quoted); }

    Reply asks(String method, String params) { return sends(message(method, params)).is(200); }

    static String message(String method, String params) {
        return "{'jsonrpc':'2.0','id':1,'method':'" + method + "','params':" + params + "}";
    }

    static String call(String tool, String arguments) {
        return message("tools/call", "{'name':'" + tool + "','arguments':" + arguments + "}");
    }

    Told calls(String tool, String arguments) { return Told.of(sends(call(tool, arguments)).is(200)); }

    CompletableFuture<Told> callsLater(String tool, String arguments) {
        return api.postLater("/mcp", call(tool, arguments)).thenApply(Told::of);
    }

    /** Without waiting; {@code id} names the call. */
    Told requests(String id) {
        return calls("request_approval", approval(id, "{'command':'ls'}", ""));
    }

    /** @param more members beside those of the coding agent */
    static String approval(String id, String input, String more) {
        return "{'tool_name':'Bash','input':%s,'tool_use_id':'%s','waitSeconds':0%s}".formatted(input, id,
                more.isEmpty() ? "" : "," + more);
    }

    Told checks(String approval) { return calls("check_approval", "{'approvalId':'" + approval + "'}"); }

    /** The result of a tool, with its text read as the JSON that it is. */
    record Told(JsonNode result) {
        static Told of(Reply reply) {
            assertThat(reply.at("/error").isMissingNode()).as(reply.body()).isTrue();
            return new Told(reply.at("/result"));
        }

        String text() { return result.at("/content/0/text").asText(); }

        Told isJson(String quoted) {
            assertThat(Reply.parse(text())).as(text()).isEqualTo(Reply.parse(Api.json(quoted)));
            assertThat(result.path("isError").asBoolean()).isFalse();
            return this;
        }

        Told has(String beside, String value) {
            assertThat(result.at("/_meta").path("dev.holdpoint/" + beside).asText()).as(result.toString())
                    .isEqualTo(value);
            return this;
        }

        /** Nobody decided yet; hands back the id. */
        String pending() {
            has("outcome", "pending");
            JsonNode told = Reply.parse(text());
            assertThat(told.path("status").asText()).isEqualTo("pending");
            return told.path("approvalId").asText();
        }

        Told refused(String slug) {
            assertThat(result.path("isError").asBoolean()).as(result.toString()).isTrue();
            return has("problem", slug);
        }

        /** What tests of the shape compare: the id of an approval is another each time. */
        JsonNode withoutId() {
            ObjectNode copy = result.deepCopy();
            ((ObjectNode) copy.at("/_meta")).set("dev.holdpoint/approvalId", JsonNodeFactory.instance.textNode("ID"));
            return copy;
        }
    }
}

package dev.holdpoint.dialect.mcp;

import java.util.stream.Collectors;

import dev.holdpoint.job.Json;

/** The tools as {@code tools/list} shows them. */
final class Tools {
    static final String REQUEST = "request_approval";
    static final String ASK = "ask_human";
    static final String CHECK = "check_approval";

    private static final String COMMON =
            """
                    "userId":{"type":"string","description":"Who is asked. Leave it out where the client is set up for one person."},
                    "conversationId":{"type":"string",
                     "description":"Groups requests; an approval for the session holds in one conversation."},
                    "expiresInSeconds":{"type":"integer","minimum":1,"maximum":315360000,
                     "description":"When nobody has decided by then, the answer is no."},
                    "waitSeconds":{"type":"integer","minimum":0,"maximum":315360000,
                     "description":"How long this call waits for the person before it hands back an id to check."}""";

    private static final String QUESTION = """
            "question":{"type":"string","minLength":1},
            "header":{"type":"string","description":"A word or two above the question."},
            "description":{"type":"string"},
            "options":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["label"],
             "properties":{"label":{"type":"string","minLength":1},
              "value":{"type":"string","minLength":1,"description":"What comes back; the label by default."},
              "description":{"type":"string"}}}},
            "multiSelect":{"type":"boolean"}""";

    static final Json LIST = new Json(
            """
                    {"tools":[
                     {"name":"request_approval","title":"Ask a person to approve a tool call",
                      "description":"Asks a person whether a tool call may run, unless a policy says so already. Answers {\\"behavior\\":\\"allow\\",\
                    \\"updatedInput\\":{…}}: run it, with that input; or {\\"behavior\\":\\"deny\\",\\"message\\":\\"…\\"}: don't. An answer with \
                    \\"status\\":\\"pending\\" means that nobody has decided yet: check_approval with its approvalId, or the same call again, goes on waiting.",
                      "annotations":{"readOnlyHint":false,"destructiveHint":false,"idempotentHint":false,"openWorldHint":true},
                      "inputSchema":{"type":"object","required":["tool_name","input"],"properties":{
                       "tool_name":{"type":"string","minLength":1,"maxLength":256,"description":"The tool that is to run."},
                       "input":{"type":"object","description":"Its whole input, as it would run."},
                       "tool_use_id":{"type":"string","minLength":1,"maxLength":256,
                        "description":"Names this one call: the same id finds the same request, and nobody is asked twice."},
                       "description":{"type":"string","description":"For the person: what it is for."},
                       "allowedDecisions":{"type":"array","minItems":1,
                        "items":{"enum":["approve","reject","edit","respond"]},
                        "description":"What the person is offered: approve, reject and edit by default."},
                       %1$s}}},
                     {"name":"ask_human","title":"Ask a person a question",
                      "description":"Asks a person a question, or up to four at once, and answers {\\"status\\":\\"answered\\",\\"answer\\":\\"…\\"} or \
                    {\\"status\\":\\"answered\\",\\"answers\\":{id: text}}. An answer with \\"status\\":\\"pending\\" means that nobody has answered yet: \
                    check_approval with its approvalId goes on waiting.",
                      "annotations":{"readOnlyHint":false,"destructiveHint":false,"idempotentHint":false,"openWorldHint":true},
                      "inputSchema":{"type":"object","additionalProperties":false,"properties":{
                       %2$s,
                       "questions":{"type":"array","minItems":1,"maxItems":4,"description":"Instead of question.",
                        "items":{"type":"object","additionalProperties":false,"required":["question"],"properties":{
                         "id":{"type":"string","minLength":1,"maxLength":256,"description":"q1 to q4 by default."},
                         %2$s}}},
                       "idempotencyKey":{"type":"string","minLength":1,"maxLength":256,
                        "description":"Names this one question: the same key finds the same request, and nobody is asked twice."},
                       %1$s}}},
                     {"name":"check_approval","title":"Look at an earlier request",
                      "description":"Answers as the tool that asked would have, once somebody has decided; waits for it as long as waitSeconds says.",
                      "annotations":{"readOnlyHint":true,"idempotentHint":true,"openWorldHint":true},
                      "inputSchema":{"type":"object","additionalProperties":false,"required":["approvalId"],"properties":{
                       "approvalId":{"type":"string","minLength":1,"maxLength":256},
                       "waitSeconds":{"type":"integer","minimum":0,"maximum":315360000}}}}
                    ]}
                    """
                    .formatted(COMMON, QUESTION).lines().map(String::strip).collect(Collectors.joining()));

    private Tools() {}
}

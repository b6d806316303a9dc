package dev.holdpoint.policy;

import java.util.List;
import java.util.Map;

import dev.holdpoint.job.Json;
import dev.holdpoint.job.ToolCallId;
import dev.holdpoint.policy.Ruling.Verdict;

/** Policies as JSON with single quotes, and calls to judge. */
final class Calls {
    private Calls() {}

    static Json json(String singleQuoted) { return new Json(singleQuoted.replace('\'', '"')); }

    static Policy policy(String singleQuoted) { return PolicyDocument.read(json(singleQuoted)); }

    static Judge judge(String singleQuoted) { return new Judge(policy(singleQuoted), 7); }

    static ToolCall call(String name, String arguments, String... aliases) {
        return new ToolCall(new ToolCallId("c1"), name, json(arguments), null, List.of(aliases));
    }

    static Verdict verdict(String policy, ToolCall call) { return judge(policy).judge(call, Map.of()).verdict(); }

    static Verdict verdict(String policy, String name) { return verdict(policy, call(name, "{}")); }
}

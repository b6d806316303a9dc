package dev.holdpoint.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.holdpoint.job.Debt.JudgedCalls;
import dev.holdpoint.job.JudgedCall;

/**
 * What a policy would have made of calls that were judged before.
 *
 * @param changed number of calls with another outcome
 * @param changes the first of them
 */
public record Simulation(int replayed, int changed, List<Change> changes) {
    private static final int MOST_TOLD = 200;

    public Simulation {
        changes = List.copyOf(changes);
    }

    /** @param call as it was judged then */
    public record Change(JudgedCalls calls, JudgedCall call, Ruling after) {}

    /**
     * Replays the calls in the order given. A grant that let a call through then is
     * taken to hold still; no other grant is.
     */
    public static Simulation of(Policy candidate, List<JudgedCalls> past) {
        Judge judge = new Judge(candidate, 0);
        int replayed = 0;
        int changed = 0;
        List<Change> told = new ArrayList<>();
        for (JudgedCalls calls : past) {
            for (JudgedCall call : calls.calls()) {
                replayed++;
                Ruling after = judge.judge(toolCall(call), grants(call));
                if (after.verdict().word().equals(call.verdict())) continue;
                changed++;
                if (told.size() < MOST_TOLD) told.add(new Change(calls, call, after));
            }
        }
        return new Simulation(replayed, changed, told);
    }

    private static ToolCall toolCall(JudgedCall call) {
        return new ToolCall(call.toolCallId(), call.name(), call.arguments(), null, call.aliases());
    }

    private static Map<String, GrantId> grants(JudgedCall call) {
        return call.grant() == null ? Map.of() : Map.of(call.name(), new GrantId(call.grant()));
    }
}

package dev.holdpoint.job;

import java.util.List;

/**
 * What a move rests on that lets tool calls run.
 *
 * @param rules revision of the space's rules that were judged by; a store refuses the move when newer ones are in force
 */
public record Judgement(long rules, List<JudgedCall> calls) {
    public Judgement {
        calls = List.copyOf(calls);
    }
}

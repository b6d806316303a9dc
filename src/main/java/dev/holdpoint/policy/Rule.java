package dev.holdpoint.policy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One entry of a list.
 *
 * @param when all of them must hold; none for a rule that looks at the name alone
 */
public record Rule(Glob tool, List<Condition> when) {
    private static final int MOST_POINTERS = 16;

    public Rule {
        when = List.copyOf(when);
        if (when.stream().map(Condition::pointer).distinct().count() > MOST_POINTERS) {
            throw new InvalidPolicy("Conditions on more than " + MOST_POINTERS + " places");
        }
        Set<List<Object>> asked = new HashSet<>();
        for (Condition condition : when) {
            if (!asked.add(List.of(condition.pointer(), condition.operator()))) {
                throw new InvalidPolicy("Operator repeated for one place");
            }
        }
    }

    /** @param inDoubt what a condition without a plain answer counts as */
    boolean applies(CallArguments arguments, boolean inDoubt) {
        return when.stream().allMatch(condition -> arguments.fulfil(condition).plain(inDoubt));
    }

    /** Characters that it takes to write down. */
    int length() {
        return tool.pattern().length() + when.stream().mapToInt(Condition::length).sum();
    }
}

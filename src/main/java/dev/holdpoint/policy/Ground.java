package dev.holdpoint.policy;

import java.util.Locale;

/** What decided a call. */
public sealed interface Ground {
    /** @param index the rule's place in its list, from 0 */
    record Listed(ListName list, int index, Rule rule) implements Ground {}

    record ByMode(Policy.Mode mode) implements Ground {}

    record ByGrant(GrantId grant) implements Ground {}

    /** Nothing spoke of the call. */
    record Fallthrough() implements Ground {}

    enum ListName {
        ALLOW, DENY, ASK;

        public String word() { return name().toLowerCase(Locale.ROOT); }
    }
}

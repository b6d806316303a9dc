package dev.holdpoint.webhook;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Everything that a receiver can be told of. */
public enum EventType {
    APPROVAL_REQUESTED, APPROVAL_DECIDED, APPROVAL_EXPIRED, APPROVAL_CANCELLED,
    JOB_CREATED, JOB_PAUSED, JOB_RESUMED, JOB_CLAIMED, JOB_COMPLETED, JOB_FAILED, JOB_ABORTED, JOB_EXPIRED,
    JOB_REPLACED,
    /** Sent when somebody asks for it, to whichever endpoint. */
    WEBHOOK_TEST;

    public String word() { return name().toLowerCase(Locale.ROOT).replace('_', '.'); }

    /** The types that a name or a pattern stands for; empty when it stands for none. */
    static Set<EventType> named(String pattern) {
        Set<EventType> named = EnumSet.noneOf(EventType.class);
        for (EventType type : values()) {
            boolean fits = pattern.endsWith("*")
                    ? pattern.equals("*") || pattern.endsWith(".*")
                            && type.word().startsWith(pattern.substring(0, pattern.length() - 1))
                    : type.word().equals(pattern);
            if (fits && type != WEBHOOK_TEST) named.add(type);
        }
        return named;
    }
}

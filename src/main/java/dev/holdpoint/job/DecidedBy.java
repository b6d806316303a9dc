package dev.holdpoint.job;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Who decided.
 *
 * @param roles the words of the roles held at that moment, sorted
 * @param via   the door that was used, such as {@code api}
 * @param trace where the caller was in a trace, if it was in one
 */
public record DecidedBy(String subject, List<String> roles, String via, @Nullable TraceParent trace) {
    public DecidedBy {
        roles = List.copyOf(roles);
    }
}

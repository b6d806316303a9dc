package dev.holdpoint.job;

import java.util.List;

/**
 * Who decided.
 *
 * @param roles the words of the roles held at that moment, sorted
 * @param via   the door that was used, such as {@code api}
 */
public record DecidedBy(String subject, List<String> roles, String via) {
    public DecidedBy {
        roles = List.copyOf(roles);
    }
}

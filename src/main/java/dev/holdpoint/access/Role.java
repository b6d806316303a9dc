package dev.holdpoint.access;

import java.util.Locale;
import java.util.Optional;

/** What a credential lets its bearer do; see {@link Rights}. */
public enum Role {
    AGENT, USER, REVIEWER, AUDITOR, ADMIN;

    public String word() { return name().toLowerCase(Locale.ROOT); }

    public static Optional<Role> parse(String word) {
        for (Role role : values()) {
            if (role.word().equals(word)) return Optional.of(role);
        }
        return Optional.empty();
    }
}

package dev.holdpoint.audit;

import java.util.Locale;

/** In which way a chain is broken, as far as what is left shows it. */
public enum Fault {
    CHANGED, REMOVED, INSERTED, SWAPPED, TRUNCATED, UNREADABLE, SIGNATURE;

    public String word() { return name().toLowerCase(Locale.ROOT); }
}

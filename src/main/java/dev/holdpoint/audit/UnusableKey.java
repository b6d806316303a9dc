package dev.holdpoint.audit;

/** A key that can't be used; the message says why, and never shows the key. */
public final class UnusableKey extends Exception {
    private static final long serialVersionUID = 1;

    UnusableKey(String message) { super(message); }
}

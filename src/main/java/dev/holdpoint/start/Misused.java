package dev.holdpoint.start;

/** A command was called in a way that it doesn't understand; the message says so to whoever called it. */
final class Misused extends Exception {
    private static final long serialVersionUID = 1;

    Misused(String message) { super(message); }
}

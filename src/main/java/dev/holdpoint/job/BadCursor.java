package dev.holdpoint.job;

/** A list cursor that no list gave out. */
public final class BadCursor extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BadCursor() { super("not a cursor of this list", null, false, false); }
}

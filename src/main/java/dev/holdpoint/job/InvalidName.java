package dev.holdpoint.job;

/** Text that can't name what it should. The message is a sentence for whoever sent it. */
public final class InvalidName extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public InvalidName(String message) { super(message); }
}

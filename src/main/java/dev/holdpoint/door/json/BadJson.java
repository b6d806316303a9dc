package dev.holdpoint.door.json;

/** A body that can't be read. The message is a sentence for whoever sent it and names no class of ours. */
public final class BadJson extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BadJson(String message) { super(message, null, false, false); }
}

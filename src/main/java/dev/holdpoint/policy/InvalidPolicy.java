package dev.holdpoint.policy;

/**
 * A policy that can't be taken. The message is a sentence for whoever wrote it, with
 * a JSON Pointer (RFC 6901) to the fault.
 */
public final class InvalidPolicy extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String fault;
    private final String pointer;

    InvalidPolicy(String fault) { this(fault, ""); }

    /** @param fault a sentence without its full stop */
    InvalidPolicy(String fault, String pointer) {
        super(fault + (pointer.isEmpty() ? "." : " at " + pointer + "."), null, false, false);
        this.fault = fault;
        this.pointer = pointer;
    }

    /** The same fault seen from further up. */
    InvalidPolicy under(String place) {
        return new InvalidPolicy(fault, place + pointer);
    }
}

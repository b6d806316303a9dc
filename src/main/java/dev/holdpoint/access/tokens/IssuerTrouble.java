package dev.holdpoint.access.tokens;

/** Whoever issued a token can't be asked for the keys that it is verified by, so nobody knows whose it is. */
public final class IssuerTrouble extends RuntimeException {
    private static final long serialVersionUID = 1;

    IssuerTrouble(Throwable cause) { super(cause.getMessage(), cause); }
}

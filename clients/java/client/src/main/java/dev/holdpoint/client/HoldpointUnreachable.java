package dev.holdpoint.client;

import java.io.Serial;

/** No answer came for as long as {@link Holdpoint.Builder#retryFor} says; what was asked for may have happened. */
public final class HoldpointUnreachable extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    HoldpointUnreachable(String what, Throwable cause) { super(what + ": " + cause, cause); }
}

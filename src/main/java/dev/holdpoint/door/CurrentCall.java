package dev.holdpoint.door;

import dev.holdpoint.access.Caller;
import jakarta.enterprise.context.RequestScoped;
import org.jspecify.annotations.Nullable;

/** What is known of the call under way. */
@RequestScoped
public class CurrentCall {
    private @Nullable Caller caller;
    private byte[] body = {};

    public Caller caller() {
        if (caller == null) throw new IllegalStateException("no caller: the route isn't behind the access filter");
        return caller;
    }

    void known(Caller known) { this.caller = known; }

    /** The body as it came in; empty when there was none. */
    byte[] body() { return body; }

    void received(byte[] received) { this.body = received; }
}

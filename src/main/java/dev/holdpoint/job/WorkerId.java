package dev.holdpoint.job;

/** Names a worker process that claims continuations. 1 to 256 characters without control characters. */
public record WorkerId(String value) {
    public WorkerId {
        Text.name("worker id", value);
    }

    @Override
    public String toString() { return value; }
}

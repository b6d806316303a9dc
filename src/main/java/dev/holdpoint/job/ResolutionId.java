package dev.holdpoint.job;

/** Names one resolution. 1 to 256 characters without control characters. */
public record ResolutionId(String value) {
    public ResolutionId {
        Text.name("resolution id", value);
    }

    @Override
    public String toString() { return value; }
}

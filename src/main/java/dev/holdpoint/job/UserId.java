package dev.holdpoint.job;

/** Names the person a job belongs to. 1 to 256 characters without control characters. */
public record UserId(String value) {
    public UserId {
        Text.name("user id", value);
    }

    @Override
    public String toString() { return value; }
}

package dev.holdpoint.job;

/** Names one pending action. 1 to 256 characters without control characters. */
public record ActionId(String value) {
    public ActionId {
        Text.name("action id", value);
    }

    @Override
    public String toString() { return value; }
}

package dev.holdpoint.job;

/**
 * Names one tool call of a batch; decisions are joined to requests by it. 1 to 256
 * characters without control characters.
 */
public record ToolCallId(String value) {
    public ToolCallId {
        Text.name("tool call id", value);
    }

    @Override
    public String toString() { return value; }
}

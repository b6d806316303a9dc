package dev.holdpoint.job;

/** Names the conversation that a job is one turn of. 1 to 256 characters without control characters. */
public record ConversationId(String value) {
    public ConversationId {
        Text.name("conversation id", value);
    }

    @Override
    public String toString() { return value; }
}

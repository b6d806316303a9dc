package dev.holdpoint.job;

/** Names the agent that a job runs. 1 to 256 characters without control characters. */
public record AgentId(String value) {
    public AgentId {
        Text.name("agent id", value);
    }

    @Override
    public String toString() { return value; }
}

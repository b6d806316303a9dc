package dev.holdpoint.policy;

import dev.holdpoint.job.Text;

/** Names one grant. 1 to 256 characters without control characters. */
public record GrantId(String value) {
    public GrantId {
        Text.name("grant id", value);
    }

    @Override
    public String toString() { return value; }
}

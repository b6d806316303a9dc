package dev.holdpoint.job;

/** Names a tenant. 1 to 256 characters without control characters. */
public record TenantId(String value) {
    public TenantId {
        Text.name("tenant id", value);
    }

    @Override
    public String toString() { return value; }
}

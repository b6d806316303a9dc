package dev.holdpoint.job;

/**
 * Names a job; chosen by the client and reused turn after turn. 1 to 256 characters without
 * control characters. {@code .} and {@code ..} are refused: clients and proxies fold them away in
 * a path, so such a job could never be reached.
 */
public record JobId(String value) {
    public JobId {
        Text.name("job id", value);
        if (value.equals(".") || value.equals("..")) { throw new InvalidName("job id must not be '.' or '..'"); }
    }

    @Override
    public String toString() { return value; }
}

package dev.holdpoint.audit;

import java.util.regex.Pattern;

/** The record that the next one follows: its number and hash. Before the first record that is 0 and 64 zeros. */
public record Head(long seq, String hash) {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final String ZEROS = "0".repeat(64);

    public static final Head GENESIS = new Head(0, ZEROS);

    public Head {
        if (seq < 0) throw new IllegalArgumentException("seq must not be negative, but is " + seq);
        if (seq == 0 && !hash.equals(ZEROS)) throw new IllegalArgumentException("seq 0 has the hash of zeros only");
        if (!HASH.matcher(hash).matches()) throw new IllegalArgumentException("hash must be 64 lower-case hex digits");
    }
}

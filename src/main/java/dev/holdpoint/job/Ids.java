package dev.holdpoint.job;

/** Port to unpredictable ids: the one place where randomness enters. */
public interface Ids {
    /** A fresh id, unique and sortable by time. */
    String next();

    /** A secret of at least 256 random bits, in characters that are safe in a URL. */
    String secret();
}

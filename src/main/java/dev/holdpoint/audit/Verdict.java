package dev.holdpoint.audit;

/** What a verification found. */
public sealed interface Verdict {
    /** How many records were sound. */
    long checked();

    /**
     * Everything fits. Records behind {@code signedUpTo} are only as safe as the place they are kept in:
     * whoever can rewrite them can hash them anew.
     *
     * @param start      what the first record follows; anything up to it was not looked at
     * @param head       the last record
     * @param signedUpTo number of the last record under a checkpoint whose signature was checked; 0 when there was none
     */
    record Sound(long checked, Head start, Head head, long signedUpTo) implements Verdict {}

    /**
     * Something doesn't fit.
     *
     * @param seq the first place that is affected
     * @param why one sentence
     */
    record Broken(long checked, long seq, Fault fault, String why) implements Verdict {}
}

package dev.holdpoint.audit;

/**
 * The part of a chain that is kept.
 *
 * @param start what the first kept record follows; {@link Head#GENESIS} when nothing has been let go
 * @param head  the newest record
 */
public record Extent(Head start, Head head) {
    public static final Extent EMPTY = new Extent(Head.GENESIS, Head.GENESIS);

    /** Whether the chain is kept from its very first record. */
    public boolean isComplete() { return start.seq() == 0; }
}

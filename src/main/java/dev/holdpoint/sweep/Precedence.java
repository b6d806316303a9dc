package dev.holdpoint.sweep;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Whether the archive lets those go first who wait for the end of a deadline. Not for ever, and never
 * where a decision waits for its record.
 */
public final class Precedence {
    /** A sweep that is behind for longer may be so for ever, and what is owed would fill the store. */
    static final int MOST_TICKS = 5;

    private final BooleanSupplier behind;
    private final boolean recordFirst;
    private final AtomicInteger ticksBehind = new AtomicInteger();
    private final AtomicBoolean given = new AtomicBoolean();

    public Precedence(Sweep sweep, RecordFirst recordFirst) {
        this(sweep::isBehind, recordFirst.isRequired());
    }

    Precedence(BooleanSupplier behind, boolean recordFirst) {
        this.behind = behind;
        this.recordFirst = recordFirst;
    }

    /** To be told once a second, before what the second brings. */
    public void tick() {
        if (behind.getAsBoolean()) ticksBehind.incrementAndGet();
        else ticksBehind.set(0);
    }

    public boolean isGiven() {
        boolean is = behind.getAsBoolean() && ticksBehind.get() < MOST_TICKS && !recordFirst;
        if (is) given.set(true);
        return is;
    }

    /** Whether it was given since this was last asked, so that the archive is owed a run. */
    public boolean wasGiven() {
        return given.getAndSet(false);
    }
}

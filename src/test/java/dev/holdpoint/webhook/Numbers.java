package dev.holdpoint.webhook;

import java.util.concurrent.atomic.AtomicInteger;

import dev.holdpoint.job.Ids;

/** Ids that a test can foresee. */
final class Numbers implements Ids {
    private final AtomicInteger last = new AtomicInteger();

    @Override
    public String next() { return "0000-" + last.incrementAndGet(); }

    @Override
    public String secret() { return "secret-" + last.incrementAndGet(); }
}

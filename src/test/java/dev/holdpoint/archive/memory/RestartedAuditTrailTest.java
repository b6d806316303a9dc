package dev.holdpoint.archive.memory;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

import dev.holdpoint.archive.AuditTrailContract;
import dev.holdpoint.audit.AuditTrail;
import dev.holdpoint.disk.Restarting;
import org.junit.jupiter.api.AfterEach;

/** What every trail promises holds over restarts: here there is one before each call. */
class RestartedAuditTrailTest extends AuditTrailContract {
    private final List<Restarting<?>> disks = new ArrayList<>();

    @Override
    protected AuditTrail emptyTrail(InstantSource clock) {
        Restarting<AuditTrail> restarting =
                new Restarting<>(disk -> new MemoryAuditTrail(clock, 10_000, Long.MAX_VALUE, disk));
        disks.add(restarting);
        return restarting.port(AuditTrail.class, one -> one);
    }

    @AfterEach
    void closeDisks() {
        disks.forEach(Restarting::close);
    }
}

package dev.holdpoint.archive.memory;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

import dev.holdpoint.archive.ArchiveContract;
import dev.holdpoint.disk.Restarting;
import dev.holdpoint.job.Archive;
import org.junit.jupiter.api.AfterEach;

/** What every archive promises holds over restarts: here there is one before each call. */
class RestartedArchiveTest extends ArchiveContract {
    private final List<Restarting<?>> disks = new ArrayList<>();

    @Override
    protected Archive emptyArchive(InstantSource clock) {
        Restarting<Archive> restarting =
                new Restarting<>(disk -> new MemoryArchive(clock, 1_000, Long.MAX_VALUE, disk));
        disks.add(restarting);
        return restarting.port(Archive.class, one -> one);
    }

    @AfterEach
    void closeDisks() {
        disks.forEach(Restarting::close);
    }
}

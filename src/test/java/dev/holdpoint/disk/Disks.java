package dev.holdpoint.disk;

import java.nio.file.Path;
import java.util.concurrent.Executor;

import io.smallrye.mutiny.infrastructure.Infrastructure;

/** Disks for tests. */
public final class Disks {
    private Disks() {}

    public static Disk open(Path directory) {
        return DataDirectory.open(directory, Infrastructure::getDefaultExecutor, Infrastructure.getDefaultExecutor());
    }

    static Disk open(Blocks blocks) {
        Executor anywhere = Infrastructure.getDefaultExecutor();
        return new MvStoreDisk(blocks, () -> anywhere, anywhere, () -> {});
    }

    static MemoryBlocks formatted() {
        MemoryBlocks blocks = new MemoryBlocks();
        MvStoreDisk.format(blocks);
        return blocks;
    }

    /** Closes the disk, and returns when its file is free. */
    public static void close(Disk disk) {
        disk.close();
        try {
            ((MvStoreDisk) disk).committer.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** A file that can be opened again and again, and takes no room on any disk. */
    public static final class Reopened implements AutoCloseable {
        private final MemoryBlocks blocks = formatted();
        private Disk disk = open(blocks);

        public Disk disk() { return disk; }

        public Disk again() {
            close();
            disk = open(blocks);
            return disk;
        }

        @Override
        public void close() {
            Disks.close(disk);
        }
    }
}

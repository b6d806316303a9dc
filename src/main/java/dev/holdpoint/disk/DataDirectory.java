package dev.holdpoint.disk;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import org.jboss.logging.Logger;

/** The directory that one process at a time keeps its file in. Only its owner may read what lies there. */
public final class DataDirectory {
    public static final String FILE = "holdpoint.mv";
    private static final String LOCK = "holdpoint.lock";
    private static final Logger LOG = Logger.getLogger("dev.holdpoint.disk");

    private final Path directory;
    private final FileChannel lock;

    private DataDirectory(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Opens what lies there, or begins anew. Throws {@link DiskUnusable}.
     *
     * @param here  asked where an answer is wanted, as that is asked for
     * @param aside where notices are passed on
     */
    public static Disk open(Path directory, Supplier<Executor> here, Executor aside) {
        try {
            if (!Files.isDirectory(directory)) Files.createDirectories(directory, only(directory, "rwx------"));
            return locked(directory).disk(here, aside);
        } catch (IOException unusable) {
            throw unusable(directory, "it can't be used: " + unusable, unusable);
        }
    }

    private static DiskUnusable unusable(Path directory, String why, Exception cause) {
        return new DiskUnusable("The data directory " + directory + " can't be opened: " + why + ".", cause);
    }

    private static DataDirectory locked(Path directory) throws IOException {
        FileChannel channel = create(directory.resolve(LOCK));
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) return new DataDirectory(directory, channel);
        } catch (OverlappingFileLockException inThisProcess) {
            LOG.trace("locked by this process", inThisProcess);
        }
        channel.close();
        throw new DiskUnusable("The data directory " + directory + " is in use by another process.", null);
    }

    private Disk disk(Supplier<Executor> here, Executor aside) throws IOException {
        try {
            Path file = directory.resolve(FILE);
            if (!Files.exists(file)) begin(file);
            return new MvStoreDisk(new FileBlocks(FileChannel.open(file, READ, WRITE)), here, aside, this::release);
        } catch (DiskUnusable why) {
            release();
            throw unusable(directory.resolve(FILE), String.valueOf(why.getMessage()), why);
        } catch (IOException | RuntimeException broken) {
            release();
            throw broken;
        }
    }

    /** Under another name first, so that a crash leaves no file that is none. */
    private void begin(Path file) throws IOException {
        Path draft = directory.resolve(FILE + ".new");
        Files.deleteIfExists(draft);
        FileBlocks blocks = new FileBlocks(create(draft));
        MvStoreDisk.format(blocks);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        forceNames();
    }

    /** A new name is on disk only when its directory is; where that can't be forced the system sees to it. */
    private void forceNames() {
        try (FileChannel names = FileChannel.open(directory, READ)) {
            names.force(true);
        } catch (IOException unsupported) {
            LOG.debug("directories can't be forced here", unsupported);
        }
    }

    private void release() {
        try {
            lock.close();
        } catch (IOException gone) {
            LOG.debug("the lock went with its file", gone);
        }
    }

    private static FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, Set.of(CREATE, READ, WRITE), only(file, "rw-------"));
    }

    private static FileAttribute<?>[] only(Path path, String permissions) {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix ? new FileAttribute<?>[]{
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))}
                : new FileAttribute<?>[0];
    }
}

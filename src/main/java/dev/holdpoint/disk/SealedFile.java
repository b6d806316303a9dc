package dev.holdpoint.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.zip.ZipOutputStream;

import org.h2.mvstore.DataUtils;
import org.h2.mvstore.RandomAccessStore;
import org.h2.mvstore.SFChunk;

/**
 * MVStore's file, with an order in which its parts reach the disk. Chunks carry no check sum over what they
 * hold, so one that a power cut left half on disk could be taken for whole. Here the header names a chunk only
 * once it is on disk, and an opening goes by the header. That in turn looks at every chunk which the named one
 * knows, dead ones too, and goes back to an old version if one is gone: so their room isn't used before the
 * header names a version that no longer knows them.
 */
final class SealedFile extends RandomAccessStore {
    /** A file is cut when at least so much of it is free; to cut it after each change would cost more than the room. */
    private static final int WORTH_CUTTING_PERCENT = 50;

    private final Blocks blocks;
    private final List<SFChunk> outgrown = new ArrayList<>();
    private boolean unforced;

    SealedFile(Blocks blocks) throws IOException {
        super(new HashMap<>());
        this.blocks = blocks;
        init("blocks", false);
        setSize(blocks.size());
    }

    /** Names the newest chunk in the header, and returns when both are on disk. */
    void seal() {
        saveChunkLock.lock();
        try {
            List<SFChunk> free = List.copyOf(outgrown);
            outgrown.clear();
            super.freeChunkSpace(free);
        } finally {
            saveChunkLock.unlock();
        }
        writeCleanShutdown();
    }

    @Override
    protected void freeChunkSpace(Iterable<SFChunk> chunks) {
        chunks.forEach(outgrown::add);
    }

    @Override
    protected void writeFully(SFChunk chunk, long pos, ByteBuffer src) {
        boolean header = pos == 0;
        if (header && unforced) sync();
        setSize(Math.max(size(), pos + src.remaining()));
        writeBytes.addAndGet(src.remaining());
        writeCount.incrementAndGet();
        attempt("write", () -> blocks.write(pos, src));
        unforced |= !header;
    }

    @Override
    public ByteBuffer readFully(SFChunk chunk, long pos, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        attempt("read", () -> blocks.read(pos, bytes));
        return bytes.rewind();
    }

    @Override
    public void sync() {
        attempt("force", blocks::force);
        unforced = false;
    }

    @Override
    protected void truncate(long size) {
        attempt("cut", () -> blocks.truncate(size));
        setSize(size);
    }

    @Override
    protected void shrinkStoreIfPossible(int minPercent) {
        if (outgrown.isEmpty()) super.shrinkStoreIfPossible(Math.max(minPercent, WORTH_CUTTING_PERCENT));
    }

    /** What no version of the last few needs is on disk in its newer form already. */
    @Override
    public int getDefaultRetentionTime() {
        return 0;
    }

    long written() { return writeBytes.get(); }

    @Override
    public void close() {
        try {
            super.close();
        } finally {
            attempt("close", blocks::close);
        }
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private static void attempt(String what, Attempt work) {
        try {
            work.run();
        } catch (IOException failed) {
            throw DataUtils.newMVStoreException(DataUtils.ERROR_WRITING_FAILED, "Could not {0} the file: {1}", what,
                    String.valueOf(failed.getMessage()), failed);
        }
    }

    @Override
    public void open(String fileName, boolean readOnly, char[] encryptionKey) {
        throw new UnsupportedOperationException("the file is open from the beginning");
    }

    @Override
    public SealedFile open(String fileName, boolean readOnly) {
        throw new UnsupportedOperationException("the file is open from the beginning");
    }

    @Override
    public void backup(ZipOutputStream out) {
        throw new UnsupportedOperationException("whoever wants a copy stops the service, and copies the file");
    }
}

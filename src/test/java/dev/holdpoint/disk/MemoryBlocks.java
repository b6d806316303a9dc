package dev.holdpoint.disk;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A file in memory that remembers what was done to it, and can be told to fail. */
final class MemoryBlocks implements Blocks {
    /** What was done since, in this order. */
    final List<Step> steps = new ArrayList<>();
    /** How many more writes and forces succeed. */
    int patience = Integer.MAX_VALUE;
    private byte[] bytes = new byte[0];
    private int size;

    sealed interface Step {
        final class Write implements Step {
            private final int at;
            private final byte[] bytes;

            Write(int at, byte[] bytes) {
                this.at = at;
                this.bytes = bytes;
            }

            int at() { return at; }

            byte[] bytes() { return bytes; }
        }

        record Cut(int size) implements Step {}

        record Force() implements Step {}
    }

    MemoryBlocks() {}

    private MemoryBlocks(byte[] bytes) {
        this.bytes = bytes;
        this.size = bytes.length;
    }

    synchronized MemoryBlocks copy() {
        return new MemoryBlocks(Arrays.copyOf(bytes, size));
    }

    synchronized void apply(Step step) {
        switch (step) {
            case Step.Write write -> put(write.at(), write.bytes());
            case Step.Cut cut -> size = cut.size();
            case Step.Force force -> {}
        }
    }

    private void put(int at, byte[] some) {
        int end = at + some.length;
        if (end > bytes.length) bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
        if (at > size) Arrays.fill(bytes, size, at, (byte) 0);
        System.arraycopy(some, 0, bytes, at, some.length);
        size = Math.max(size, end);
    }

    @Override
    public synchronized long size() { return size; }

    @Override
    public synchronized void read(long at, ByteBuffer into) throws IOException {
        if (at + into.remaining() > size) throw new EOFException("the file ends at " + size);
        into.put(bytes, (int) at, into.remaining());
    }

    @Override
    public synchronized void write(long at, ByteBuffer from) throws IOException {
        if (patience-- <= 0) throw new IOException("No space left on device");
        byte[] some = new byte[from.remaining()];
        from.get(some);
        steps.add(new Step.Write((int) at, some));
        put((int) at, some);
    }

    @Override
    public synchronized void truncate(long to) {
        steps.add(new Step.Cut((int) to));
        size = (int) to;
    }

    @Override
    public synchronized void force() throws IOException {
        if (patience-- <= 0) throw new IOException("Input/output error");
        steps.add(new Step.Force());
    }

    @Override
    public void close() {}
}

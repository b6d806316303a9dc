package dev.holdpoint.disk;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Blocks in a file of the operating system. */
record FileBlocks(FileChannel file) implements Blocks {
    @Override
    public long size() throws IOException { return file.size(); }

    @Override
    public void read(long at, ByteBuffer into) throws IOException {
        long next = at;
        while (into.hasRemaining()) {
            int count = file.read(into, next);
            if (count < 0) throw new EOFException("the file ends at " + next);
            next += count;
        }
    }

    @Override
    public void write(long at, ByteBuffer bytes) throws IOException {
        long next = at;
        while (bytes.hasRemaining()) next += file.write(bytes, next);
    }

    @Override
    public void truncate(long size) throws IOException {
        file.truncate(size);
    }

    @Override
    public void force() throws IOException {
        file.force(true);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}

package dev.holdpoint.disk;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of one file, by their place. */
interface Blocks extends AutoCloseable {
    long size() throws IOException;

    /** Fills the buffer. Fails beyond the end. */
    void read(long at, ByteBuffer into) throws IOException;

    /** Writes all of the buffer. */
    void write(long at, ByteBuffer bytes) throws IOException;

    void truncate(long size) throws IOException;

    /** Returns when everything written so far would survive a power cut. */
    void force() throws IOException;

    @Override
    void close() throws IOException;
}

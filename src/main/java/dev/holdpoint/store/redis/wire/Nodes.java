package dev.holdpoint.store.redis.wire;

import java.util.List;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Knows which server is in charge of a bucket. */
interface Nodes {
    /** The server that takes writes for this bucket, as far as is known. */
    Future<Primary> primary(int bucket);

    /** The server that a redirected command was pointed to; null where there is no Cluster to point elsewhere. */
    @Nullable
    Primary pointedTo(String hostAndPort);

    /** All servers that take writes, with their buckets. */
    Future<List<Share>> shares();

    /** Somebody was sent away or cut off: look again who is in charge. */
    void doubt();

    void close();

    record Share(Primary primary, List<Integer> buckets) {}
}

package dev.holdpoint.store.redis.wire;

import java.time.Duration;

/**
 * How commands travel.
 *
 * @param links        held connections to each primary
 * @param patience     how long a connection may owe answers without giving one; it is cut within a third more
 * @param confirmation null when the primary's own word is enough
 * @param buckets      number of buckets that keys are spread over
 */
record Settings(int links, Duration patience, Link.@org.jspecify.annotations.Nullable Confirmation confirmation,
        int buckets) {}

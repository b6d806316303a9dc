/**
 * Talks to Redis: held connections, one for each primary, and commands that end in
 * an answer or in a trouble with a name.
 */
@NullMarked
package dev.holdpoint.store.redis.wire;

import org.jspecify.annotations.NullMarked;

/**
 * Keeps jobs in Redis, for many replicas: one script moves a job, its log, its indexes
 * and its outbox entry in one atomic step.
 */
@NullMarked
package dev.holdpoint.store.redis;

import org.jspecify.annotations.NullMarked;

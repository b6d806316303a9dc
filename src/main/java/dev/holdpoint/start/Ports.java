package dev.holdpoint.start;

import dev.holdpoint.job.EventLog;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Outbox;
import dev.holdpoint.job.ShortLived;
import dev.holdpoint.job.StoreCondition;
import dev.holdpoint.job.StoreFacts;

/** What one store fills. */
record Ports(JobStore jobs, EventLog log, Outbox outbox, ShortLived values, StoreFacts facts,
        StoreCondition condition) {}

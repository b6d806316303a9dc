package dev.holdpoint.start;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.holdpoint.job.EventLog;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Outbox;
import dev.holdpoint.job.ShortLived;
import dev.holdpoint.job.StoreCondition;
import dev.holdpoint.job.StoreFacts;
import dev.holdpoint.policy.RuleStore;
import dev.holdpoint.webhook.Deliveries;

/** What one store fills. */
record Ports(JobStore jobs, EventLog log, Outbox outbox, RuleStore rules, ShortLived values, Deliveries deliveries,
        StoreFacts facts, StoreCondition condition) {
    /** The limits that every store tells. */
    static Map<String, Long> told(StoreConfig.JobLimits limits) {
        Map<String, Long> told = new LinkedHashMap<>();
        told.put("activeJobsPerUser", (long) limits.activeJobsPerUser());
        told.put("eventsPerJob", (long) limits.eventsPerJob());
        told.put("logBytesPerJob", limits.logBytesPerJob().asLongValue());
        told.put("keptEventsPerJob", (long) limits.keptEventsPerJob());
        told.put("retainedNamesPerJob", (long) limits.retainedNamesPerJob());
        return told;
    }
}

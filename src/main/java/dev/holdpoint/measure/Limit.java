package dev.holdpoint.measure;

import java.util.Locale;

/** The limits that somebody can run into, by the names of the options that set them where one option does. */
public enum Limit {
    ACTIVE_JOBS_PER_USER, EVENTS_PER_JOB, STORE, SUBSCRIBERS_PER_JOB, SUBSCRIBERS_PER_CALLER,
    REQUESTS_PER_SECOND, REQUESTS_PER_SECOND_PER_TENANT, REQUESTS_PER_SECOND_PER_PROCESS, DECISIONS_PER_MINUTE,
    BODIES_IN_FLIGHT;

    String word() { return name().toLowerCase(Locale.ROOT).replace('_', '-'); }
}

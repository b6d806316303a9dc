package dev.holdpoint.access;

import dev.holdpoint.job.Job;

/** The table of who may do what, in one place. Roles add up: a key with two of them may do what either may. */
public final class Rights {
    private Rights() {}

    /** Create and drive jobs: worker routes. */
    public static boolean mayDrive(Caller caller) {
        return caller.is(Role.AGENT) || caller.is(Role.ADMIN);
    }

    /** Own a new job, where it names nobody else: an agent decides nothing, so it can't stand for a user. */
    public static boolean mayOwn(Caller caller) {
        return !caller.is(Role.AGENT);
    }

    public static boolean mayRead(Caller caller, Job job) {
        return mayReadForAll(caller) || isConcerned(caller, job);
    }

    /** Read every job of the space. */
    public static boolean mayReadForAll(Caller caller) {
        return caller.is(Role.AGENT) || mayDecideForAll(caller);
    }

    /** Whose it is to decide, but for {@link Duties}. */
    static boolean isConcerned(Caller caller, Job job) {
        return mayDecideForAll(caller) || caller.is(Role.USER) && owns(caller, job);
    }

    /** Decide every pending action of the space. */
    public static boolean mayDecideForAll(Caller caller) {
        return caller.is(Role.REVIEWER) || caller.is(Role.ADMIN);
    }

    /** Decide anything at all. */
    public static boolean mayDecideSome(Caller caller) {
        return mayDecideForAll(caller) || caller.is(Role.USER);
    }

    public static boolean mayAbort(Caller caller, Job job) {
        return caller.is(Role.ADMIN) || (caller.is(Role.USER) || caller.is(Role.REVIEWER)) && owns(caller, job);
    }

    /** List the jobs of other users. */
    public static boolean mayListForAll(Caller caller) {
        return mayDecideForAll(caller);
    }

    /** Follow streams, and so fetch tickets for them. */
    public static boolean mayFollow(Caller caller) {
        return mayDecideSome(caller) || caller.is(Role.AGENT);
    }

    /** Read and change the policy of the space. */
    public static boolean mayRule(Caller caller) {
        return caller.is(Role.ADMIN);
    }

    /** Read decisions and history of everybody in the space, verify and export the chain. */
    public static boolean mayAudit(Caller caller) {
        return caller.is(Role.AUDITOR) || caller.is(Role.ADMIN);
    }

    /** Ask what the policy says of a user's calls. */
    public static boolean mayEvaluate(Caller caller) {
        return caller.is(Role.AGENT) || mayDecideForAll(caller);
    }

    /** See and revoke grants: one's own, or with {@link #mayRule} everybody's. */
    public static boolean hasGrants(Caller caller) {
        return mayRule(caller) || caller.is(Role.USER) || caller.is(Role.REVIEWER);
    }

    /** See the webhooks of the space, test them and replay what they missed. */
    public static boolean mayTellOutside(Caller caller) {
        return caller.is(Role.ADMIN);
    }

    public static boolean seesCounts(Caller caller) { return caller.is(Role.ADMIN); }

    public static boolean owns(Caller caller, Job job) {
        return job.details().owner().value().equals(caller.subject());
    }
}

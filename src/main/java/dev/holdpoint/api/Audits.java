package dev.holdpoint.api;

import java.time.Instant;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Rights;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.job.UserId;
import org.jspecify.annotations.Nullable;

/** What the routes over the archive have in common. */
final class Audits {
    private Audits() {}

    /**
     * Whose records the caller gets to see; null for everybody's. Whoever audits may
     * name anybody, everybody else only himself.
     */
    static @Nullable UserId whose(Caller caller, @Nullable String named) {
        if (Rights.mayAudit(caller)) return named == null ? null : new UserId(named);
        if (!Rights.mayDecideSome(caller))
            throw Refusals.forbidden("The caller may not read the archive.").refused();
        if (named != null && !named.equals(caller.subject()))
            throw Refusals.forbidden("Only auditors and admins read what concerns others.").refused();
        return new UserId(caller.subject());
    }

    static @Nullable Instant instant(@Nullable String text, String name) {
        return text == null ? null : Inputs.instant(text, name);
    }
}

package dev.holdpoint.audit;

import java.time.Instant;

import dev.holdpoint.job.JobId;
import dev.holdpoint.job.UserId;
import org.jspecify.annotations.Nullable;

/**
 * Which records to list; what is null asks nothing.
 *
 * @param user      whose job it was
 * @param decidedBy the subject that decided, or tried to
 * @param tool      exact name of a tool that was asked for
 * @param decision  the word of a decision that was given
 * @param from      first moment that counts
 * @param to        first moment that no longer counts
 */
public record AuditQuery(AuditRecord.@Nullable Kind kind, @Nullable JobId job, @Nullable UserId user,
        @Nullable String decidedBy, @Nullable String tool, @Nullable String decision, @Nullable Instant from,
        @Nullable Instant to) {
    public static final AuditQuery EVERYTHING = new AuditQuery(null, null, null, null, null, null, null, null);

    public boolean matches(AuditRecord record, Facets facets) {
        return (kind == null || kind == record.kind())
                && (job == null || job.value().equals(facets.jobId()))
                && (user == null || user.value().equals(facets.userId()))
                && (decidedBy == null || decidedBy.equals(facets.decidedBy()))
                && (tool == null || facets.tools().contains(tool))
                && (decision == null || facets.decisions().contains(decision))
                && (from == null || !record.at().isBefore(from))
                && (to == null || record.at().isBefore(to));
    }
}

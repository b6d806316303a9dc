package dev.holdpoint.policy;

import java.time.Instant;

import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Decision.Scope;
import dev.holdpoint.job.ResolutionId;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.UserId;
import org.jspecify.annotations.Nullable;

/**
 * A remembered approval: calls of exactly this tool need not be asked about.
 *
 * @param user         whose jobs it holds for
 * @param conversation the one conversation that it holds for; null when it holds for all of the user's
 * @param resolution   the decision that it came from
 * @param givenBy      subject of whoever decided
 * @param expiresAt    from then on it holds no more; null when it holds until it is revoked
 * @param uses         how many calls it let through
 */
public record Grant(GrantId id, Space space, UserId user, @Nullable ConversationId conversation, String tool,
        ResolutionId resolution, String givenBy, Instant givenAt, @Nullable Instant expiresAt, long uses,
        @Nullable Instant lastUsedAt) {
    public Scope scope() { return conversation == null ? Scope.ALWAYS : Scope.SESSION; }

    /** The expiry itself is already too late, as with deadlines. */
    public boolean holds(Instant now) {
        return expiresAt == null || now.isBefore(expiresAt);
    }

    public boolean holdsIn(ConversationId where) { return conversation == null || conversation.equals(where); }

    /** Whether both remember the same approval, so that the newer takes the older's place. */
    public boolean replaces(Grant other) {
        return space.equals(other.space) && user.equals(other.user) && tool.equals(other.tool)
                && java.util.Objects.equals(conversation, other.conversation);
    }
}

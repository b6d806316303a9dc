package dev.holdpoint.policy;

import java.time.Duration;

import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.ResolutionId;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.UserId;
import org.jspecify.annotations.Nullable;

/**
 * Asks to remember an approval. One of the same user, conversation and tool takes the older's place.
 *
 * @param conversation null for all of the user's conversations
 * @param ttl          counted by the store's clock; null for until it is revoked
 */
public record NewGrant(GrantId id, Space space, UserId user, @Nullable ConversationId conversation, String tool,
        ResolutionId resolution, String givenBy, @Nullable Duration ttl) {}

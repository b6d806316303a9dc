package dev.holdpoint.job;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The one accepted submission that closed a pending action.
 *
 * @param decidedAt  by the store's clock
 * @param durability the word for how safely the store held it when it was acknowledged
 */
public record Resolution(ResolutionId id, JobKey job, long generation, PendingAction action,
        ConversationId conversation,
        UserId owner, @Nullable AgentId agent, DecidedBy decidedBy, Instant decidedAt, Submission submission,
        String durability) {
    /** The same resolution with this object for its action, which must be equal to the one it has. */
    public Resolution of(PendingAction same) {
        return new Resolution(id, job, generation, same, conversation, owner, agent, decidedBy, decidedAt, submission,
                durability);
    }

    /** How long the prompt was open. */
    public Duration waited() {
        return Duration.between(action.createdAt(), decidedAt);
    }
}

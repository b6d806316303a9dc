package dev.holdpoint.policy;

import java.util.List;
import java.util.Map;

import dev.holdpoint.job.Debt.Note;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.UserId;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/**
 * Port to the policy and the remembered approvals of each space. Whatever could take a permission away (a
 * changed policy, a revoked grant) raises the space's revision before it is acknowledged, and from then on no
 * move that rests on an older one is let through.
 */
public interface RuleStore {
    /** Most grants of a user, and of one conversation of his. */
    int MOST_OF_A_USER = 256;
    int MOST_OF_A_CONVERSATION = 64;

    /**
     * Which policy is in force. Whoever judges reads this before the grants, or a
     * revocation between the two would go unnoticed.
     */
    Uni<Standing> standing(Space space);

    /** Lifts the space's revision to one that a move was measured by: after a failover its own may have been lost. */
    Uni<Void> catchUp(Space space, long revision);

    /**
     * Puts the policy in the place of the version expected, 0 for none, and owes the archive the note in the same step.
     */
    Uni<Change> change(Space space, long expectedVersion, Json policy, Note note);

    /** What of a user's grants holds now, oldest first. */
    Uni<List<Grant>> grants(Space space, UserId user);

    /** Every grant of a space that holds now, of one user when one is named, oldest first. */
    Uni<Page<Grant>> list(Space space, @Nullable UserId user, @Nullable String cursor, int limit);

    /** The grant, if it holds; null otherwise. */
    Uni<@Nullable Grant> find(Space space, GrantId id);

    Uni<Giving> give(NewGrant wanted, Note note);

    /**
     * Ends the grant: false when there is none. Once this is answered no worker is
     * told that a call may run because of it.
     */
    Uni<Boolean> revoke(Grant grant, Note note);

    /** Counts calls that grants let through. May be lost: the archive's records are what counts. */
    Uni<Void> used(Space space, UserId user, Map<GrantId, Integer> calls);

    /**
     * @param version  0 before the first change
     * @param policy   as {@link PolicyDocument} wrote it; null before the first change
     * @param revision of the space's rules
     */
    record Standing(long version, @Nullable Json policy, long revision) {}

    sealed interface Change {
        record Changed(long version) implements Change {}

        /** Somebody else changed it: nothing was done. */
        record Stale(long version) implements Change {}
    }

    sealed interface Giving {
        record Given(Grant grant) implements Giving {}

        /** The user or the conversation has as many as there may be; nothing was evicted. */
        record Full() implements Giving {}
    }
}

package dev.holdpoint.door;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Rights;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.job.Archive;
import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.job.UserId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * What a caller may know of a conversation: all of it, or the turns that are his. Whoever starts a job names its
 * conversation, so another's turn in it must close it to nobody.
 */
@Singleton
public class ConversationAccess {
    private final Archive archive;
    private final JobAccess jobs;

    ConversationAccess(Archive archive, JobAccess jobs) {
        this.archive = archive;
        this.jobs = jobs;
    }

    /** A page of the stored turns that are for the caller, oldest first. */
    public Uni<Page<Job>> turns(Caller caller, ConversationId conversation, @Nullable String cursor, int limit) {
        return archive.turns(caller.space(), conversation,
                Rights.mayReadForAll(caller) ? null : new UserId(caller.subject()), cursor, limit);
    }

    /**
     * The job that bears the conversation's id. One that can't be looked up counts as
     * none: history stays readable without it.
     */
    public Uni<@Nullable Sighting> current(Caller caller, ConversationId conversation) {
        return Uni.createFrom().deferred(() -> jobs.find(caller, new JobId(conversation.value()))).onFailure()
                .recoverWithNull();
    }

    /** Whether the caller has a turn under way, of which nothing is stored yet. */
    public static boolean isActive(Caller caller, @Nullable Sighting current) {
        return current != null && current.job().isActive(current.at()) && Rights.owns(caller, current.job())
                && current.job().key().space().equals(caller.space());
    }

    /** An ended turn is part of the conversation at once, also while it is still on its way to the archive. */
    public static @Nullable Job latest(Caller caller, ConversationId conversation, @Nullable Sighting current) {
        return current != null && isTurn(conversation, current.job()) && Rights.mayRead(caller, current.job())
                ? current.job()
                : null;
    }

    private static boolean isTurn(ConversationId conversation, Job job) {
        return job.ended().isPresent() && job.details().conversation().equals(conversation);
    }

    /**
     * For a caller who has no turn to read: refuses a conversation in which others have any, and one of which nothing
     * is known unless he has a turn under way.
     *
     * @param unknown what is said of the latter
     */
    public Uni<Void> judgeEmpty(Caller caller, ConversationId conversation, @Nullable Sighting current,
            String unknown) {
        return isAnothers(caller, conversation, current).invoke(anothers -> {
            if (anothers)
                throw new Problem(ProblemType.FORBIDDEN, "User not authorized for this conversation").refused();
            if (!isActive(caller, current)) throw new Problem(ProblemType.NO_SUCH_CONVERSATION, unknown).refused();
        }).replaceWithVoid();
    }

    private Uni<Boolean> isAnothers(Caller caller, ConversationId conversation, @Nullable Sighting current) {
        if (Rights.mayReadForAll(caller)) return Uni.createFrom().item(false);
        if (current != null && isTurn(conversation, current.job())) return Uni.createFrom().item(true);
        return archive.turns(caller.space(), conversation, null, null, 1).map(stored -> !stored.items().isEmpty());
    }
}

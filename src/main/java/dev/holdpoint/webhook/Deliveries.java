package dev.holdpoint.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/** Port to what is still to be sent. Shared by every replica of one store; times are the store's. */
public interface Deliveries {
    /** Most messages that wait for one endpoint; beyond it the oldest die. */
    int MOST_WAITING = 5_000;
    /** Most dead letters of one endpoint; beyond it the oldest are forgotten. */
    int MOST_DEAD = 1_000;
    /** What was delivered is known for so long and so far, should it be queued again. */
    Duration REMEMBERED = Duration.ofDays(1);
    int MOST_REMEMBERED = 10_000;

    /** Queues these, due at once. What is queued, dead or lately delivered is left as it is. */
    Uni<Void> add(Queue queue, List<Message> messages);

    /** Messages that are due, longest first. For the lease nobody else gets them; after it they are due again. */
    Uni<List<Taken>> take(Queue queue, int limit, Duration lease);

    /** Writes down what came of an attempt. An attempt that somebody else has settled since changes nothing. */
    Uni<Void> settle(Queue queue, Taken taken, Outcome outcome);

    /** Dead letters, newest first, behind a place. */
    Uni<List<DeadLetter>> dead(Queue queue, @Nullable String after, int limit);

    /** Queues a dead letter again as if it were new; false when there is none of that id. */
    Uni<Boolean> replay(Queue queue, String id);

    Uni<Standing> standing(Queue queue);

    /** @param attempt how often it was tried before */
    record Taken(Message message, int attempt) {}

    sealed interface Outcome {
        record Delivered() implements Outcome {}

        record Again(Duration in, String why) implements Outcome {}

        record Dead(String why) implements Outcome {}
    }

    /**
     * @param waiting how many messages are queued
     * @param why     what came of the last attempt that failed
     */
    record Standing(long waiting, long dead, @Nullable Instant lastDelivered, @Nullable Instant lastFailed,
            @Nullable String why) {}
}

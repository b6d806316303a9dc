package dev.holdpoint.store.memory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

import dev.holdpoint.webhook.DeadLetter;
import dev.holdpoint.webhook.Deliveries;
import dev.holdpoint.webhook.Message;
import dev.holdpoint.webhook.Queue;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/** What is still to be sent from this process, bounded for each endpoint. Changes are made by the few methods of {@link Waiting}. */
public final class MemoryDeliveries implements Deliveries {
    private final Object lock = new Object();
    private final Map<Queue, Waiting> queues = new HashMap<>();
    private final InstantSource clock;

    public MemoryDeliveries(InstantSource clock) { this.clock = clock; }

    private record Held(Message message, int attempt, Instant due) {}

    /** One queue. Guarded by the lock. */
    private static final class Waiting {
        private final Queue queue;
        /** In the order of their coming. */
        private final Map<String, Held> held = new LinkedHashMap<>();
        private final Map<String, Instant> delivered = new LinkedHashMap<>();
        /** By place. */
        private final NavigableMap<String, DeadLetter> letters = new TreeMap<>();
        private final Map<String, String> places = new HashMap<>();
        private @Nullable Instant lastDelivered;
        private @Nullable Instant lastFailed;
        private @Nullable String why;

        Waiting(Queue queue) { this.queue = queue; }

        boolean knows(String id) {
            return held.containsKey(id) || places.containsKey(id) || delivered.containsKey(id);
        }

        void hold(Held one) { held.put(one.message().id(), one); }

        void makeRoom(Instant now) {
            while (held.size() > MOST_WAITING) {
                Held oldest = held.values().iterator().next();
                die(oldest, oldest.attempt(), now, "queue-full");
            }
        }

        void deliver(String id, Instant now) {
            held.remove(id);
            delivered.put(id, now);
            lastDelivered = now;
            delivered.values().removeIf(at -> !now.isBefore(at.plus(REMEMBERED)));
            if (delivered.size() > MOST_REMEMBERED) delivered.remove(delivered.keySet().iterator().next());
        }

        void fail(String failure, Instant now) {
            lastFailed = now;
            why = failure;
        }

        void die(Held one, int attempts, Instant now, String reason) {
            held.remove(one.message().id());
            DeadLetter letter = new DeadLetter(queue.endpoint(), one.message(), now, attempts, reason);
            letters.put(letter.place(), letter);
            places.put(one.message().id(), letter.place());
            if (letters.size() > MOST_DEAD) forget(letters.firstEntry().getValue());
        }

        void forget(DeadLetter letter) {
            letters.remove(letter.place());
            places.remove(letter.message().id());
        }
    }

    @Override
    public Uni<Void> add(Queue queue, List<Message> messages) {
        return locked(queue, (waiting, now) -> {
            messages.stream().filter(message -> !waiting.knows(message.id()))
                    .forEach(message -> waiting.hold(new Held(message, 0, now)));
            waiting.makeRoom(now);
            return null;
        });
    }

    @Override
    public Uni<List<Taken>> take(Queue queue, int limit, Duration lease) {
        return locked(queue, (waiting, now) -> {
            List<Held> due = waiting.held.values().stream().filter(one -> !now.isBefore(one.due()))
                    .sorted(Comparator.comparing(Held::due)).limit(limit).toList();
            due.forEach(one -> waiting.hold(new Held(one.message(), one.attempt(), now.plus(lease))));
            return due.stream().map(one -> new Taken(one.message(), one.attempt())).toList();
        });
    }

    @Override
    public Uni<Void> settle(Queue queue, Taken taken, Outcome outcome) {
        return locked(queue, (waiting, now) -> {
            Held held = waiting.held.get(taken.message().id());
            if (held == null) return null;
            boolean stale = held.attempt() != taken.attempt();
            switch (outcome) {
                // Delivered is delivered, whoever's attempt it was.
                case Outcome.Delivered delivered -> waiting.deliver(taken.message().id(), now);
                case Outcome.Again again -> {
                    if (stale) return null;
                    waiting.hold(new Held(held.message(), held.attempt() + 1, now.plus(again.in())));
                    waiting.fail(again.why(), now);
                }
                case Outcome.Dead dead -> {
                    if (stale) return null;
                    waiting.die(held, held.attempt() + 1, now, dead.why());
                    waiting.fail(dead.why(), now);
                }
            }
            return null;
        });
    }

    @Override
    public Uni<List<DeadLetter>> dead(Queue queue, @Nullable String after, int limit) {
        return locked(queue, (waiting, now) -> (after == null ? waiting.letters : waiting.letters.headMap(after, false))
                .descendingMap().values().stream().limit(limit).toList());
    }

    @Override
    public Uni<Boolean> replay(Queue queue, String id) {
        return locked(queue, (waiting, now) -> {
            String place = waiting.places.get(id);
            DeadLetter letter = place == null ? null : waiting.letters.get(place);
            if (letter == null) return false;
            waiting.forget(letter);
            waiting.hold(new Held(letter.message(), 0, now));
            return true;
        });
    }

    @Override
    public Uni<Standing> standing(Queue queue) {
        return locked(queue, (waiting, now) -> new Standing(waiting.held.size(), waiting.letters.size(),
                waiting.lastDelivered, waiting.lastFailed, waiting.why));
    }

    private <T extends @Nullable Object> Uni<T> locked(Queue queue, BiFunction<Waiting, Instant, T> command) {
        return Uni.createFrom().item(() -> {
            synchronized (lock) {
                return command.apply(queues.computeIfAbsent(queue, Waiting::new),
                        clock.instant().truncatedTo(ChronoUnit.MILLIS));
            }
        });
    }
}

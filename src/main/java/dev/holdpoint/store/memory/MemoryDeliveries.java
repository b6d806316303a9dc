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

import dev.holdpoint.disk.Disk;
import dev.holdpoint.disk.Scribe;
import dev.holdpoint.store.memory.DeliveryRows.Dead;
import dev.holdpoint.store.memory.DeliveryRows.Delivered;
import dev.holdpoint.store.memory.DeliveryRows.Held;
import dev.holdpoint.store.memory.DeliveryRows.Told;
import dev.holdpoint.webhook.DeadLetter;
import dev.holdpoint.webhook.Deliveries;
import dev.holdpoint.webhook.Message;
import dev.holdpoint.webhook.Queue;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/**
 * What is still to be sent from this process, bounded for each endpoint. Changes are made
 * by the few methods of {@link Waiting}.
 */
public final class MemoryDeliveries implements Deliveries {
    private final Map<Queue, Waiting> queues = new HashMap<>();
    private final Disk disk;
    private final Scribe scribe;
    private final DeliveryRows rows;
    private final InstantSource clock;
    private long counter;

    /** Forgotten with the process. */
    public MemoryDeliveries(InstantSource clock) { this(clock, Disk.none()); }

    /** Goes on where it was when the disk was written last. */
    public MemoryDeliveries(InstantSource clock, Disk disk) {
        this.clock = clock;
        this.disk = disk;
        this.scribe = new Scribe(disk);
        this.rows = new DeliveryRows(scribe);
        DeliveryRows.read(disk, (queue, row) -> enter(waiting(queue), row));
    }

    private void enter(Waiting waiting, DeliveryRows.Row row) {
        switch (row) {
            case Held one -> {
                waiting.held.put(one.message().id(), one);
                counter = Math.max(counter, one.number());
            }
            case Delivered one -> waiting.delivered.put(one.id(), one.at());
            case Dead one -> waiting.enter(one.letter());
            case Told one -> waiting.told = one;
        }
    }

    private Waiting waiting(Queue queue) { return queues.computeIfAbsent(queue, Waiting::new); }

    /** One queue. Only alone. */
    private final class Waiting {
        private final Queue queue;
        /** In the order of their coming. */
        private final Map<String, Held> held = new LinkedHashMap<>();
        private final Map<String, Instant> delivered = new LinkedHashMap<>();
        /** By place. */
        private final NavigableMap<String, DeadLetter> letters = new TreeMap<>();
        private final Map<String, String> places = new HashMap<>();
        private Told told = new Told(null, null, null);

        Waiting(Queue queue) { this.queue = queue; }

        boolean knows(String id) {
            return held.containsKey(id) || places.containsKey(id) || delivered.containsKey(id);
        }

        void hold(Message message, int attempt, Instant due) {
            Held before = held.get(message.id());
            Held one = new Held(before == null ? ++counter : before.number(), message, attempt, due);
            held.put(message.id(), one);
            rows.put(queue, one);
        }

        private void release(Held one) {
            held.remove(one.message().id());
            rows.remove(queue, one);
        }

        void makeRoom(Instant now) {
            while (held.size() > MOST_WAITING) {
                Held oldest = held.values().iterator().next();
                die(oldest, oldest.attempt(), now, "queue-full");
            }
        }

        void deliver(Held one, Instant now) {
            release(one);
            remember(one.message().id(), now);
        }

        /** It may have died while it was on its way, as of a full queue. */
        void deliverDead(String id, Instant now) {
            DeadLetter letter = letter(id);
            if (letter == null) return;
            forget(letter);
            remember(id, now);
        }

        private void remember(String id, Instant now) {
            delivered.put(id, now);
            rows.put(queue, new Delivered(id, now));
            tell(new Told(now, told.lastFailed(), told.why()));
            while (isForgettable(now)) forgetDelivered(delivered.entrySet().iterator().next());
        }

        private boolean isForgettable(Instant now) {
            return delivered.size() > MOST_REMEMBERED
                    || !delivered.isEmpty() && !now.isBefore(delivered.values().iterator().next().plus(REMEMBERED));
        }

        private void forgetDelivered(Map.Entry<String, Instant> oldest) {
            rows.remove(queue, new Delivered(oldest.getKey(), oldest.getValue()));
            delivered.remove(oldest.getKey());
        }

        void fail(String failure, Instant now) { tell(new Told(told.lastDelivered(), now, failure)); }

        private void tell(Told latest) {
            told = latest;
            rows.put(queue, latest);
        }

        void die(Held one, int attempts, Instant now, String reason) {
            release(one);
            DeadLetter letter = new DeadLetter(queue.endpoint(), one.message(), now, attempts, reason);
            enter(letter);
            rows.put(queue, new Dead(letter));
            if (letters.size() > MOST_DEAD) forget(letters.firstEntry().getValue());
        }

        private void enter(DeadLetter letter) {
            letters.put(letter.place(), letter);
            places.put(letter.message().id(), letter.place());
        }

        @Nullable
        DeadLetter letter(String id) {
            String place = places.get(id);
            return place == null ? null : letters.get(place);
        }

        void forget(DeadLetter letter) {
            letters.remove(letter.place());
            places.remove(letter.message().id());
            rows.remove(queue, new Dead(letter));
        }
    }

    @Override
    public Uni<Void> add(Queue queue, List<Message> messages) {
        return locked(queue, (waiting, now) -> {
            messages.stream().filter(message -> !waiting.knows(message.id()))
                    .forEach(message -> waiting.hold(message, 0, now));
            waiting.makeRoom(now);
            return null;
        });
    }

    @Override
    public Uni<List<Taken>> take(Queue queue, int limit, Duration lease) {
        return locked(queue, (waiting, now) -> {
            List<Held> due = waiting.held.values().stream().filter(one -> !now.isBefore(one.due()))
                    .sorted(Comparator.comparing(Held::due)).limit(limit).toList();
            due.forEach(one -> waiting.hold(one.message(), one.attempt(), now.plus(lease)));
            return due.stream().map(one -> new Taken(one.message(), one.attempt())).toList();
        });
    }

    @Override
    public Uni<Void> settle(Queue queue, Taken taken, Outcome outcome) {
        return locked(queue, (waiting, now) -> {
            Held held = waiting.held.get(taken.message().id());
            if (held == null) {
                if (outcome instanceof Outcome.Delivered) waiting.deliverDead(taken.message().id(), now);
                return null;
            }
            boolean stale = held.attempt() != taken.attempt();
            switch (outcome) {
                // Delivered is delivered, whoever's attempt it was.
                case Outcome.Delivered delivered -> waiting.deliver(held, now);
                case Outcome.Again again -> {
                    if (stale) return null;
                    waiting.hold(held.message(), held.attempt() + 1, now.plus(again.in()));
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
            DeadLetter letter = waiting.letter(id);
            if (letter == null) return false;
            waiting.forget(letter);
            waiting.hold(letter.message(), 0, now);
            return true;
        });
    }

    @Override
    public Uni<Standing> standing(Queue queue) {
        return locked(queue, (waiting, now) -> new Standing(waiting.held.size(), waiting.letters.size(),
                waiting.told.lastDelivered(), waiting.told.lastFailed(), waiting.told.why()));
    }

    private <T extends @Nullable Object> Uni<T> locked(Queue queue, BiFunction<Waiting, Instant, T> command) {
        return disk.answer(() -> scribe.alone(
                () -> command.apply(waiting(queue), clock.instant().truncatedTo(ChronoUnit.MILLIS))));
    }
}

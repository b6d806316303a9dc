package dev.holdpoint.store.memory;

import java.time.Instant;
import java.util.function.BiConsumer;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.holdpoint.disk.Disk;
import dev.holdpoint.disk.Scribe;
import dev.holdpoint.text.Texts;
import dev.holdpoint.webhook.DeadLetter;
import dev.holdpoint.webhook.Message;
import dev.holdpoint.webhook.Queue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/** Queues of webhooks as rows of the disk. Those of one kind stand in the order in which they came. */
@RegisterForReflection(targets = {DeliveryRows.Stored.class, DeliveryRows.Row.class, DeliveryRows.Held.class,
    DeliveryRows.Delivered.class, DeliveryRows.Dead.class, DeliveryRows.Told.class, Queue.class, Message.class,
    DeadLetter.class})
final class DeliveryRows {
    private static final String TABLE = "deliveries";

    private final Scribe scribe;

    DeliveryRows(Scribe scribe) { this.scribe = scribe; }

    record Stored(Queue queue, Row row) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({@JsonSubTypes.Type(value = Held.class, name = "held"),
        @JsonSubTypes.Type(value = Delivered.class, name = "delivered"),
        @JsonSubTypes.Type(value = Dead.class, name = "dead"),
        @JsonSubTypes.Type(value = Told.class, name = "told")})
    sealed interface Row {
        /** Names the row in its queue. */
        String key();
    }

    /** @param number in the order of coming, over all queues */
    record Held(long number, Message message, int attempt, Instant due) implements Row {
        @Override
        public String key() { return "held/" + Scribe.key(number); }
    }

    record Delivered(String id, Instant at) implements Row {
        @Override
        public String key() { return "delivered/" + Scribe.key(at.toEpochMilli()) + "/" + id; }
    }

    record Dead(DeadLetter letter) implements Row {
        @Override
        public String key() { return "dead/" + letter.place(); }
    }

    /** What came of the last attempts. */
    record Told(@Nullable Instant lastDelivered, @Nullable Instant lastFailed, @Nullable String why) implements Row {
        @Override
        public String key() { return "told"; }
    }

    void put(Queue queue, Row row) {
        scribe.put(TABLE, key(queue, row), () -> Texts.write(new Stored(queue, row)));
    }

    void remove(Queue queue, Row row) { scribe.remove(TABLE, key(queue, row)); }

    /** The kind comes first, so that each queue gets its rows of one kind in their order. */
    private static String key(Queue queue, Row row) {
        String tenant = queue.space().tenant() == null ? "" : queue.space().tenant().value();
        return row.key() + "\n" + tenant + "\n" + queue.endpoint();
    }

    static void read(Disk disk, BiConsumer<Queue, Row> row) {
        disk.read(TABLE, (key, text) -> {
            Stored stored = Texts.read(text, Stored.class);
            row.accept(stored.queue(), stored.row());
        });
    }
}

package dev.holdpoint.audit;

import java.time.Duration;
import java.time.Instant;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Space;
import org.jspecify.annotations.Nullable;

/** Signs a chain now and then, so that whoever rewrites it needs the key as well. */
public final class Checkpoints {
    public static final int EVERY_RECORDS = 1_000;
    public static final Duration EVERY = Duration.ofHours(1);

    private final SigningKey key;
    private final int everyRecords;
    private final Duration every;

    public Checkpoints(SigningKey key) { this(key, EVERY_RECORDS, EVERY); }

    /** A checkpoint is due after {@code everyRecords} records, and after {@code every} when there are any. */
    public Checkpoints(SigningKey key, int everyRecords, Duration every) {
        if (everyRecords < 1)
            throw new IllegalArgumentException("everyRecords must be positive, but is " + everyRecords);
        this.key = key;
        this.everyRecords = everyRecords;
        this.every = every;
    }

    /** @param recordsSinceLast records behind the last checkpoint, or in the chain when it has none */
    public boolean due(long recordsSinceLast, Duration timeSinceLast) {
        return recordsSinceLast >= everyRecords || recordsSinceLast > 0 && timeSinceLast.compareTo(every) >= 0;
    }

    /** The checkpoint that belongs right behind {@code head}. For {@link AuditTrail#seal}. */
    public AuditRecord behind(Space space, Head head, Instant at) {
        ObjectNode members = Canonical.emptyObject();
        members.put("upToSeq", head.seq());
        members.put("headHash", head.hash());
        members.put("keyId", key.keyId());
        members.put("signature", key.sign(text(space.tenant() == null ? null : space.tenant().value(), head)));
        return AuditRecord.of(space, "checkpoint-" + head.seq(), AuditRecord.Kind.CHECKPOINT, at,
                new Json(members.toString()), null);
    }

    /** What the signature of a checkpoint covers. */
    static String text(@Nullable String tenant, Head head) {
        return String.join("\n", "holdpoint audit checkpoint v1", tenant == null ? "" : tenant,
                Long.toString(head.seq()), head.hash());
    }
}

package dev.holdpoint.sweep;

import java.time.Duration;

import dev.holdpoint.audit.AuditTrail;
import dev.holdpoint.job.ArchiveTrouble;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.StoreTrouble;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/** Where it is asked for, nobody is told of a decision before its record is in the archive. */
public final class RecordFirst {
    private static final Duration SOON = Duration.ofMillis(20);
    private static final Duration LATER = Duration.ofMillis(200);
    private static final int LOOKS = 8;

    private final boolean required;
    private final AuditTrail trail;
    private final Archiving archiving;

    public RecordFirst(boolean required, AuditTrail trail, Archiving archiving) {
        this.required = required;
        this.trail = trail;
        this.archiving = archiving;
    }

    public boolean isRequired() { return required; }

    /** Fails with an unknown outcome when the record can't be had now: the same decision sent again finds out. */
    public Uni<Void> see(Resolution made) {
        if (!required) return Uni.createFrom().voidItem();
        // The entry may be in the hands of a run that is under way, here or on another replica.
        // What else the run stumbles over is not this decision's trouble.
        return archiving.run().onFailure(StoreTrouble.class).recoverWithNull().chain(() -> isRecorded(made))
                .chain(there -> there ? Uni.createFrom().voidItem()
                        : Uni.createFrom().<Void>failure(unknown(null)))
                .onFailure(StoreTrouble.class).retry().withBackOff(SOON, LATER).atMost(LOOKS)
                .onFailure(ArchiveTrouble.class).transform(RecordFirst::unknown);
    }

    private Uni<Boolean> isRecorded(Resolution made) {
        return trail.find(made.job().space(), made.id().value()).map(found -> found != null);
    }

    private static StoreTrouble unknown(@Nullable Throwable cause) {
        return new StoreTrouble(StoreTrouble.Kind.OUTCOME_UNKNOWN, "decided, but not on record yet", cause);
    }
}

package dev.holdpoint.door;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Supplier;

import dev.holdpoint.access.Caller;
import dev.holdpoint.audit.AuditRecord.Kind;
import dev.holdpoint.door.json.Members;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.door.problem.Refused;
import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.Debt.Note;
import dev.holdpoint.job.Outbox;
import dev.holdpoint.job.Text;
import dev.holdpoint.policy.GrantId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Puts on record who tried to decide what he must not, or to change what is decided by. */
@Startup
@ApplicationScoped
public class Attempts {
    private static final Logger LOG = Logger.getLogger(Attempts.class);

    private final Outbox outbox;
    private final InstantSource clock;
    private final Counter forbidden;

    Attempts(Outbox outbox, InstantSource clock, MeterRegistry meters) {
        this.outbox = outbox;
        this.clock = clock;
        this.forbidden = Counter.builder("holdpoint.decisions.forbidden")
                .description("Attempts to decide, or to change what is decided by, of somebody who must not")
                .register(meters);
    }

    /** What somebody tried; what doesn't belong to it is null. */
    public record Attempt(String what, @Nullable String job, @Nullable ActionId action, @Nullable GrantId grant) {
        public static Attempt toResolve(String job, @Nullable ActionId action) {
            return new Attempt("resolve", job, action, null);
        }

        public static Attempt toAbort(String job) { return new Attempt("abort", job, null, null); }

        public static Attempt toReadPolicy() { return new Attempt("read-policy", null, null, null); }

        public static Attempt toChangePolicy() { return new Attempt("change-policy", null, null, null); }

        public static Attempt toSimulate() { return new Attempt("simulate-policy", null, null, null); }

        public static Attempt toErase() { return new Attempt("erase", null, null, null); }

        public static Attempt toRevoke(GrantId grant) { return new Attempt("revoke-grant", null, null, grant); }
    }

    /** Does the work, and records when it is refused. */
    public <T> Uni<T> watched(Caller caller, Attempt attempt, Supplier<Uni<T>> work) {
        return Uni.createFrom().deferred(work::get)
                .onFailure(Refused.class).call(refused -> record(refused, caller, attempt));
    }

    /** A record that can't be made is no reason to answer otherwise. */
    private Uni<Void> record(Refused refused, Caller caller, Attempt attempt) {
        LOG.infof("refused: what=%s jobId=%s subject=%s roles=%s", attempt.what(), encoded(attempt.job()),
                encoded(caller.subject()), caller.roleWords());
        if (refused.problem().type() != ProblemType.FORBIDDEN) return Uni.createFrom().voidItem();
        forbidden.increment();
        return outbox.owe(note(caller, attempt))
                .onFailure().invoke(unrecorded -> LOG.warnf("an attempt is not on record: %s", unrecorded.getMessage()))
                .onFailure().recoverWithNull();
    }

    private static String encoded(@Nullable String text) {
        return text == null ? "" : Text.encoded(text);
    }

    /**
     * The same for the same attempt within a minute: whoever hammers at a door makes one record, not
     * a flood that pushes others out. Of ids only the job's counts, which is there: others could be
     * made up, each for a record of its own.
     */
    private String name(Caller caller, Attempt attempt) {
        String same =
                String.join("\n", String.valueOf(caller.space().tenant()), caller.subject(), attempt.what(),
                        String.valueOf(attempt.job()),
                        Long.toString(clock.instant().getEpochSecond() / 60));
        return "attempt/" + UUID.nameUUIDFromBytes(same.getBytes(StandardCharsets.UTF_8));
    }

    private Note note(Caller caller, Attempt attempt) {
        return new Note(name(caller, attempt), Kind.ATTEMPT.word(), caller.space(), clock.instant(),
                Members.json(json -> json.text("tried", attempt.what()).text("jobId", attempt.job())
                        .text("actionId", attempt.action()).text("grantId", attempt.grant())
                        .object("decidedBy", who -> who.text("subject", caller.subject())
                                .texts("roles", caller.roleWords()).text("via", caller.via()))),
                null);
    }
}

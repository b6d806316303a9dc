package dev.holdpoint.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

import dev.holdpoint.access.Caller;
import dev.holdpoint.api.json.Members;
import dev.holdpoint.api.problem.ProblemType;
import dev.holdpoint.api.problem.Refused;
import dev.holdpoint.audit.AuditRecord.Kind;
import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.DecidedBy;
import dev.holdpoint.job.Debt.Note;
import dev.holdpoint.job.Ids;
import dev.holdpoint.job.Outbox;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Puts on record who tried to decide what he must not. */
@ApplicationScoped
class Attempts {
    private static final Logger LOG = Logger.getLogger(Attempts.class);

    private final Outbox outbox;
    private final Ids ids;
    private final InstantSource clock;
    private final MeterRegistry meters;

    Attempts(Outbox outbox, Ids ids, InstantSource clock, MeterRegistry meters) {
        this.outbox = outbox;
        this.ids = ids;
        this.clock = clock;
        this.meters = meters;
    }

    /** A record that can't be made is no reason to answer otherwise. */
    Uni<Void> record(Throwable failure, Caller caller, String jobId, ActionId action, DecidedBy by) {
        LOG.infof("decision refused: jobId=%s subject=%s roles=%s", URLEncoder.encode(jobId, StandardCharsets.UTF_8),
                URLEncoder.encode(by.subject(), StandardCharsets.UTF_8), by.roles());
        if (!(failure instanceof Refused refused) || refused.problem().type() != ProblemType.FORBIDDEN)
            return Uni.createFrom().voidItem();
        meters.counter("holdpoint.decisions.forbidden").increment();
        return outbox.owe(note(caller, jobId, action, by))
                .onFailure().invoke(unrecorded -> LOG.warnf("an attempt is not on record: %s", unrecorded.getMessage()))
                .onFailure().recoverWithNull();
    }

    private Note note(Caller caller, String jobId, ActionId action, DecidedBy by) {
        return new Note(ids.next(), Kind.ATTEMPT.word(), caller.space(), clock.instant(),
                Members.json(json -> json.text("jobId", jobId).text("actionId", action).object("decidedBy",
                        who -> who.text("subject", by.subject()).texts("roles", by.roles()).text("via", by.via()))),
                null);
    }
}

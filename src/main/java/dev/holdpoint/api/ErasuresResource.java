package dev.holdpoint.api;

import java.time.InstantSource;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Rights;
import dev.holdpoint.audit.AuditRecord.Kind;
import dev.holdpoint.audit.AuditTrail;
import dev.holdpoint.door.Answer;
import dev.holdpoint.door.Attempts;
import dev.holdpoint.door.Attempts.Attempt;
import dev.holdpoint.door.Calls;
import dev.holdpoint.door.Calls.Repeat;
import dev.holdpoint.door.CurrentCall;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.json.Members;
import dev.holdpoint.door.json.Requests;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.job.Archive;
import dev.holdpoint.job.Debt.Note;
import dev.holdpoint.job.Ids;
import dev.holdpoint.job.Outbox;
import dev.holdpoint.job.UserId;
import dev.holdpoint.sweep.Archiving;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestResponse;

/** Erases what a user's jobs said, and leaves the proof that they were. */
@Path("/v1/erasures")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ErasuresResource {
    private final AuditTrail trail;
    private final Archive archive;
    private final Archiving archiving;
    private final Outbox outbox;
    private final Ids ids;
    private final InstantSource clock;
    private final Attempts attempts;
    private final CurrentCall call;
    private final Calls calls;

    ErasuresResource(AuditTrail trail, Archive archive, Archiving archiving, Outbox outbox, Ids ids,
            InstantSource clock, Attempts attempts, CurrentCall call, Calls calls) {
        this.trail = trail;
        this.archive = archive;
        this.archiving = archiving;
        this.outbox = outbox;
        this.ids = ids;
        this.clock = clock;
        this.attempts = attempts;
        this.call = call;
        this.calls = calls;
    }

    @POST
    public Uni<RestResponse<byte[]>> erase(Requests.Erase body, HttpServerRequest request) {
        return calls.once(request, Repeat.HARMFUL, () -> attempts.watched(call.caller(), Attempt.toErase(), () -> {
            Caller caller = call.caller();
            if (!Rights.mayRule(caller)) throw Refusals.forbidden("Only admins erase.").refused();
            UserId user = new UserId(Inputs.present(body.userId(), "userId"));
            // What is still on its way there would arrive behind the erasure.
            return archiving.run().chain(() -> archive.erase(caller.space(), user))
                    .chain(jobs -> trail.erase(caller.space(), user).chain(records -> outbox
                            .owe(note(caller, user, jobs, records))
                            .replaceWith(Answer.ok(json -> json.number("jobs", jobs).number("records", records)))));
        }));
    }

    private Note note(Caller caller, UserId user, long jobs, long records) {
        return new Note(ids.next(), Kind.ERASURE.word(), caller.space(), clock.instant(),
                Members.json(json -> json.text("by", caller.subject()).text("userId", user).number("jobs", jobs)
                        .number("records", records)),
                null);
    }
}

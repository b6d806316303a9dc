package dev.holdpoint.api;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Rights;
import dev.holdpoint.audit.AuditQuery;
import dev.holdpoint.audit.AuditRecord.Kind;
import dev.holdpoint.audit.AuditTrail;
import dev.holdpoint.audit.ChainedRecord;
import dev.holdpoint.audit.Facets;
import dev.holdpoint.audit.Inspection;
import dev.holdpoint.audit.Presented;
import dev.holdpoint.audit.Verdict;
import dev.holdpoint.door.Answer;
import dev.holdpoint.door.Calls;
import dev.holdpoint.door.CurrentCall;
import dev.holdpoint.door.Departures;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.json.Requests;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.job.DecisionKind;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.UserId;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The proof of what was decided: as a list, one by one, as a whole, and put to the test. */
@Path("/v1/resolutions")
@Produces(MediaType.APPLICATION_JSON)
public class ResolutionsResource {
    private static final String NDJSON = "application/x-ndjson";
    private static final int MOST_EXPORTS = 8;
    private static final Duration SOON = Duration.ofSeconds(1);

    private final AuditTrail trail;
    private final Inspection inspection;
    private final AtomicInteger exporting = new AtomicInteger();
    private final CurrentCall call;
    private final Calls calls;

    ResolutionsResource(AuditTrail trail, Inspection inspection, CurrentCall call, Calls calls) {
        this.trail = trail;
        this.inspection = inspection;
        this.call = call;
        this.calls = calls;
    }

    @GET
    public Uni<RestResponse<byte[]>> list(@RestQuery @Nullable String jobId, @RestQuery @Nullable String userId,
            @RestQuery @Nullable String decidedBy, @RestQuery @Nullable String tool,
            @RestQuery @Nullable String decision, @RestQuery @Nullable String from, @RestQuery @Nullable String to,
            @RestQuery @Nullable String kind, @RestQuery @Nullable String limit, @RestQuery @Nullable String cursor,
            HttpServerRequest request) {
        return calls.answer(request, () -> {
            Caller caller = call.caller();
            AuditQuery query = new AuditQuery(kind(kind), jobId == null ? null : new JobId(jobId),
                    Audits.whose(caller, userId), decidedBy, tool, decision(decision), Audits.instant(from, "from"),
                    Audits.instant(to, "to"));
            return trail.search(caller.space(), query, cursor, Inputs.pageSize(limit)).map(ResolutionsResource::page);
        });
    }

    private static Kind kind(@Nullable String word) {
        if (word == null) return Kind.RESOLUTION;
        return Kind.parse(word).orElseThrow(() -> Inputs.invalid(
                "kind must be one of " + List.of(Kind.values()).stream().map(Kind::word).toList() + "."));
    }

    /** A misspelt kind would find nothing, which looks like good news. */
    private static @Nullable String decision(@Nullable String word) {
        if (word == null) return null;
        return DecisionKind.parse(word).map(DecisionKind::word)
                .orElseThrow(() -> Inputs.invalid("decision must be approve, reject, edit or respond."));
    }

    private static Answer page(Page<ChainedRecord> page) {
        return Answer.ok(json -> json.jsons("items", page.items().stream().map(Presented::of).toList())
                .text("nextCursor", page.next()));
    }

    @GET
    @Path("/{id}")
    public Uni<RestResponse<byte[]>> get(@RestPath String id, HttpServerRequest request) {
        return calls.answer(request, () -> {
            Caller caller = call.caller();
            UserId only = Audits.whose(caller, null);
            return trail.find(caller.space(), id).map(found -> {
                if (found == null) throw noSuchResolution();
                String user = Facets.of(found.record().body()).userId();
                if (only != null && !only.value().equals(user))
                    throw Refusals.forbidden("The resolution is of another user's job.").refused();
                return Answer.json(Presented.of(found));
            });
        });
    }

    private static RuntimeException noSuchResolution() {
        return new Problem(ProblemType.NO_SUCH_RESOLUTION,
                "No resolution of that id is in the archive; a new one is there within seconds.").refused();
    }

    /** Every record of the space's chain, of whatever kind: with a hole in it, nobody could verify it. */
    @GET
    @Path("/export")
    @Produces(NDJSON)
    public Uni<RestResponse<byte[]>> export(RoutingContext context) {
        Space space = auditor().space();
        if (exporting.incrementAndGet() > MOST_EXPORTS) {
            exporting.decrementAndGet();
            throw new Problem(ProblemType.TOO_MANY_REQUESTS, "Only " + MOST_EXPORTS + " exports run at a time.")
                    .retryAfter(SOON).refused();
        }
        AtomicBoolean left = new AtomicBoolean();
        // Not when the request is over: of a response that was reset nothing tells that.
        Runnable leave = () -> {
            if (left.compareAndSet(false, true)) exporting.decrementAndGet();
        };
        return inspection.export(space).onFailure().invoke(leave).onCancellation().invoke(leave).chain(lines -> {
            HttpServerResponse response = context.response();
            response.putHeader("Content-Type", NDJSON).setChunked(true);
            // A line follows when the one before is with the reader's socket: a slow
            // reader holds one line, not the chain.
            Cancellable writing = lines.onItem().transformToUniAndConcatenate(line -> UniHelper
                    .toUni(response.write(Buffer.buffer(line.text()).appendString("\n"))))
                    .onItem().ignoreAsUni().onTermination().invoke(leave)
                    // An export that breaks off must not look like one that came to its end.
                    .subscribe().with(done -> response.end(), broken -> response.reset());
            Departures.whenOver(context, writing::cancel);
            // From here on the response belongs to the stream.
            return Uni.createFrom().nothing();
        });
    }

    @POST
    @Path("/verify")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<byte[]>> verify(Requests.Nothing body, HttpServerRequest request) {
        return calls.onceWhileThere(request,
                () -> inspection.verify(auditor().space()).map(ResolutionsResource::verdict));
    }

    private static Answer verdict(Verdict verdict) {
        return Answer.ok(json -> {
            json.flag("ok", verdict instanceof Verdict.Sound).number("checked", verdict.checked());
            switch (verdict) {
                case Verdict.Sound sound -> json.number("afterSeq", sound.start().seq())
                        .number("seq", sound.head().seq()).text("hash", sound.head().hash())
                        .number("signedUpTo", sound.signedUpTo());
                case Verdict.Broken broken -> json.object("firstBroken", first -> first.number("seq", broken.seq())
                        .text("fault", broken.fault().word()).text("detail", broken.why()));
            }
        });
    }

    private Caller auditor() {
        Caller caller = call.caller();
        if (!Rights.mayAudit(caller))
            throw Refusals.forbidden("Only auditors and admins verify and export the chain.").refused();
        return caller;
    }
}

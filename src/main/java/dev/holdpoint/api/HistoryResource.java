package dev.holdpoint.api;

import java.util.List;

import dev.holdpoint.access.Caller;
import dev.holdpoint.door.Answer;
import dev.holdpoint.door.Calls;
import dev.holdpoint.door.CurrentCall;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.json.Shapes;
import dev.holdpoint.job.AgentId;
import dev.holdpoint.job.Archive;
import dev.holdpoint.job.HistoryQuery;
import dev.holdpoint.job.JobStatus;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Jobs that have ended, the newest ending first. */
@Path("/v1/history")
@Produces(MediaType.APPLICATION_JSON)
public class HistoryResource {
    private final Archive archive;
    private final CurrentCall call;
    private final Calls calls;

    HistoryResource(Archive archive, CurrentCall call, Calls calls) {
        this.archive = archive;
        this.call = call;
        this.calls = calls;
    }

    @GET
    public Uni<RestResponse<byte[]>> list(@RestQuery @Nullable String userId, @RestQuery @Nullable String agentId,
            @RestQuery @Nullable String status, @RestQuery @Nullable String tool,
            @RestQuery("q") @Nullable String text, @RestQuery @Nullable String from, @RestQuery @Nullable String to,
            @RestQuery @Nullable String limit, @RestQuery @Nullable String cursor, HttpServerRequest request) {
        return calls.answer(request, () -> {
            Caller caller = call.caller();
            HistoryQuery query = new HistoryQuery(Audits.whose(caller, userId),
                    agentId == null ? null : new AgentId(agentId), status(status), tool, text,
                    Audits.instant(from, "from"), Audits.instant(to, "to"));
            return archive.history(caller.space(), query, cursor, Inputs.pageSize(limit))
                    .map(page -> Answer.ok(json -> json.objects("items", page.items(), Shapes::archivedJob)
                            .text("nextCursor", page.next())));
        });
    }

    private static @Nullable JobStatus status(@Nullable String word) {
        if (word == null) return null;
        return List.of(JobStatus.values()).stream()
                .filter(status -> status.isTerminal() && status.word().equals(word)).findFirst()
                .orElseThrow(() -> Inputs.invalid("status must be complete, error or aborted."));
    }
}

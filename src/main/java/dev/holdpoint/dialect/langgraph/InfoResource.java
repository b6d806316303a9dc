package dev.holdpoint.dialect.langgraph;

import dev.holdpoint.door.Answer;
import dev.holdpoint.door.Calls;
import dev.holdpoint.job.Json;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestResponse;

/** What a page asks, without a credential, of an address that it is given: that somebody is there. */
@Path("/langgraph")
@Produces(MediaType.APPLICATION_JSON)
public class InfoResource {
    @GET
    @Path("/info")
    public RestResponse<byte[]> info() {
        return Calls.response(Answer.ok(json -> json
                .object("flags", flags -> flags.flag("assistants", false).flag("crons", false).flag("langsmith", false))
                .object("host", host -> host.text("kind", "holdpoint").json("project_id", Json.NULL)
                        .json("revision_id", Json.NULL).json("tenant_id", Json.NULL))));
    }

    @GET
    @Path("/ok")
    public RestResponse<byte[]> ok() {
        return Calls.response(Answer.ok(json -> json.flag("ok", true)));
    }
}

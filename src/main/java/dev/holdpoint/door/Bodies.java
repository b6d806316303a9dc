package dev.holdpoint.door;

import java.io.IOException;
import java.io.InputStream;

import dev.holdpoint.door.json.Requests;
import dev.holdpoint.door.json.StrictJson;
import dev.holdpoint.door.problem.Limits;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.job.Json;
import jakarta.enterprise.context.ApplicationScoped;

/** Reads bodies within the limits of this run. */
@ApplicationScoped
class Bodies {
    private final StrictJson json;
    private final Limits limits;
    private final CurrentCall call;

    Bodies(Limits limits, CurrentCall call) {
        this.json = new StrictJson(limits.nestingDepth(), limits.argumentKeys());
        this.limits = limits;
        this.call = call;
    }

    /** As far as is needed to know whether it is too large: what comes behind is nobody's to read. */
    byte[] bytes(Class<? extends Requests.Body> type, InputStream entity) throws IOException {
        return entity.readNBytes((int) Math.min(Integer.MAX_VALUE, most(type) + 1));
    }

    private long most(Class<? extends Requests.Body> type) {
        return (isOfEvents(type) ? limits.eventsBody() : limits.requestBody()).asLongValue();
    }

    private static boolean isOfEvents(Class<? extends Requests.Body> type) {
        return type.equals(Requests.Events.class);
    }

    Requests.Body read(Class<? extends Requests.Body> type, byte[] body, boolean lines) {
        long most = most(type);
        if (body.length > most)
            throw new Problem(ProblemType.PAYLOAD_TOO_LARGE, "The body may have at most " + most + " bytes.").refused();
        call.received(body);
        if (type.equals(Requests.Document.class)) return document(body);
        if (!isOfEvents(type)) return json.read(body, type);
        return new Requests.Events(
                lines ? json.readLines(body, Requests.Event.class) : json.readArray(body, Requests.Event.class));
    }

    /** An empty body would be a document, too, and an empty policy switches approvals off. */
    private Requests.Document document(byte[] body) {
        if (body.length == 0) throw Inputs.invalid("The body is missing.");
        return new Requests.Document(json.read(body, Json.class));
    }
}

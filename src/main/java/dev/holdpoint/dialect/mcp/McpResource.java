package dev.holdpoint.dialect.mcp;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.holdpoint.access.Caller;
import dev.holdpoint.door.Answer;
import dev.holdpoint.door.Calls;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.JobAccess;
import dev.holdpoint.door.ServingContext;
import dev.holdpoint.door.json.BadJson;
import dev.holdpoint.door.json.Members;
import dev.holdpoint.door.json.Requests;
import dev.holdpoint.door.json.StrictJson;
import dev.holdpoint.door.problem.Limits;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.door.problem.Refused;
import dev.holdpoint.door.sse.Frames;
import dev.holdpoint.door.sse.LongAnswers;
import dev.holdpoint.job.Ids;
import dev.holdpoint.job.InvalidName;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Json;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Streamable HTTP of MCP, as far as a server of nothing but tools needs it. */
@Path("/mcp")
public class McpResource {
    private static final List<String> VERSIONS = List.of("2025-11-25", "2025-06-18", "2025-03-26");
    private static final String SESSION = "Mcp-Session-Id";
    /** Longer, and an answer needs signs of life between. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);
    private static final String INSTRUCTIONS =
            "Ask a person before you do what can't be undone, and whenever you don't know what is wanted.";

    private final InquiryWorker worker;
    private final Inquiries inquiries;
    private final Cancellations cancellations;
    private final LongAnswers longAnswers;
    private final JobAccess access;
    private final Calls calls;
    private final McpConfig config;
    private final InstantSource clock;
    private final Ids ids;
    private final String version;
    private final StrictJson json;

    McpResource(InquiryWorker worker, Inquiries inquiries, Cancellations cancellations, LongAnswers longAnswers,
            JobAccess access, Calls calls, McpConfig config, Limits limits, InstantSource clock, Ids ids,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.worker = worker;
        this.inquiries = inquiries;
        this.cancellations = cancellations;
        this.longAnswers = longAnswers;
        this.access = access;
        this.calls = calls;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
        this.version = version;
        this.json = new StrictJson(limits.nestingDepth(), limits.argumentKeys());
    }

    /** One call as it comes in. */
    private record Exchange(Caller caller, RoutingContext context, Executor here, boolean takesStreams, Instant at) {
        HttpServerRequest request() { return context.request(); }

        @Nullable
        String session() { return request().getHeader(SESSION); }
    }

    /**
     * What a call wants to be told of.
     *
     * @param digest of what it asks; null when it only names an id
     * @param input  as it was sent; null when it is a question, or not at hand
     */
    private record Wanted(JobKey job, @Nullable String digest, @Nullable Json input) {
        static Wanted by(Inquiry inquiry, @Nullable Json input) {
            return new Wanted(inquiry.job(), inquiry.marker().digest(), input);
        }
    }

    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<byte[]>> take(Requests.Document body, RoutingContext context) {
        return calls.answer(context.request(), () -> {
            Exchange exchange = exchange(context);
            return switch (Message.read(json, body.value().text().getBytes(StandardCharsets.UTF_8))) {
                case Message.Request asked -> asked(exchange, asked);
                case Message.Notification told -> told(exchange, told);
                case Message.Response none -> accepted();
            };
        });
    }

    /** Takes up an answer whose stream broke. There is no other stream to open. */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Uni<RestResponse<byte[]>> resume(@RestHeader("Last-Event-ID") @Nullable String lastEventId,
            RoutingContext context) {
        return calls.answer(context.request(), () -> {
            Exchange exchange = exchange(context);
            if (lastEventId == null || context.request().method().equals(HttpMethod.HEAD))
                throw new NotAllowedException("POST");
            Place place = Place.parse(json, lastEventId)
                    .orElseThrow(() -> Inputs.invalid("Last-Event-ID is of no stream of this server."));
            supported(exchange);
            return stream(exchange, new Wanted(key(exchange, place.approval()), place.digest(), null), place);
        });
    }

    private Exchange exchange(RoutingContext context) {
        String origin = context.request().getHeader("Origin");
        if (origin != null && !config.origins().orElse(List.of()).contains(origin))
            throw Refusals.forbidden("Pages of this origin may not call.").refused();
        return new Exchange(access.driver(), context, ServingContext.here(),
                takesStreams(context.request().getHeader("Accept")),
                clock.instant());
    }

    /** Read by hand: the framework fails on a blank header. */
    private static boolean takesStreams(@Nullable String accept) {
        return accept == null || Stream.of(MediaType.SERVER_SENT_EVENTS, "text/*", MediaType.WILDCARD)
                .anyMatch(accept::contains);
    }

    private static void supported(Exchange exchange) {
        String spoken = exchange.request().getHeader("MCP-Protocol-Version");
        if (spoken != null && !VERSIONS.contains(spoken))
            throw Inputs.invalid("MCP-Protocol-Version must be one of " + String.join(", ", VERSIONS) + ".");
    }

    private static Uni<Answer> accepted() {
        return Uni.createFrom().item(Answer.accepted());
    }

    private Uni<Answer> told(Exchange exchange, Message.Notification told) {
        supported(exchange);
        if (told.method().equals("notifications/cancelled")) {
            Json request = Message.params(json, told.params(), Message.CancelledParams.class).requestId();
            if (request != null) cancellations.cancel(exchange.caller(), exchange.session(), request);
        }
        return accepted();
    }

    private Uni<Answer> asked(Exchange exchange, Message.Request asked) {
        if (asked.method().equals("initialize")) return item(initialized(asked))
                .map(answer -> answer.with(SESSION, ids.next()));
        supported(exchange);
        return switch (asked.method()) {
            case "ping" -> item(Rpc.result(asked.id(), Json.EMPTY_OBJECT));
            case "tools/list" -> item(Rpc.result(asked.id(), Tools.LIST));
            case "tools/call" -> called(exchange, asked);
            default -> item(Rpc.error(asked.id(), Rpc.METHOD_NOT_FOUND, "This server has no such method."));
        };
    }

    private static Uni<Answer> item(Json message) {
        return Uni.createFrom().item(Answer.json(message));
    }

    private Json initialized(Message.Request asked) {
        String wanted = Message.params(json, asked.params(), Message.InitializeParams.class).protocolVersion();
        String spoken = wanted != null && VERSIONS.contains(wanted) ? wanted : VERSIONS.getFirst();
        return Rpc.result(asked.id(), Members.json(result -> result.text("protocolVersion", spoken)
                .object("capabilities", can -> can.object("tools", tools -> tools.flag("listChanged", false)))
                .object("serverInfo", server -> server.text("name", "holdpoint").text("title", "Holdpoint")
                        .text("version", version))
                .text("instructions", INSTRUCTIONS)));
    }

    private Uni<Answer> called(Exchange exchange, Message.Request asked) {
        Message.CallParams params = Message.params(json, asked.params(), Message.CallParams.class);
        Json progress = params.meta() == null || params.meta().progressToken() == null
                ? null
                : Message.Names.checked(params.meta().progressToken(), "progressToken");
        Json arguments = params.arguments() == null ? Json.EMPTY_OBJECT : params.arguments();
        Function<Problem, Json> refused = problem -> Rpc.result(asked.id(), Rpc.refused(problem));
        return switch (params.name()) {
            case Tools.REQUEST -> refusedTo(refused, () -> {
                Arguments.Approval read = read(arguments, Arguments.Approval.class);
                Duration wait = inquiries.wait(read.waitSeconds(), exchange.request());
                return inquiries.approval(exchange.caller(), exchange.request(), read)
                        .chain(inquiry -> worker.ask(inquiry).chain(standing -> answer(exchange, asked.id(), progress,
                                Wanted.by(inquiry, read.input()), standing, wait)));
            });
            case Tools.ASK -> refusedTo(refused, () -> {
                Arguments.Ask read = read(arguments, Arguments.Ask.class);
                Duration wait = inquiries.wait(read.waitSeconds(), exchange.request());
                return inquiries.question(exchange.caller(), exchange.request(), read)
                        .chain(inquiry -> worker.ask(inquiry).chain(standing -> answer(exchange, asked.id(), progress,
                                Wanted.by(inquiry, null), standing, wait)));
            });
            case Tools.CHECK -> refusedTo(refused, () -> {
                Arguments.Check read = read(arguments, Arguments.Check.class);
                Duration wait = read.waitSeconds() == null
                        ? Duration.ZERO
                        : inquiries.wait(read.waitSeconds(), exchange.request());
                JobKey job = key(exchange, Inputs.present(read.approvalId(), "approvalId"));
                return worker.look(job, Duration.ZERO).chain(
                        standing -> answer(exchange, asked.id(), progress, new Wanted(job, null, null), standing,
                                wait));
            });
            case null, default -> item(Rpc.error(asked.id(), Rpc.INVALID_PARAMS, "This server has no such tool."));
        };
    }

    private static JobKey key(Exchange exchange, String approval) {
        return exchange.caller().space().job(new JobId(approval));
    }

    private <T> T read(Json arguments, Class<T> type) {
        try {
            return Message.params(json, arguments, type);
        } catch (BadJson unreadable) {
            throw Inputs.invalid("Arguments: " + unreadable.getMessage());
        }
    }

    /**
     * Says refusals in the result, where the model reads them; beyond the protocol
     * they would only look like a broken server.
     */
    private static Uni<Answer> refusedTo(Function<Problem, Json> result,
            Supplier<Uni<Answer>> work) {
        return Uni.createFrom().deferred(work::get).onFailure(Refused.class)
                .recoverWithItem(why -> Answer.json(result.apply(why.problem())))
                .onFailure(InvalidName.class)
                .recoverWithItem(why -> Answer.json(result.apply(Refusals.invalid(String.valueOf(why.getMessage())))));
    }

    private Uni<Answer> answer(Exchange exchange, Json id, @Nullable Json progress, Wanted wanted, Standing now,
            Duration wait) {
        boolean streams = exchange.takesStreams() && (progress != null || wait.compareTo(LONGEST_SILENCE) > 0);
        if (!(now instanceof Standing.Pending pending && pending.asked()) || wait.isZero())
            return item(Rpc.result(id, result(wanted, now)));
        if (streams) {
            long since = exchange.at().toEpochMilli();
            Place place = new Place(wanted.job().id().value(), wanted.digest(), id, progress, since,
                    since + wait.toMillis(), since);
            // What was judged aside comes back to where it is served.
            return Uni.createFrom().deferred(() -> stream(exchange, wanted, place)).runSubscriptionOn(exchange.here())
                    // The prompt is there by now: whoever can't wait for it must be told its id.
                    .onFailure(Refused.class).recoverWithUni(() -> item(Rpc.result(id, result(wanted, now))));
        }
        Duration silent = wait.compareTo(LONGEST_SILENCE) > 0 ? LONGEST_SILENCE : wait;
        return worker.look(wanted.job(), silent)
                .chain(standing -> item(Rpc.result(id, result(wanted, standing))));
    }

    private Uni<Answer> stream(Exchange exchange, Wanted wanted, Place place) {
        Duration left = Duration.ofMillis(Math.clamp(place.until() - exchange.at().toEpochMilli(), 0,
                config.longestWait().toMillis()));
        Uni<@Nullable Buffer> settled = worker.look(wanted.job(), left).map(standing -> isCutShort(standing, place)
                ? null
                : frame(null, Rpc.result(place.request(), result(wanted, standing))))
                .onFailure(Refused.class).recoverWithItem(why -> frame(null,
                        Rpc.result(place.request(), Rpc.refused(why.problem()))));
        Uni<Buffer> givenUp = cancellations.of(exchange.caller(), exchange.session(), place.request())
                .replaceWith(() -> sign(exchange, place.over(clock.instant())));
        return longAnswers.open(exchange.context(), exchange.caller(), sign(exchange, place),
                () -> sign(exchange, place.at(clock.instant())), Uni.combine().any().of(settled, givenUp));
    }

    /** Whether nothing but a service that goes away ends this wait: another takes it up. */
    private boolean isCutShort(Standing standing, Place place) {
        return standing instanceof Standing.Pending pending && pending.asked()
                && clock.instant().toEpochMilli() + 1000 < place.until();
    }

    /**
     * A notification where it is wanted. Otherwise an event without data, which clients of older protocols can't read.
     */
    private static Buffer sign(Exchange exchange, Place place) {
        if (place.progress() != null)
            return frame(place.eventId(), Rpc.progress(place.progress(), place.secondsWaited(),
                    "Waiting for a person to decide."));
        return VERSIONS.getFirst().equals(exchange.request().getHeader("MCP-Protocol-Version"))
                ? Buffer.buffer("id: " + place.eventId() + "\ndata: \n\n")
                : Buffer.buffer(":\n\n");
    }

    private static Buffer frame(@Nullable String id, Json message) { return Frames.frame(id, "message", message); }

    private static Json result(Wanted wanted, Standing standing) {
        String approval = wanted.job().id().value();
        return switch (standing) {
            // Under the same id something else may have been asked and decided while this call waited.
            case Standing.Settled settled when !settled.outcome().answers(wanted.digest()) ->
                    Rpc.refused(InquiryWorker.reused());
            case Standing.Settled settled ->
                    Rpc.told(settled.outcome().told(wanted.input()), Rpc.beside(approval, settled.outcome()));
            case Standing.Pending pending ->
                    Rpc.told(Rpc.pending(pending, approval), Rpc.beside(approval, null));
            case Standing.Unknown unknown -> Rpc.refused(new Problem(ProblemType.NO_SUCH_ACTION,
                    "There is no approval of that id, or it was settled too long ago."));
        };
    }
}

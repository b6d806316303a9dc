package dev.holdpoint.door;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

import dev.holdpoint.door.problem.Limits;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.measure.Limit;
import dev.holdpoint.measure.LimitHits;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Refuses, before any route is asked, what the framework would refuse without a word or would read as something else,
 * and what there is no room or no time for.
 */
@Singleton
class EarlyRefusals {
    /** Headers of which a second one would be dropped silently. */
    private static final List<String> SINGLE =
            List.of("Authorization", "Host", "Holdpoint-Tenant", "Holdpoint-User", "Holdpoint-Fence",
                    "Holdpoint-Expected-Seq", "Idempotency-Key", "If-Match", "x-api-key");

    private static final String TOKEN = "[\\w!#$%&'*+.^`|~-]++";
    private static final String QUOTED = "\"(?:[^\"\\\\]|\\\\.)*+\"";
    /** As RFC 9110 has it. Nothing is tried twice, or a row of blanks and semicolons would keep a thread for ever. */
    private static final Pattern MEDIA_TYPE = Pattern.compile(
            TOKEN + "/" + TOKEN + "(?:[ \t]*+;[ \t]*+(?:" + TOKEN + "=(?:" + TOKEN + "|" + QUOTED + "))?+)*+");
    private static final int LONGEST_TYPE = 512;
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LINGER = Duration.ofSeconds(5);

    private final Limits limits;
    private final Management management;
    private final Dialects dialects;
    private final BodiesInFlight bodies;
    private final LastRequest last;
    private final Problems problems;
    private final LimitHits hits;

    EarlyRefusals(Limits limits, Management management, Dialects dialects, BodiesInFlight bodies, LastRequest last,
            Problems problems, LimitHits hits) {
        this.limits = limits;
        this.management = management;
        this.dialects = dialects;
        this.bodies = bodies;
        this.last = last;
        this.problems = problems;
        this.hits = hits;
    }

    void install(@Observes Router router) {
        router.route().order(AnswerHeaders.ORDER + 1).handler(this::admit).failureHandler(this::unreadable);
    }

    private void admit(RoutingContext context) {
        Problem problem = problem(context.request());
        if (problem == null && !isServed(context)) problem = Refusals.notFound();
        if (problem == null && last.isOver() && !isManaging(context)) problem = shuttingDown();
        if (problem == null && !bodies.admit(context)) {
            hits.hit(Limit.BODIES_IN_FLIGHT);
            problem = overloaded();
        }
        if (problem == null) {
            RequestsInTurn.on(context.request());
            context.next();
        } else {
            refuse(context, problem);
        }
    }

    /** Judged by the path that routes are found by: {@code /q/%6detrics} is one of them. */
    private boolean isServed(RoutingContext context) {
        String path = context.normalizedPath();
        if (management.port().isPresent() && isManaging(context) != isOnManagementPort(context.request())) return false;
        return dialects.serves(path) && (management.metrics() || !path.startsWith(Management.PATH + "/metrics"))
                && (management.openapi() || !path.startsWith(Management.PATH + "/openapi"));
    }

    private static boolean isManaging(RoutingContext context) {
        String path = context.normalizedPath();
        return path.equals(Management.PATH) || path.startsWith(Management.PATH + "/");
    }

    private boolean isOnManagementPort(HttpServerRequest request) {
        // The real one: a header of the PROXY protocol may name any.
        SocketAddress here = request.connection().localAddress(true);
        return here != null && here.port() == management.port().getAsInt();
    }

    private static Problem overloaded() {
        return new Problem(ProblemType.OVERLOADED, "Too many bodies are being read. Nothing was changed. Try again.")
                .retryAfter(SOON);
    }

    private static Problem shuttingDown() {
        return new Problem(ProblemType.SHUTTING_DOWN, "The service is going away. Nothing was changed. Try again.")
                .retryAfter(SOON);
    }

    /** Such as a request without a host: the framework would answer with the name of its own exception. */
    private void unreadable(RoutingContext context) {
        if (context.statusCode() == 400) {
            refuse(context, Refusals.invalid("The request can't be understood."));
        } else {
            context.next();
        }
    }

    private void refuse(RoutingContext context, Problem problem) {
        // Nobody reads the body. In HTTP/2 it has a stream of its own; else the connection can't carry another request.
        boolean shared = context.request().version() == HttpVersion.HTTP_2;
        if (!shared) context.response().putHeader("Connection", "close");
        problems.answer(problem, context.request().path()).sendTo(context.response()).onComplete(sent -> {
            if (!shared) close(context);
        });
    }

    /** Whoever still sends when his connection goes loses the answer, so what he sends is passed over for a while. */
    @SuppressWarnings("FutureReturnValueIgnored") // there is nobody left to tell
    private static void close(RoutingContext context) {
        HttpServerRequest request = context.request();
        HttpConnection connection = request.connection();
        if (request.isEnded()) {
            connection.close();
            return;
        }
        long timer = context.vertx().setTimer(LINGER.toMillis(), late -> connection.close());
        request.handler(unread -> {}).exceptionHandler(gone -> {}).endHandler(sent -> {
            context.vertx().cancelTimer(timer);
            connection.close();
        }).resume();
    }

    private @Nullable Problem problem(HttpServerRequest request) {
        if (!isUtf8(request.uri()))
            return Refusals.invalid("The path and query must be UTF-8 in percent-encoding.");
        // The framework would cut either off with all that follows, so that another resource is meant than is named.
        if (request.uri().indexOf('#') >= 0) return Refusals.invalid("Write '#' in a path or query as %23.");
        if (request.path().indexOf(';') >= 0) return Refusals.invalid("Write ';' in a path as %3B.");
        if (request.headers().contains("Content-Length") && request.headers().contains("Transfer-Encoding")) {
            return Refusals.invalid("A body has a length or is chunked, not both.");
        }
        for (String header : SINGLE) {
            if (request.headers().getAll(header).size() > 1) return Refusals.invalid(header + " may be sent once.");
        }
        if (!isMediaType(request.getHeader("Content-Type")))
            return Refusals.invalid("Content-Type must be a media type such as application/json.");
        long most = limits.eventsBody().asLongValue();
        return BodiesInFlight.declared(request) > most
                ? new Problem(ProblemType.PAYLOAD_TOO_LARGE, "A body may have at most " + most + " bytes.")
                : null;
    }

    /** The framework fails on any other text. */
    static boolean isMediaType(@Nullable String type) {
        return type == null || type.length() <= LONGEST_TYPE && MEDIA_TYPE.matcher(type).matches();
    }

    /** Decoded leniently, different octets would become the same replacement character and name the same job. */
    static boolean isUtf8(String uri) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(uri.length());
        for (int at = 0; at < uri.length(); at++) {
            char next = uri.charAt(at);
            if (next > 0x7e) return false;
            if (next == '%') {
                int octet = octet(uri, at);
                if (octet < 0) return false;
                octets.write(octet);
                at += 2;
            } else {
                octets.write(next);
            }
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets.toByteArray()));
            return true;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }

    /** What {@code %XX} at this place stands for; negative when it is malformed. */
    private static int octet(String uri, int at) {
        if (at + 2 >= uri.length()) return -1;
        int high = Character.digit(uri.charAt(at + 1), 16);
        int low = Character.digit(uri.charAt(at + 2), 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }
}

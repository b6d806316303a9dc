package dev.holdpoint.door;

import java.io.IOException;
import java.util.Optional;

import dev.holdpoint.access.tokens.IssuerTrouble;
import dev.holdpoint.door.json.BadJson;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.door.problem.Refused;
import dev.holdpoint.job.ArchiveTrouble;
import dev.holdpoint.job.BadCursor;
import dev.holdpoint.job.InvalidName;
import dev.holdpoint.job.StoreTrouble;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Makes a problem document of everything that can go wrong outside a route's own work. */
class Mappers {
    private static final Logger LOG = Logger.getLogger(Mappers.class);
    private static final int TOO_LARGE = 413;

    private final Problems problems;
    private final AllowedMethods methods;

    Mappers(Problems problems, AllowedMethods methods) {
        this.problems = problems;
        this.methods = methods;
    }

    @ServerExceptionMapper
    RestResponse<byte[]> refused(Refused refused, HttpServerRequest request) {
        return answer(refused.problem(), request);
    }

    @ServerExceptionMapper
    RestResponse<byte[]> unreadable(BadJson unreadable, HttpServerRequest request) {
        return invalid(unreadable, request);
    }

    @ServerExceptionMapper
    RestResponse<byte[]> invalidName(InvalidName invalid, HttpServerRequest request) {
        return invalid(invalid, request);
    }

    @ServerExceptionMapper
    RestResponse<byte[]> badCursor(BadCursor bad, HttpServerRequest request) { return invalid(bad, request); }

    @ServerExceptionMapper
    RestResponse<byte[]> storeTrouble(StoreTrouble trouble, HttpServerRequest request) {
        LOG.warnf("%s %s: %s", request.method(), trouble.kind(), trouble.getMessage());
        return answer(Refusals.of(trouble), request);
    }

    @ServerExceptionMapper
    RestResponse<byte[]> archiveTrouble(ArchiveTrouble trouble, HttpServerRequest request) {
        LOG.warnf("%s archive: %s", request.method(), trouble.getMessage());
        return answer(Refusals.archiveUnavailable(), request);
    }

    @ServerExceptionMapper
    RestResponse<byte[]> issuerTrouble(IssuerTrouble trouble, HttpServerRequest request) {
        LOG.warnf("%s identity provider: %s", request.method(), trouble.getMessage());
        return answer(Refusals.signInUnavailable(), request);
    }

    private RestResponse<byte[]> invalid(RuntimeException why, HttpServerRequest request) {
        return answer(Refusals.invalid(String.valueOf(why.getMessage())), request);
    }

    @ServerExceptionMapper
    RestResponse<byte[]> ofTheFramework(WebApplicationException failure, HttpServerRequest request) {
        return answer(switch (failure) {
            case NotFoundException none -> Refusals.notFound();
            case NotAcceptableException not ->
                    new Problem(ProblemType.NOT_ACCEPTABLE, "Accept what the route produces.");
            case NotSupportedException not ->
                    new Problem(ProblemType.UNSUPPORTED_MEDIA_TYPE, "Send a body of the type that the route consumes.");
            default -> byStatus(failure);
        }, request);
    }

    @ServerExceptionMapper
    Uni<RestResponse<byte[]>> notAllowed(NotAllowedException not, HttpServerRequest request) {
        Problem problem = new Problem(ProblemType.METHOD_NOT_ALLOWED, "Use another method.");
        String own = not.getResponse().getHeaderString(HttpHeaders.ALLOW);
        Uni<Optional<String>> allowed =
                own == null ? methods.of(request.path()) : Uni.createFrom().item(Optional.of(own));
        return allowed.map(
                some -> answer(some.map(these -> problem.with(HttpHeaders.ALLOW, these)).orElse(problem), request));
    }

    private static Problem byStatus(WebApplicationException failure) {
        int status = failure.getResponse().getStatus();
        if (status == TOO_LARGE) return new Problem(ProblemType.PAYLOAD_TOO_LARGE, "The body is too large.");
        if (status >= 400 && status < 500) return Refusals.invalid("The request can't be understood.");
        return broken(failure);
    }

    /** A body that broke off, or that turned out too long while it came in without a length. */
    @ServerExceptionMapper
    RestResponse<byte[]> unreadable(IOException broken, HttpServerRequest request) {
        boolean tooLarge = String.valueOf(broken.getMessage()).contains("too large");
        return answer(tooLarge
                ? new Problem(ProblemType.PAYLOAD_TOO_LARGE, "The body is too large.")
                : Refusals.invalid("The body could not be read to its end."), request);
    }

    @ServerExceptionMapper
    RestResponse<byte[]> unexpected(Throwable failure, HttpServerRequest request) {
        return answer(broken(failure), request);
    }

    private static Problem broken(Throwable failure) {
        LOG.error("A request failed for a reason that is no refusal.", failure);
        return new Problem(ProblemType.INTERNAL_ERROR, "The request failed inside the service.");
    }

    private RestResponse<byte[]> answer(Problem problem, HttpServerRequest request) {
        return Calls.response(problems.answer(problem, request.path()));
    }
}

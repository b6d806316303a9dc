package dev.holdpoint.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.tracing.TracingPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Sends by HTTP, to an address that was looked at: the name is resolved here, and the connection
 * goes to what was found, so that no second answer of a name server leads elsewhere. Redirects are
 * not followed, and answers are not kept.
 */
final class HttpPostman implements Postman {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration WHOLE = Duration.ofSeconds(15);
    private static final int IDLE_SECONDS = 30;
    private static final int MOST_CONNECTIONS = 10_000;
    private static final long MOST_ANSWER = 16_384;
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    private final Vertx vertx;
    private final HttpClient client;
    private final Names names;
    private final InstantSource clock;
    private final Duration whole;

    /** Finds all addresses of a name; fails when there are none. */
    interface Names {
        Future<List<InetAddress>> addresses(String host);
    }

    /** @param options what to trust; the rest is set here */
    HttpPostman(Vertx vertx, HttpClientOptions options, Names names, InstantSource clock, Duration whole) {
        this.vertx = vertx;
        this.client = vertx.createHttpClient(new HttpClientOptions(options)
                .setConnectTimeout((int) CONNECT.toMillis())
                .setIdleTimeout(IDLE_SECONDS)
                // Lanes bound what is under way; a small pool would make endpoints at one host wait for each other.
                .setMaxPoolSize(MOST_CONNECTIONS)
                // A receiver is told nothing of the trace, or of the baggage, of whoever's request set this off.
                .setTracingPolicy(TracingPolicy.IGNORE)
                // Messages are few, and a kept connection may be closed by the receiver the moment it is used.
                .setKeepAlive(false)
                .setVerifyHost(true));
        this.names = names;
        this.clock = clock;
        this.whole = whole;
    }

    static HttpPostman on(Vertx vertx, InstantSource clock) {
        return new HttpPostman(vertx, new HttpClientOptions(),
                host -> vertx.executeBlocking(() -> List.of(InetAddress.getAllByName(host)), false), clock, WHOLE);
    }

    @Override
    public Uni<Reception> carry(Endpoint endpoint, Map<String, String> headers, String body, int attempt) {
        return Uni.createFrom().deferred(() -> UniHelper.toUni(exchange(endpoint, headers, body, attempt)))
                .onFailure().recoverWithItem(failure -> new Reception.Failed(word(failure), null));
    }

    private Future<Reception> exchange(Endpoint endpoint, Map<String, String> headers, String body, int attempt) {
        Exchange exchange = new Exchange();
        long timer = vertx.setTimer(whole.toMillis(), late -> exchange.late());
        exchange.outcome.future().onComplete(done -> vertx.cancelTimer(timer));
        address(endpoint, attempt)
                .compose(address -> client.request(options(endpoint.target(), address, headers)))
                .compose(request -> {
                    exchange.hangUpAtTheEnd(request);
                    return request.send(body);
                })
                .onSuccess(exchange::read)
                .onFailure(exchange.outcome::tryFail);
        return exchange.outcome.future();
    }

    /** One of the name's addresses, another at each attempt; none when any of them may not be spoken to. */
    private Future<InetAddress> address(Endpoint endpoint, int attempt) {
        return names.addresses(endpoint.target().host()).map(found -> {
            if (!endpoint.allowPrivate() && !found.stream().allMatch(Addresses::isOpen)) throw new ClosedAddress();
            return found.get(attempt % found.size());
        });
    }

    private static RequestOptions options(Target target, InetAddress address, Map<String, String> headers) {
        RequestOptions options = new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(target.port(), address.getHostAddress()))
                .setHost(target.host()).setPort(target.port()).setSsl(target.tls())
                .setMethod(HttpMethod.POST).setURI(target.path()).setFollowRedirects(false);
        headers.forEach(options::putHeader);
        // An address of IPv6 needs the brackets that a name must not have.
        if (target.host().contains(":")) options.putHeader("Host", target.authority());
        return options;
    }

    /**
     * One request and what comes back. The status is the answer; what follows it
     * is read for courtesy, and not for long.
     */
    private final class Exchange {
        final Promise<Reception> outcome = Promise.promise();
        /** The timer may ring on another thread than the answer comes in on. */
        private volatile @Nullable Reception heard;
        private volatile boolean complete;
        private long bytes;

        /** Whoever goes on when nobody listens is cut off. */
        void hangUpAtTheEnd(HttpClientRequest request) {
            outcome.future().onComplete(done -> {
                if (!complete) request.reset();
            });
        }

        void read(HttpClientResponse response) {
            Reception told = told(response);
            heard = told;
            response.handler(part -> {
                bytes += part.length();
                if (bytes > MOST_ANSWER) outcome.tryComplete(told);
            });
            response.endHandler(end -> {
                complete = true;
                outcome.tryComplete(told);
            });
            response.exceptionHandler(cut -> outcome.tryComplete(told));
        }

        void late() {
            Reception told = heard;
            if (told == null) outcome.tryFail(new TimeoutException());
            else outcome.tryComplete(told);
        }
    }

    private Reception told(HttpClientResponse response) {
        int status = response.statusCode();
        if (status >= 200 && status < 300) return new Reception.Accepted();
        if (status == 410) return new Reception.Gone();
        return new Reception.Failed("http-" + status, asked(response.getHeader("Retry-After")));
    }

    private @Nullable Duration asked(@Nullable String retryAfter) {
        if (retryAfter == null) return null;
        String said = retryAfter.strip();
        if (SECONDS.matcher(said).matches()) return Duration.ofSeconds(Long.parseLong(said));
        try {
            Instant until = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(said));
            return Duration.between(clock.instant(), until);
        } catch (DateTimeParseException unclear) {
            return null;
        }
    }

    private static String word(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case ClosedAddress closed -> {
                    return "address-refused";
                }
                case UnknownHostException unknown -> {
                    return "name-unknown";
                }
                case TimeoutException late -> {
                    return "time-out";
                }
                case SSLException strange -> {
                    return "tls";
                }
                default -> {
                }
            }
        }
        return "connection";
    }

    /** The name leads, or may lead, where nobody outside may be led. */
    private static final class ClosedAddress extends RuntimeException {
        private static final long serialVersionUID = 1;

        ClosedAddress() { super("closed address", null, false, false); }
    }
}

package dev.holdpoint.webhook;

import static dev.holdpoint.store.Bench.got;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.holdpoint.job.Space;
import dev.holdpoint.machine.Identity;
import dev.holdpoint.store.TestClock;
import dev.holdpoint.webhook.Endpoint.Format;
import dev.holdpoint.webhook.Postman.Reception;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpPostmanTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(500);

    private final Vertx vertx = Vertx.vertx();
    private final TestClock clock = new TestClock();
    private final Receiver receiver = new Receiver();

    @AfterEach
    void close() {
        receiver.close();
        got(UniHelper.toUni(vertx.close()));
    }

    private HttpPostman postman(Duration whole, String... addresses) {
        return new HttpPostman(vertx, new HttpClientOptions(), names(addresses), clock, whole);
    }

    private static HttpPostman.Names names(String... addresses) {
        return host -> Future.succeededFuture(Stream.of(addresses).map(InetAddress::ofLiteral).toList());
    }

    private static Endpoint endpoint(Target target, boolean allowPrivate) {
        return new Endpoint("ops", Space.TENANTLESS, target, SigningKeys.of(List.of(), List.of()),
                Set.of(EventType.JOB_FAILED), Format.STANDARD, false, allowPrivate);
    }

    private Target target(String host) { return new Target(false, host, receiver.port(), "/hook?a=b"); }

    private Reception carry(HttpPostman postman, Endpoint endpoint) {
        return got(postman.carry(endpoint, Map.of("webhook-id", "msg_1", "Content-Type", "application/json"),
                "{\"é\":1}", 0));
    }

    private Reception carry() {
        return carry(postman(LONG, "127.0.0.1"), endpoint(target("hooks.example.com"), true));
    }

    @Test
    void messageArrivesAsItWasGivenUnderTheNameOfTheReceiver() {
        assertThat(carry()).isEqualTo(new Reception.Accepted());

        assertThat(receiver.received()).singleElement().satisfies(got -> {
            assertThat(got.path()).isEqualTo("/hook?a=b");
            assertThat(got.body()).isEqualTo("{\"é\":1}");
            assertThat(got.headers()).containsEntry("webhook-id", "msg_1")
                    .containsEntry("host", "hooks.example.com:" + receiver.port())
                    .doesNotContainKeys("authorization", "cookie");
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 299})
    void everyTwoHundredIsAcceptance(int status) {
        receiver.answering(status);

        assertThat(carry()).isEqualTo(new Reception.Accepted());
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 400, 401, 404, 429, 500, 502, 503})
    void everyOtherStatusIsAFailure(int status) {
        receiver.answering(status);

        assertThat(carry()).isEqualTo(new Reception.Failed("http-" + status, null));
    }

    @Test
    void goneIsGone() {
        receiver.answering(410);

        assertThat(carry()).isEqualTo(new Reception.Gone());
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirectIsNotFollowed(int status) {
        receiver.answering(status, "Location", "http://127.0.0.1:" + receiver.port() + "/elsewhere");

        assertThat(carry()).isEqualTo(new Reception.Failed("http-" + status, null));
        assertThat(receiver.received()).extracting(Receiver.Received::path).containsExactly("/hook?a=b");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            120                             | PT2M
            0                               | PT0S
            Mon, 04 May 2026 10:05:00 GMT   | PT5M
            soon                            | none
            -5                              | none
            99999999999999999999            | none
            """)
    void retryAfterIsUnderstoodInBothForms(String header, Duration asked) {
        receiver.answering(429, "Retry-After", header);

        assertThat(carry()).isEqualTo(new Reception.Failed("http-429", asked));
    }

    @Test
    void receiverThatNeverAnswersIsGivenUpAndHungUpOn() throws Exception {
        CompletableFuture<Void> hungUp = new CompletableFuture<>();
        receiver.answering(request -> request.connection().closeHandler(closed -> hungUp.complete(null)));

        assertThat(carry(postman(SHORT, "127.0.0.1"), endpoint(target("slow.example.com"), true)))
                .isEqualTo(new Reception.Failed("time-out", null));
        hungUp.get(20, TimeUnit.SECONDS);
    }

    @Test
    void statusCountsThoughTheBodyNeverEnds() throws Exception {
        CompletableFuture<Void> hungUp = new CompletableFuture<>();
        receiver.answering(request -> {
            request.connection().closeHandler(closed -> hungUp.complete(null));
            request.response().setChunked(true).write("and");
        });

        assertThat(carry(postman(SHORT, "127.0.0.1"), endpoint(target("slow.example.com"), true)))
                .isEqualTo(new Reception.Accepted());
        hungUp.get(20, TimeUnit.SECONDS);
    }

    @Test
    void answerOfAGigabyteIsNotRead() throws Exception {
        CompletableFuture<Void> hungUp = new CompletableFuture<>();
        AtomicInteger sent = new AtomicInteger();
        receiver.answering(request -> {
            request.connection().closeHandler(closed -> hungUp.complete(null));
            pour(request.response().setChunked(true), Buffer.buffer(new byte[1 << 16]), sent);
        });

        assertThat(carry()).isEqualTo(new Reception.Accepted());
        hungUp.get(20, TimeUnit.SECONDS);
        assertThat(sent.get()).isLessThan(1 << 14);
    }

    /** As much as is taken, up to a gigabyte. */
    private static void pour(HttpServerResponse response, Buffer part, AtomicInteger sent) {
        if (sent.get() == 1 << 14) {
            response.end();
            return;
        }
        sent.incrementAndGet();
        response.write(part).onSuccess(done -> pour(response, part, sent));
    }

    @Test
    void receiverThatHangsUpIsAFailure() {
        receiver.answering(request -> request.connection().close());

        assertThat(carry()).isEqualTo(new Reception.Failed("connection", null));
    }

    @Test
    void nobodyThereIsAFailure() {
        Endpoint nobody = endpoint(new Target(false, "nobody.example.com", 1, "/"), true);

        assertThat(carry(postman(LONG, "127.0.0.1"), nobody)).isEqualTo(new Reception.Failed("connection", null));
    }

    @Test
    void nameThatNobodyKnowsIsAFailure() {
        HttpPostman postman = new HttpPostman(vertx, new HttpClientOptions(),
                host -> Future.failedFuture(new UnknownHostException(host)), clock, LONG);

        assertThat(carry(postman, endpoint(target("none.example.com"), false)))
                .isEqualTo(new Reception.Failed("name-unknown", null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "10.0.0.1", "::1", "8.8.8.8 127.0.0.1", "127.0.0.1 8.8.8.8",
        "2606:4700::1111 fd00::1", "8.8.8.8 169.254.169.254", "1.1.1.1 ::ffff:127.0.0.1"})
    void nameThatAlsoLeadsInsideIsNotSpokenTo(String addresses) {
        HttpPostman postman = postman(LONG, addresses.split(" "));

        assertThat(carry(postman, endpoint(target("rebound.example.com"), false)))
                .isEqualTo(new Reception.Failed("address-refused", null));
        assertThat(receiver.received()).isEmpty();
    }

    /** Every way to write this machine that a resolver may understand. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1",
        "017700000001", "127.0.0.1.", "localhost", "LOCALHOST", "localhost.", "0", "0.0.0.0", "::", "::1",
        "0:0:0:0:0:0:0:1",
        "::ffff:127.0.0.1", "::ffff:7f00:1", "::127.0.0.1", "64:ff9b::127.0.0.1", "2002:7f00:1::"})
    void noSpellingOfThisMachineIsSpokenTo(String host) {
        assertThat(carry(HttpPostman.on(vertx, clock), endpoint(target(host), false)))
                .isInstanceOf(Reception.Failed.class)
                .extracting(failed -> ((Reception.Failed) failed).why())
                .isIn("address-refused", "name-unknown");
        assertThat(receiver.received()).isEmpty();
    }

    @Test
    void addressesAreTriedInTurn() {
        HttpPostman postman = postman(LONG, "127.0.0.2", "127.0.0.1");
        Endpoint endpoint = endpoint(target("two.example.com"), true);

        assertThat(got(postman.carry(endpoint, Map.of(), "{}", 0))).isInstanceOf(Reception.Failed.class);
        assertThat(got(postman.carry(endpoint, Map.of(), "{}", 1))).isInstanceOf(Reception.Accepted.class);
    }

    @Test
    void receiverMustProveItsNameThoughItsAddressIsSpokenTo() {
        Identity identity = new Identity("hooks", "dns:hooks.example.com");
        try (Receiver secure = new Receiver(new HttpServerOptions().setPort(0).setSsl(true).setKeyCertOptions(
                new PemKeyCertOptions().setCertPath(identity.certificate().toString())
                        .setKeyPath(identity.key().toString())))) {
            HttpPostman trusting = new HttpPostman(vertx, new HttpClientOptions().setTrustOptions(
                    new PemTrustOptions().addCertPath(identity.certificate().toString())), names("127.0.0.1"), clock,
                    LONG);

            assertThat(carry(trusting, endpoint(new Target(true, "hooks.example.com", secure.port(), "/"), true)))
                    .isEqualTo(new Reception.Accepted());
            assertThat(carry(trusting, endpoint(new Target(true, "other.example.com", secure.port(), "/"), true)))
                    .isEqualTo(new Reception.Failed("tls", null));
            assertThat(carry(postman(LONG, "127.0.0.1"),
                    endpoint(new Target(true, "hooks.example.com", secure.port(), "/"), true)))
                    .isEqualTo(new Reception.Failed("tls", null));
            assertThat(secure.received()).hasSize(1);
        }
    }
}

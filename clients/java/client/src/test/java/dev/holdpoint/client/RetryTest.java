package dev.holdpoint.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the client says again and how, in front of a service that answers as it is told to. */
class RetryTest {
    private static final String CREATED =
            "{\"id\":\"j\",\"generation\":7,\"status\":\"running\",\"active\":true,\"userId\":\"ada\","
                    + "\"conversationId\":\"j\",\"createdAt\":\"2026-11-23T12:00:00.000Z\",\"lastActiveAt\":\"2026-11-23T12:00:00.000Z\","
                    + "\"lastEventId\":\"7-1\",\"metadata\":{},\"fence\":\"7.1\"}";
    private static final String RESOLUTION =
            "{\"resolutionId\":\"r\",\"jobId\":\"j\",\"generation\":7,\"actionId\":\"act-1\",\"decidedBy\":{\"subject\":\"ada\","
                    + "\"roles\":[\"user\"],\"via\":\"api\"},\"decidedAt\":\"2026-11-23T12:00:01.000Z\",\"answer\":\"yes\"}";
    private static final String CLAIM = "{\"jobId\":\"j\",\"resolution\":" + RESOLUTION
            + ",\"action\":{\"actionId\":\"act-1\",\"jobId\":\"j\",\"generation\":7,\"payload\":{\"type\":\"ask_user_question\","
            + "\"question\":{\"question\":\"Now?\"}},\"createdAt\":\"2026-11-23T12:00:00.000Z\",\"warnings\":[]},"
            + "\"fence\":\"7.2\",\"leaseExpiresAt\":\"2099-01-01T00:00:00.000Z\"}";

    private static final String NEXT =
            CLAIM.replace("{\"jobId\":\"j\",\"resolution\"", "{\"jobId\":\"next\",\"resolution\"");

    private final Queue<Told> answers = new ArrayDeque<>();
    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final Queue<Told> beatAnswers = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<Asked> beats = new LinkedBlockingQueue<>();
    private HttpServer server;
    private Holdpoint hold;

    private record Asked(String path, Headers headers, String body) {
        String header(String name) { return headers.getFirst(name); }
    }

    /** @param body null cuts the connection off instead of answering */
    private record Told(int status, String body, Map<String, String> headers) {}

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        hold = to(Duration.ofSeconds(30));
    }

    private Holdpoint to(Duration retryFor) { return at().key("k").retryFor(retryFor).build(); }

    private Holdpoint.Builder at() { return Holdpoint.at("http://127.0.0.1:" + server.getAddress().getPort()); }

    @AfterEach
    void stop() {
        hold.close();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        Asked request = new Asked(exchange.getRequestURI().getPath(), exchange.getRequestHeaders(),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        if (request.path.endsWith("/heartbeat")) { // those come when they come
            beats.add(request);
            Told told = beatAnswers.poll();
            write(exchange, told != null ? told
                    : new Told(200, "{\"leaseExpiresAt\":\"2099-01-01T00:00:00.000Z\"}", Map.of()));
            return;
        }
        asked.add(request);
        Told told = answers.remove();
        if (told.body == null) throw new UncheckedIOException(new IOException("cut off"));
        write(exchange, told);
    }

    private static void write(HttpExchange exchange, Told told) throws IOException {
        told.headers.forEach(exchange.getResponseHeaders()::set);
        byte[] bytes = told.body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(told.status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void cutOff() { answers.add(new Told(0, null, Map.of())); }

    private void tell(int status, String body) { answers.add(new Told(status, body, Map.of())); }

    private void refuse(int status, String slug, String members) {
        tell(status, problem(status, slug, members));
    }

    /** So that the next try comes at once. */
    private void refuseForNow(int status, String slug) {
        answers.add(new Told(status, problem(status, slug, ""), Map.of("Retry-After", "0")));
    }

    private void beat(int status, String slug) {
        beatAnswers.add(new Told(status, problem(status, slug, ""), Map.of()));
    }

    private static String problem(int status, String slug, String members) {
        return "{\"type\":\"https://holdpoint.dev/problems/" + slug + "\",\"status\":" + status + members + "}";
    }

    private Job create() {
        tell(201, CREATED);
        Job job = hold.create(NewJob.of("ada"));
        asked.clear();
        return job;
    }

    @Test
    void postIsRepeatedUnderItsKeyAfterACutAndWhatMayPass() {
        cutOff();
        refuseForNow(503, "overloaded");
        answers.add(new Told(429, "<html>a proxy</html>", Map.of("Retry-After", "0")));
        refuse(409, "in-progress", "");
        tell(201, CREATED);

        Job job = hold.create(NewJob.of("ada").unlessActive());

        assertThat(job.fence()).isEqualTo("7.1");
        assertThat(asked).hasSize(5).extracting(request -> request.header("Idempotency-Key")).doesNotContainNull()
                .containsOnly(asked.peek().header("Idempotency-Key"));
    }

    @Test
    void keyThatADeadReplicaHoldsIsNotWaitedForWhereDoingItTwiceIsDoingItOnce() {
        Job job = create();
        Interrupt question = Interrupt.question(Question.of("Now?"));
        List<ToolCall> calls = List.of(ToolCall.of("c1", "send_email", "{}"));

        assertThat(keysOf(CREATED, () -> hold.create(NewJob.of("ada")))).hasSize(2);
        assertThat(keysOf("{\"allowed\":[\"c1\"],\"denied\":[]}", () -> job.gate(calls, Terms.open()))).hasSize(2);
        assertThat(keysOf(CREATED, () -> job.pause(question, Terms.open()))).hasSize(2);
        assertThat(keysOf(CREATED, () -> job.complete("done"))).hasSize(2);
        assertThat(keysOf(CREATED, () -> job.fail("broken", "It broke."))).hasSize(2);
        assertThat(keysOf("{\"resolution\":" + RESOLUTION + "}", () -> hold.answer("j", "act-1", "yes"))).hasSize(2);
        assertThat(keysOf(CLAIM, () -> hold.claims().next())).hasSize(2);
    }

    @Test
    void keyThatADeadReplicaHoldsIsKeptWhereDoingItTwiceIsNotDoingItOnce() {
        Job job = create();
        refuse(413, "payload-too-large", "");
        assertThatThrownBy(() -> job.append("a", 1)).isInstanceOf(HoldpointProblem.class);

        assertThat(keysOf(CREATED, () -> hold.create(NewJob.of("ada").unlessActive()))).hasSize(1);
        assertThat(keysOf(CREATED, () -> hold.create(NewJob.of("ada").id("j").after(7)))).hasSize(1);
        assertThat(keysOf("{\"lastEventId\":\"7-2\"}", () -> job.append("a", 1))).hasSize(1);
        assertThat(keysOf(CREATED, () -> hold.abort("j"))).hasSize(1);
    }

    /** The keys of a call that finds its first one held. */
    private Set<String> keysOf(String answer, Runnable call) {
        asked.clear();
        refuseForNow(409, "in-progress");
        tell(200, answer);

        call.run();

        assertThat(asked).hasSize(2).extracting(request -> request.header("Idempotency-Key")).doesNotContainNull();
        return asked.stream().map(request -> request.header("Idempotency-Key")).collect(Collectors.toSet());
    }

    @Test
    void jobThatIsCreatedAgainUnderAnotherKeyIsTheSame() {
        refuseForNow(409, "in-progress");
        tell(201, CREATED);

        hold.create(NewJob.of("ada"));

        assertThat(asked).extracting(request -> Json.parse(request.body).path("id").asText()).doesNotContain("")
                .containsOnly(Json.parse(asked.element().body).path("id").asText());
    }

    @Test
    void endThatHadLandedUnderTheHeldKeyIsNoLoss() {
        Job job = create();
        refuseForNow(409, "in-progress");
        refuse(409, "not-running", "");
        tell(200, CREATED.replace("running", "complete"));

        job.complete();

        assertThat(job.lost()).isEmpty();
        assertThat(hold.beating()).isEmpty();
    }

    @Test
    void endThatSomebodyElseBroughtIsToldAsALoss() {
        Job job = create();
        refuseForNow(409, "in-progress");
        refuse(409, "not-running", "");
        tell(200, CREATED.replace("running", "aborted"));

        assertThatThrownBy(job::complete).isInstanceOf(HoldpointProblem.class);

        assertThat(job.lost().orElseThrow().slug()).isEqualTo("not-running");
    }

    @Test
    void abortThatHadLandedIsNoRefusal() {
        refuseForNow(503, "outcome-unknown");
        refuse(409, "already-settled", "");
        tell(200, CREATED.replace("running", "aborted"));

        assertThat(hold.abort("j", 7).status()).isEqualTo(JobView.Status.ABORTED);
    }

    @Test
    void abortOfWhatHadEndedIsRefused() {
        refuse(409, "already-settled", "");
        assertThatThrownBy(() -> hold.abort("j", 7)).isInstanceOf(HoldpointProblem.class);

        refuseForNow(503, "outcome-unknown");
        refuse(409, "already-settled", "");
        tell(200, CREATED.replace("running", "complete"));
        assertThatThrownBy(() -> hold.abort("j", 7)).isInstanceOf(HoldpointProblem.class);
    }

    @Test
    void jobWhosePauseMayHaveLandedIsNotLostOnceItIsDecided() {
        try (Holdpoint brief = to(Duration.ZERO)) {
            tell(201, CREATED);
            Job job = brief.create(NewJob.of("ada"));
            List<HoldpointProblem> told = new ArrayList<>();
            job.onLost(told::add);
            cutOff();
            assertThatThrownBy(() -> job.pause(Interrupt.question(Question.of("Now?")), Terms.open().actionId("act-1")))
                    .isInstanceOf(HoldpointUnreachable.class);
            beat(409, "not-claimed");
            assertThatThrownBy(job::check).isInstanceOf(HoldpointProblem.class);
            tell(200, CLAIM);

            Claim claim = job.await("act-1").orElseThrow();

            assertThat(told).isEmpty();
            assertThat(job.fence()).isEqualTo(claim.fence()).isEqualTo("7.2");
        }
    }

    @Test
    void jobWhosePauseMayHaveLandedIsLostToAnotherWorkerWhoGoesOnWithIt() {
        try (Holdpoint brief = to(Duration.ZERO)) {
            tell(201, CREATED);
            Job job = brief.create(NewJob.of("ada"));
            cutOff();
            assertThatThrownBy(() -> job.pause(Interrupt.question(Question.of("Now?")), Terms.open().actionId("act-1")))
                    .isInstanceOf(HoldpointUnreachable.class);
            beat(409, "execution-replaced");

            assertThatThrownBy(job::check).isInstanceOf(HoldpointProblem.class);

            assertThat(job.lost().orElseThrow().slug()).isEqualTo("execution-replaced");
        }
    }

    @Test
    void jobWhosePauseWasRefusedIsLostToWhoeverClaimsIt() {
        try (Holdpoint brief = to(Duration.ZERO)) {
            tell(201, CREATED);
            Job job = brief.create(NewJob.of("ada"));
            refuse(503, "overloaded", "");
            assertThatThrownBy(() -> job.pause(Interrupt.question(Question.of("Now?")), Terms.open()))
                    .isInstanceOf(HoldpointProblem.class);
            beat(409, "not-claimed");

            assertThatThrownBy(job::check).isInstanceOf(HoldpointProblem.class);

            assertThat(job.lost().orElseThrow().slug()).isEqualTo("not-claimed");
        }
    }

    @Test
    void pauseThatWasDecidedBeforeItWasRepeatedIsOne() {
        Job job = create();
        refuseForNow(409, "in-progress");
        refuse(409, "not-claimed", "");

        String action = job.pause(Interrupt.question(Question.of("Now?")), Terms.open().actionId("act-1"));

        assertThat(action).isEqualTo("act-1");
        assertThat(job.lost()).isEmpty();
    }

    @Test
    void decisionThatCameBeforeItsGateWasRepeatedCountsAndTheOtherCallsPassTheGateAgain() {
        Job job = create();
        refuseForNow(409, "in-progress");
        refuse(409, "not-claimed", "");
        tell(200, CLAIM
                .replace("\"answer\":\"yes\"", "\"decisions\":[{\"tool_call_id\":\"c1\",\"decision\":\"approve\"}]")
                .replace("{\"type\":\"ask_user_question\",\"question\":{\"question\":\"Now?\"}}",
                        "{\"type\":\"tool_approval\",\"action_requests\":[{\"tool_call_id\":\"c1\",\"name\":\"send_email\",\"arguments\":{}}]}"));
        tell(200, "{\"allowed\":[],\"denied\":[{\"id\":\"c2\",\"reason\":\"no\"}]}");

        Decisions decisions = job.approve(List.of(ToolCall.of("c1", "send_email", "{}"),
                ToolCall.of("c2", "drop_table", "{}"))).orElseThrow();

        assertThat(decisions.of("c1")).isInstanceOf(Verdict.Run.class);
        assertThat(decisions.of("c2")).isEqualTo(new Verdict.Refuse("c2", "no"));
    }

    @Test
    void claimWhoseAnswerIsAnOldOneIsLookedIntoAndLetGoForAnotherWhenItHoldsNoMore() {
        cutOff();
        answers.add(new Told(200, CLAIM, Map.of("Idempotent-Replayed", "true")));
        beat(409, "execution-replaced");
        tell(200, NEXT);
        assertThat(hold.claims().next().id()).isEqualTo("next");

        cutOff();
        answers.add(new Told(200, CLAIM, Map.of("Idempotent-Replayed", "true")));
        assertThat(hold.claims().next().id()).isEqualTo("j");
        assertThat(beats).extracting(request -> request.path + " " + request.header("Holdpoint-Fence"))
                .containsExactly("/v1/jobs/j/heartbeat 7.2", "/v1/jobs/j/heartbeat 7.2");
    }

    @Test
    void claimThatIsAnsweredAfterItsLeaseIsLookedIntoAndGoesOnUnderTheRenewedOne() {
        tell(200, CLAIM.replace("2099", "2020"));
        beat(409, "not-claimed");
        tell(200, NEXT);
        assertThat(hold.claims().next().id()).isEqualTo("next");

        tell(200, CLAIM.replace("2099", "2020"));
        Claim renewed = hold.claims().next().claim().orElseThrow();
        assertThat(renewed.jobId()).isEqualTo("j");
        assertThat(renewed.leaseExpiresAt()).isEqualTo("2099-01-01T00:00:00Z");
    }

    @Test
    void jobThatWasClaimedAndNotHandedOverIsLetGoWhenTheClaimsAreClosed() {
        tell(200, CLAIM);
        Claims claims = hold.claims();
        assertThat(claims.hasNext()).isTrue();
        assertThat(hold.beating()).hasSize(1);

        claims.close();

        assertThat(hold.beating()).isEmpty();
        assertThat(claims.hasNext()).isFalse();
    }

    @Test
    void jobThatWasHandedOverIsItsReceiversWhenTheClaimsAreClosed() {
        tell(200, CLAIM);
        Claims claims = hold.claims();
        Job job = claims.next();

        claims.close();

        assertThat(hold.beating()).hasSize(1);
        job.close();
    }

    @Test
    void refusalIsNotRepeated() {
        refuse(409, "job-active", ",\"currentGeneration\":9");

        HoldpointProblem problem = catchThrowableOfType(HoldpointProblem.class, () -> hold.create(NewJob.of("ada")));

        assertThat(problem.type()).isEqualTo("https://holdpoint.dev/problems/job-active");
        assertThat(problem.status()).isEqualTo(409);
        assertThat(problem.member("currentGeneration").asLong()).isEqualTo(9);
        assertThat(asked).hasSize(1);
    }

    @Test
    void serviceThatStaysAwayIsGivenUp() {
        try (Holdpoint brief = to(Duration.ZERO)) {
            cutOff();

            assertThat(catchThrowableOfType(HoldpointUnreachable.class, () -> brief.job("j"))).isNotNull();
        }
    }

    @Test
    void longRetryAfterIsNotWaitedForBeyondPatience() {
        answers.add(new Told(429, "{\"type\":\"https://holdpoint.dev/problems/too-many-requests\"}",
                Map.of("Retry-After", "3600")));

        HoldpointProblem problem = catchThrowableOfType(HoldpointProblem.class, () -> hold.job("j"));

        assertThat(problem.slug()).isEqualTo("too-many-requests");
    }

    @Test
    void batchThatHadLandedIsNotAppendedTwice() {
        Job job = create();
        cutOff();
        refuse(409, "sequence-mismatch", ",\"lastEventId\":\"7-3\"");

        EventId last = job.append(List.of(NewEvent.of("a", 1), NewEvent.of("b", 2)));

        assertThat(last).isEqualTo(new EventId(7, 3));
        assertThat(asked).hasSize(2).extracting(request -> request.header("Holdpoint-Expected-Seq")).containsOnly("1");
    }

    @Test
    void batchWhoseAnswerAProxyLostIsNotAppendedTwice() {
        Job job = create();
        answers.add(new Told(503, "upstream connect error or disconnect/reset before headers",
                Map.of("Retry-After", "0")));
        refuse(409, "sequence-mismatch", ",\"lastEventId\":\"7-2\"");

        EventId last = job.append("a", 1);

        assertThat(last).isEqualTo(new EventId(7, 2));
        assertThat(asked).hasSize(2).extracting(request -> request.header("Holdpoint-Expected-Seq")).containsOnly("1");
    }

    @Test
    void batchThatTheServiceRefusedAndThatThenFindsAnotherPlaceIsAppendedThere() {
        Job job = create();
        refuseForNow(503, "overloaded");
        refuse(409, "sequence-mismatch", ",\"lastEventId\":\"7-2\"");
        tell(202, "{\"firstEventId\":\"7-3\",\"lastEventId\":\"7-3\"}");

        assertThat(job.append("a", 1)).isEqualTo(new EventId(7, 3));
    }

    @Test
    void batchThatMayHaveLandedBesideOthersIsLeftToTheCaller() {
        Job job = create();
        cutOff();
        refuse(409, "sequence-mismatch", ",\"lastEventId\":\"7-5\"");

        assertThat(catchThrowableOfType(HoldpointProblem.class, () -> job.append("a", 1)).slug())
                .isEqualTo("sequence-mismatch");
    }

    @Test
    void batchThatFindsAnotherPlaceThanItKnewIsAppendedThere() {
        Job job = create();
        refuse(409, "sequence-mismatch", ",\"lastEventId\":\"7-5\"");
        tell(202, "{\"firstEventId\":\"7-6\",\"lastEventId\":\"7-6\"}");
        tell(202, "{\"firstEventId\":\"7-7\",\"lastEventId\":\"7-7\"}");

        EventId last = job.append("a", 1);
        job.append("b", 2);

        assertThat(last).isEqualTo(new EventId(7, 6));
        assertThat(asked).extracting(request -> request.header("Holdpoint-Expected-Seq")).containsExactly("1", null,
                "6");
        assertThat(asked).extracting(request -> request.header("Holdpoint-Fence")).containsOnly("7.1");
    }

    @Test
    void batchBehindOneThatFailedIsNotTakenForIt() {
        Job job = create();
        refuse(413, "payload-too-large", "");
        tell(202, "{\"firstEventId\":\"7-2\",\"lastEventId\":\"7-2\"}");
        assertThat(catchThrowableOfType(HoldpointProblem.class, () -> job.append("a", 1)).status()).isEqualTo(413);

        job.append("b", 2);

        assertThat(asked).extracting(request -> request.header("Holdpoint-Expected-Seq")).containsExactly("1", null);
        assertThat(asked).last().extracting(request -> request.header("Idempotency-Key")).isNotNull();
    }

    @Test
    void heartGoesOnWhenNoKeyCouldBeHad() throws InterruptedException {
        AtomicBoolean asked = new AtomicBoolean();
        Supplier<String> keys = () -> {
            if (!asked.getAndSet(true)) throw new IllegalStateException("no token");
            return "k";
        };
        try (Holdpoint renewing = at().key(keys).build()) {

            new Heart(renewing, "j", (fence, refused) -> {}).beat("7.1", Instant.EPOCH);

            assertThat(beats.take().header("Holdpoint-Fence")).isEqualTo("7.1");
        }
    }

    @Test
    void heartGoesOnWhateverItIsAnswered() throws InterruptedException {
        beatAnswers.add(new Told(200, "<html>a proxy</html>", Map.of()));
        beatAnswers.add(new Told(200, "{}", Map.of()));
        Heart heart = new Heart(hold, "j", (fence, refused) -> {});

        heart.beat("7.1", Instant.EPOCH);

        assertThat(List.of(beats.take(), beats.take(), beats.take())).hasSize(3);
    }

    @Test
    void listenerThatFailsKeepsNobodyFromLearningThatTheJobIsLost() {
        Job job = create();
        List<Object> told = new ArrayList<>();
        job.onLost(problem -> {
            throw new IllegalStateException("of the listener");
        });
        job.onLost(problem -> told.add(problem.slug()));
        Thread.currentThread().setUncaughtExceptionHandler((thread, failed) -> told.add(failed.getMessage()));
        refuse(409, "execution-replaced", "");

        HoldpointProblem problem = catchThrowableOfType(HoldpointProblem.class, () -> job.append("a", 1));
        Thread.currentThread().setUncaughtExceptionHandler(null);

        assertThat(problem.slug()).isEqualTo("execution-replaced");
        assertThat(told).containsExactly("of the listener", "execution-replaced");
    }

    @Test
    void jobIsLetGoOnceItHasEndedOrIsLost() {
        Job ends = create();
        Job lost = create();
        assertThat(hold.beating()).hasSize(2);
        tell(200, CREATED);
        refuse(409, "execution-replaced", "");

        ends.complete();
        assertThatThrownBy(lost::complete).isInstanceOf(HoldpointProblem.class);

        assertThat(hold.beating()).isEmpty();
    }

    @Test
    void keyThatNoHeaderCanCarryIsNotTold() {
        try (Holdpoint broken = at().key("the secret\nof two lines").build();
                Holdpoint padded = at().key("k\n").build()) {
            assertThatThrownBy(() -> broken.job("j")).isInstanceOf(IllegalArgumentException.class)
                    .message().doesNotContain("secret");
            tell(200, CREATED);

            padded.job("j");

            assertThat(asked).extracting(request -> request.header("Authorization")).containsExactly("Bearer k");
        }
    }

    @Test
    void watcherReadsTheListThatItOwesBeforeItGoesOn() {
        String waits =
                "{\"jobId\":\"j\",\"actionId\":\"act-1\",\"generation\":7,\"conversationId\":\"j\",\"userId\":\"ada\","
                        + "\"payload\":{\"type\":\"ask_user_question\",\"question\":{\"question\":\"Now?\"}},"
                        + "\"createdAt\":\"2026-11-23T12:00:00.000Z\",\"warnings\":[]}";
        tell(200, "retry: 1\n\n");
        refuse(403, "forbidden", "");
        tell(200, "{\"items\":[" + waits + "]}");
        try (ApprovalFeed feed = hold.watchApprovals()) {
            assertThat(catchThrowableOfType(HoldpointProblem.class, feed::hasNext).status()).isEqualTo(403);

            ApprovalChange change = feed.next();

            assertThat(change).isInstanceOf(ApprovalChange.Requested.class);
            assertThat(change.actionId()).isEqualTo("act-1");
        }
    }

    @Test
    void streamComesBackBehindTheLastWholeEvent() {
        answers.add(new Told(200, "retry: 1\n\nid: 7-1\nevent: a\ndata: 1\n\nid: 7-2\nevent: b\nda", Map.of()));
        answers.add(new Told(503, "", Map.of("Retry-After", "0")));
        answers.add(new Told(200, "id: 7-2\nevent: b\ndata: 2\n\n", Map.of()));
        tell(204, "");
        try (EventStream stream = hold.events("a/b", From.start())) {

            assertThat(stream.next()).isEqualTo(new Event(new EventId(7, 1), "a", Json.tree(1)));
            assertThat(stream.next()).isEqualTo(new Event(new EventId(7, 2), "b", Json.tree(2)));
            assertThat(stream.hasNext()).isFalse();
        }
        assertThat(asked).extracting(request -> request.header("Last-Event-ID")).containsExactly(null, "7-1", "7-1",
                "7-2");
    }

    @Test
    void streamFromNowThatIsCutOffAtOnceGoesOnWhereItBegan() {
        answers.add(new Told(200, "retry: 1\n\n", Map.of("Holdpoint-First-Event-Id", "7-5")));
        tell(204, "");
        try (EventStream stream = hold.events("j", From.now())) {
            assertThat(stream.hasNext()).isFalse();
        }

        assertThat(asked).extracting(request -> request.header("Last-Event-ID")).containsExactly(null, "7-4");
    }
}

package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.holdpoint.api.Sse.Frame;
import dev.holdpoint.contract.Contract;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** History first, then live, no gap, no duplicate, and an end for whoever needs one. */
@QuarkusTest
@WithTestResource(KeysFile.class)
class StreamTest {
    private final Api agent = Api.agent();
    private final Api user = Api.as("u1");

    @Inject MovableClock clock;
    @Inject RequestsOver over;
    @Inject MeterRegistry meters;

    private static String batch(int from, int count) {
        return IntStream.range(from, from + count).mapToObj(number -> "{'event':'said','data':" + number + "}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static List<Long> seqs(List<Frame> frames) { return frames.stream().map(Frame::seq).toList(); }

    @Test
    void streamSaysWhatItIs() {
        AJob job = agent.creates("u1");

        try (Sse stream = user.follows(job.id())) {
            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.header("Content-Type")).startsWith("text/event-stream");
            assertThat(stream.header("Cache-Control")).isEqualTo("no-cache, no-transform");
            assertThat(stream.header("X-Accel-Buffering")).isEqualTo("no");
            assertThat(stream.header("Holdpoint-First-Event-Id")).isEqualTo(job.generation() + "-1");
            assertThat(stream.raw().event()).isEqualTo("retry: 2000");
            Frame created = stream.next("job.created");
            assertThat(created.id()).isEqualTo(job.generation() + "-1");
            Contract.check("Job", created.json());
        }
    }

    @Test
    @DisabledIfSystemProperty(named = "test.store", matches = "redis",
            disabledReason = "nobody waits for his head until another process has answered")
    void whatWaitsForAReaderComesInOneWrite() {
        AJob job = agent.creates("u1");
        job.says(7);
        try (Wire.Talk talk = new Wire.Talk()) {
            talk.say("GET " + job.path()
                    + "/events HTTP/1.1\r\nHost: h\r\nAccept: text/event-stream\r\nAuthorization: Bearer key-u1\r\n\r\n");

            assertThat(talk.hears()).startsWith("HTTP/1.1 200 ");
            assertThat(talk.hearsChunk()).startsWith("retry: 2000\n\n").contains("event: job.created", "event: said");
        }
    }

    @Test
    void requestIsForgottenWhileItsStreamGoesOn() {
        AJob job = agent.creates("u1");
        try (Sse stream = user.follows(job.id())) {
            stream.next("job.created");

            Wire.await(() -> over.has("GET " + job.path() + "/events"));

            job.says(7);
            assertThat(stream.next("said").data()).isEqualTo("7");
        }
    }

    @Test
    void lifeOfAJobIsToldInOrderAndTheStreamEndsWithIt() {
        AJob job = agent.creates("u1");
        try (Sse stream = user.follows(job.id())) {
            job.says(7);
            job.paused("a1");
            user.approves(job.id(), "a1").is(200);
            Reply claim = agent.claims(job.id(), "a1", "w1").is(200);
            job.under(claim.text("/fence")).writes("complete", "{'final':{'text':'done'}}").is(200);

            List<Frame> told = stream.untilTheEnd();

            assertThat(told).extracting(Frame::event).containsExactly("job.created", "said", "job.paused",
                    "job.resumed",
                    "job.claimed", "job.completed");
            assertThat(seqs(told)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
            assertThat(told.get(2).json().path("actionId").asText()).isEqualTo("a1");
            Contract.check("PendingAction", told.get(2).json());
            Contract.check("Resumed", told.get(3).json());
            assertThat(told.get(3).json().at("/decisions/0/decision").asText()).isEqualTo("approve");
            Contract.check("Claimed", told.get(4).json());
            Contract.check("Ended", told.get(5).json());
            assertThat(told.get(5).json().at("/final/text").asText()).isEqualTo("done");
            assertThat(user.follows(job.id(), told.getLast().id()).status()).isEqualTo(204);
            assertThat(seqs(user.follows(job.id(), told.get(3).id()).untilTheEnd())).containsExactly(5L, 6L);
        }
    }

    @Test
    void readerThatReconnectsAnywhereMissesNothingAndSeesNothingTwice() {
        AJob job = agent.creates("u1");
        int events = 5_000;
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (int from = 0; from < events; from += 10) job.appends(batch(from, 10)).is(202);
            job.completes().is(200);
        });
        Random random = new Random(42);
        List<Long> seen = new ArrayList<>();
        String cursor = job.generation() + "-0";
        int connections = 0;

        boolean over = false;
        while (!over) {
            connections++;
            try (Sse stream = user.follows(job.id(), cursor)) {
                int take = 1 + random.nextInt(120);
                for (int taken = 0; taken < take && !over; taken++) {
                    Frame frame = stream.next();
                    seen.add(frame.seq());
                    cursor = frame.id();
                    over = frame.event().equals("job.completed");
                }
            }
        }
        writer.join();

        assertThat(connections).isGreaterThan(40);
        assertThat(seen).isEqualTo(LongStream.rangeClosed(1, events + 2).boxed().toList());
    }

    @Test
    void readersThatComeAtAnyTimeSeeTheSameLog() {
        AJob job = agent.creates("u1");
        List<Sse> readers = new ArrayList<>();
        for (int from = 0; from < 500; from += 10) {
            readers.add(user.follows(job.id()));
            job.appends(batch(from, 10)).is(202);
        }
        job.completes().is(200);

        List<Long> whole = LongStream.rangeClosed(1, 502).boxed().toList();
        readers.forEach(reader -> assertThat(seqs(reader.untilTheEnd())).isEqualTo(whole));
    }

    @Test
    void readersWhoStayUnderAFastJobGetTheWholeLogWhileOthersComeAndGo() { staysWhole(agent, user, 1_000); }

    /** Readers stay, leave in the middle and come late, while a job writes as fast as it is answered. */
    static void staysWhole(Api agent, Api user, int events) {
        int each = 30;
        AJob job = agent.creates("u1");
        List<Sse> staying = IntStream.range(0, each).mapToObj(count -> user.follows(job.id())).toList();
        List<Sse> leaving = IntStream.range(0, each).mapToObj(count -> user.follows(job.id())).toList();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (int from = 0; from < events; from++) job.appends(batch(from, 1)).is(202);
            job.completes().is(200);
        });
        List<Sse> late = new ArrayList<>();
        for (Sse one : leaving) {
            one.until(frame -> frame.seq() == 20);
            one.close();
            late.add(user.follows(job.id()));
        }

        List<Long> whole = LongStream.rangeClosed(1, events + 2).boxed().toList();
        for (List<Sse> readers : List.of(staying, late))
            readers.forEach(reader -> assertThat(seqs(reader.untilTheEnd())).isEqualTo(whole));
        writer.join();
    }

    @Test
    void cursorInTheQueryCountsAndTheHeaderWins() {
        AJob job = agent.creates("u1");
        job.says(1);
        job.says(2);
        String target = job.path() + "/events?lastEventId=" + job.generation();

        try (Sse byQuery = Sse.open(user, target + "-2");
                Sse byHeader = Sse.open(user.with("Last-Event-ID", job.generation() + "-1"), target + "-2")) {
            assertThat(byQuery.header("Holdpoint-First-Event-Id")).isEqualTo(job.generation() + "-3");
            assertThat(byQuery.next().seq()).isEqualTo(3);
            assertThat(byHeader.next().seq()).isEqualTo(2);
        }
    }

    @Test
    void fromNowSkipsTheReplay() {
        AJob job = agent.creates("u1");
        job.says(1);

        try (Sse stream = Sse.open(user, job.path() + "/events?from=now")) {
            job.says(2);
            assertThat(stream.next("said").data()).isEqualTo("2");
        }
    }

    @Test
    void cursorOfAnotherGenerationIsToldTheStateFirst() {
        AJob old = agent.creates("u1");
        old.says(1);
        AJob job = agent.createsNamed(old.id(), "u1");
        job.appends(
                "[{'event':'progress','data':{'at':1},'retain':'latest'},{'event':'progress','data':{'at':2},'retain':'latest'}]");

        try (Sse stream = user.follows(job.id(), old.generation() + "-2")) {
            Frame snapshot = stream.next("job.snapshot");
            Contract.check("Snapshot", snapshot.json());
            assertThat(snapshot.json().path("reason").asText()).isEqualTo("generation_replaced");
            assertThat(snapshot.json().at("/job/generation").asLong()).isEqualTo(job.generation());
            assertThat(snapshot.json().at("/retained/progress/at").asInt()).isEqualTo(2);
            assertThat(stream.next("job.created").seq()).isEqualTo(1);
        }
    }

    @Test
    void cursorAheadOfTheLogIsToldTheStateRatherThanWaiting() {
        AJob job = agent.creates("u1");

        try (Sse stream = user.follows(job.id(), job.generation() + "-99")) {
            stream.next("job.snapshot");
            assertThat(stream.next("job.created").seq()).isEqualTo(1);
        }
    }

    @Test
    void subscribersOfAReplacedJobAreToldAndLetGo() {
        AJob old = agent.creates("u1");
        try (Sse stream = user.follows(old.id())) {
            stream.next("job.created");

            AJob job = agent.createsNamed(old.id(), "u1");

            assertThat(stream.next("job.replaced").id()).startsWith(old.generation() + "-");
            stream.ends();
            try (Sse next = user.follows(job.id())) {
                assertThat(next.next("job.created").id()).isEqualTo(job.generation() + "-1");
            }
        }
    }

    @Test
    void expiredPromptEndsTheStream() {
        AJob job = agent.creates("u1").paused("a1", "PT5M");
        try (Sse stream = user.follows(job.id())) {
            clock.advance(Duration.ofMinutes(6));

            Frame last = stream.until("job.expired").getLast();

            assertThat(last.json().path("actionId").asText()).isEqualTo("a1");
            assertThat(last.json().path("status").asText()).isEqualTo("aborted");
            stream.ends();
        }
    }

    @Test
    void pagesServeClientsWithoutSse() {
        AJob job = agent.creates("u1");
        job.appends(batch(0, 10)).is(202);
        String events = job.path() + "/events";

        Reply first = user.get(events + "?limit=4").is(200);
        Reply second = user.get(events + "?limit=200&after=" + first.text("/lastEventId")).is(200);
        Reply none = user.get(events + "?after=" + second.text("/lastEventId")).is(200);

        assertThat(first.at("/items")).hasSize(4);
        first.has("/lastEventId", job.generation() + "-4").has("/items/0/event", "job.created").has("/items/3/data", 2);
        assertThat(second.at("/items")).hasSize(7);
        second.has("/items/0/id", job.generation() + "-5");
        assertThat(none.at("/items")).isEmpty();
        none.has("/lastEventId", second.text("/lastEventId"));
    }

    @Test
    void pageThatWaitsIsWokenByTheNextEvent() {
        AJob job = agent.creates("u1");
        CompletableFuture<Reply> waiting = CompletableFuture.supplyAsync(
                () -> user.get(job.path() + "/events?wait=PT30S&after=" + job.generation() + "-1"));

        job.says(1);

        waiting.orTimeout(10, java.util.concurrent.TimeUnit.SECONDS).join().is(200).has("/items/0/data", 1);
    }

    @Test
    void pageThatWaitedInVainIsEmpty() {
        AJob job = agent.creates("u1");

        Reply page = user.get(job.path() + "/events?wait=PT0.2S&after=" + job.generation() + "-1").is(200);

        assertThat(page.at("/items")).isEmpty();
    }

    @Test
    void pageBehindTheTerminalEventIsEmptyAtOnce() {
        AJob job = agent.creates("u1");
        Reply done = job.completes().is(200);

        assertThat(user.get(job.path() + "/events?wait=PT60S&after=" + done.text("/lastEventId")).is(200).at("/items"))
                .isEmpty();
    }

    /** In one test, because what each of them takes is the wait. */
    @Test
    @DisabledIfSystemProperty(named = "test.store", matches = "redis",
            disabledReason = "no connection knows which store its events come from, and the stores' contract reads long logs")
    void silentStreamIsKeptAliveAndReadersThatDoNotReadAreCutOffAndResumeWithoutLoss() throws IOException {
        AJob job = agent.creates("u1");
        String text = "x".repeat(200_000);
        String payload = AJob.calls(AJob.call("c1", "send_email", "{'text':'" + text + "'}"));
        try (Socket ofTheJob = readerThatDoesNotRead(job.path() + "/events");
                Socket ofTheFeed = readerThatDoesNotRead("/v1/approvals/events")) {
            for (int number = 0; number < 100; number++) {
                job.appends("[{'event':'said','data':'" + text + "'}]").is(202);
                AJob one = agent.creates("u1");
                one.pauses(payload, "").is(200);
                user.post(one.path() + "/abort", "{}").is(200);
            }

            // Cut off means: others go on, and what these still get is less than was written.
            awaitCutOff(job);
            assertThat(drained(ofTheJob)).isLessThan(20_000_000L);
            assertThat(drained(ofTheFeed)).isLessThan(15_000_000L);
            try (Sse back = user.follows(job.id(), job.generation() + "-1")) {
                job.completes().is(200);
                assertThat(seqs(back.untilTheEnd())).isEqualTo(LongStream.rangeClosed(2, 102).boxed().toList());
            }
        }
    }

    /** Has read no more than shows that the answer has begun. */
    private static Socket readerThatDoesNotRead(String path) throws IOException {
        Socket slow = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port);
        slow.setSoTimeout(40_000);
        slow.getOutputStream().write(Wire.bytes("GET " + path
                + " HTTP/1.1\r\nHost: h\r\nAccept: text/event-stream\r\nAuthorization: Bearer key-u1\r\n\r\n"));
        assertThat(slow.getInputStream().read()).isEqualTo('H');
        return slow;
    }

    /** Until the service had to notice who doesn't read, which others can see by two heartbeats. */
    private void awaitCutOff(AJob job) {
        try (Sse other = Sse.open(user, job.path() + "/events?from=now")) {
            int heartbeats = 0;
            while (heartbeats < 2) heartbeats += other.raw().isComment() ? 1 : 0;
        }
    }

    /** How many bytes were still there for somebody who was cut off. */
    private static long drained(Socket slow) {
        long received = 0;
        byte[] buffer = new byte[65_536];
        try {
            InputStream socket = slow.getInputStream();
            for (int read = socket.read(buffer); read >= 0; read = socket.read(buffer)) received += read;
        } catch (java.net.SocketTimeoutException stillOpen) {
            throw new AssertionError("the slow reader was not cut off", stillOpen);
        } catch (IOException reset) {
            // Cut off, as it should be.
        }
        return received;
    }

    @Test
    void ticketOpensOneStreamOnce() {
        AJob job = agent.creates("u1");
        Reply ticket = user.post("/v1/tickets", "{}").is(201);
        String target = job.path() + "/events?ticket=" + ticket.text("/ticket");

        try (Sse stream = Sse.open(Api.nobody(), target)) {
            stream.next("job.created");
            assertThat(Sse.open(Api.nobody(), target).refusal().refused(401, "unauthorized")).isNotNull();
        }
    }

    @Test
    void ticketIsGoodForNothingElse() {
        AJob job = agent.creates("u1").paused("a1");
        String ticket = "?ticket=" + user.post("/v1/tickets", "{}").text("/ticket");

        Api.nobody().get(job.path() + ticket).refused(401, "unauthorized");
        Api.nobody().post(job.path() + "/resolve" + ticket, Api.approval("a1")).refused(401, "unauthorized");
        Api.nobody().post(job.path() + "/events" + ticket, "[]").refused(401, "unauthorized");
        Api.nobody().post("/v1/tickets" + ticket, "{}").refused(401, "unauthorized");
    }

    @Test
    void ticketIsBoundToWhoFetchedIt() {
        AJob job = agent.creates("u1");
        String ticket = Api.as("u2").post("/v1/tickets", "{}").text("/ticket");

        Sse.open(Api.nobody(), job.path() + "/events?ticket=" + ticket).refusal().refused(403, "forbidden");
    }

    @Test
    @DisabledIfSystemProperty(named = "test.store", matches = "redis",
            disabledReason = "Redis forgets tickets by its own clock, which no test can move")
    void ticketExpires() {
        AJob job = agent.creates("u1");
        String ticket = user.post("/v1/tickets", "{}").text("/ticket");

        clock.advance(Duration.ofSeconds(61));

        Sse.open(Api.nobody(), job.path() + "/events?ticket=" + ticket).refusal().refused(401, "unauthorized");
    }

    @Test
    void thousandSubscribersAllGetTheEventAndOneMoreIsRefused() {
        AJob job = agent.creates("u1");
        List<Sse> subscribers = new ArrayList<>();
        try {
            for (int count = 0; count < 500; count++) {
                subscribers.add(user.follows(job.id()));
                subscribers.add(agent.follows(job.id()));
            }
            Reply refusal = user.follows(job.id()).refusal().refused(429, "too-many-requests");
            assertThat(refusal.header("Retry-After")).isNotEmpty();

            job.says(42);

            subscribers.forEach(one -> assertThat(one.until("said").getLast().data()).isEqualTo("42"));
            job.completes().is(200);
            subscribers.forEach(one -> one.until("job.completed"));
        } finally {
            subscribers.forEach(Sse::close);
        }
    }

    @Test
    void callerHasOnlySoManyStreams() {
        List<Sse> feeds = new ArrayList<>();
        Api caller = Api.as("u2-t1");
        try {
            for (int count = 0; count < 600; count++) feeds.add(Sse.open(caller, "/v1/approvals/events"));

            Sse.open(caller, "/v1/approvals/events").refusal().refused(429, "too-many-requests");
            try (Sse other = Sse.open(Api.as("u1-t1"), "/v1/approvals/events")) {
                assertThat(other.status()).isEqualTo(200);
            }
        } finally {
            feeds.forEach(Sse::close);
        }
    }

    @Test
    void callerWhoNamesManyTenantsHasNoMoreStreams() {
        List<Sse> feeds = new ArrayList<>();
        try {
            for (int count = 0; count < 600; count++)
                feeds.add(Sse.open(Api.as("u2").inTenant("many-" + count % 7), "/v1/approvals/events"));

            Sse.open(Api.as("u2").inTenant("one-more"), "/v1/approvals/events").refusal()
                    .refused(429, "too-many-requests");
        } finally {
            feeds.forEach(Sse::close);
        }
    }

    @Test
    void readersWhoLeaveBeforeTheirStreamsBeginGiveBackTheirPlaces() {
        String job = agent.creates("u1").path() + "/events";

        // One of some thirty leaves between the look for his job and the head of his stream.
        for (int count = 0; count < 500; count++) {
            for (String stream : List.of(job, "/v1/approvals/events")) {
                Wire.hangUpAfter(Wire.bytes("GET " + stream + " HTTP/1.1\r\nHost: h\r\n"
                        + "Accept: text/event-stream\r\nAuthorization: Bearer key-u1\r\n\r\n"), () -> true);
            }
        }

        for (String stream : List.of("job", "approvals"))
            Wire.await(() -> meters.get("holdpoint.subscribers").tag("stream", stream).gauge().value() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST /v1/jobs HTTP/1.1\r\nHost: h\r\nContent-Length: 50\r\n\r\n{",
        "GET / HTTP/1.1\r\n: \r\n\r\n"})
    void readerWhoLeavesInTheMiddleOfAnotherRequestGivesBackHisPlace(String more) {
        Gauge subscribers = meters.get("holdpoint.subscribers").tag("stream", "job").gauge();
        Wire.await(() -> subscribers.value() == 0);
        try (Wire.Talk reader = new Wire.Talk()) {
            reader.say("GET " + agent.creates("u1").path() + "/events HTTP/1.1\r\nHost: h\r\n"
                    + "Accept: text/event-stream\r\nAuthorization: Bearer key-u1\r\n\r\n" + more);
            assertThat(reader.hears()).startsWith("HTTP/1.1 200");
            assertThat(subscribers.value()).isEqualTo(1);
        }

        Wire.await(() -> subscribers.value() == 0);
    }

    @Test
    void feedShowsWhatBeginsAndCeasesToWait() {
        try (Sse feed = Sse.open(user, "/v1/approvals/events")) {
            AJob decided = agent.creates("u1").paused("a1");
            user.approves(decided.id(), "a1").is(200);
            AJob aborted = agent.creates("u1").paused("a2");
            user.aborts(aborted.id()).is(200);
            AJob expired = agent.creates("u1").paused("a3");
            agent.post(expired.path() + "/expire", "{'actionId':'a3'}").is(200);
            AJob replaced = agent.creates("u1").paused("a4");
            agent.createsNamed(replaced.id(), "u1");

            shows(feed, "approval.requested", decided, "a1");
            shows(feed, "approval.decided", decided, "a1");
            shows(feed, "approval.requested", aborted, "a2");
            shows(feed, "approval.cancelled", aborted, "a2");
            shows(feed, "approval.requested", expired, "a3");
            shows(feed, "approval.expired", expired, "a3");
            shows(feed, "approval.requested", replaced, "a4");
            shows(feed, "approval.cancelled", replaced, "a4");
        }
    }

    private static void shows(Sse feed, String name, AJob job, String action) {
        Frame frame = feed.next(name);
        assertThat(frame.json().path("jobId").asText()).isEqualTo(job.id());
        assertThat(frame.json().path("actionId").asText()).isEqualTo(action);
        Contract.check(name.equals("approval.requested") ? "Approval" : "ClosedApproval", frame.json());
    }

    @Test
    void feedShowsOnlyWhatTheCallerMayDecide() {
        try (Sse own = Sse.open(Api.as("u2"), "/v1/approvals/events");
                Sse all = Sse.open(Api.as("reviewer"), "/v1/approvals/events");
                Sse elsewhere = Sse.open(Api.as("reviewer-t1"), "/v1/approvals/events")) {
            AJob others = agent.creates("u1").paused("a1");
            AJob job = agent.creates("u2").paused("a2");
            AJob inTenant = Api.as("agent-t1").creates("u2").paused("a3");

            shows(own, "approval.requested", job, "a2");
            shows(all, "approval.requested", others, "a1");
            shows(all, "approval.requested", job, "a2");
            shows(elsewhere, "approval.requested", inTenant, "a3");
            user.aborts(others.id()).is(200);
            Api.as("u2").approves(job.id(), "a2").is(200);
            shows(own, "approval.decided", job, "a2");
            shows(all, "approval.cancelled", others, "a1");
        }
    }

    @Test
    void feedIsForThoseWhoDecide() {
        Sse.open(agent, "/v1/approvals/events").refusal().refused(403, "forbidden");
        Sse.open(Api.as("auditor"), "/v1/approvals/events").refusal().refused(403, "forbidden");
        Sse.open(Api.nobody(), "/v1/approvals/events").refusal().refused(401, "unauthorized");
    }
}

package dev.holdpoint.sweep;

import static dev.holdpoint.store.Bench.TIMING;
import static dev.holdpoint.store.Bench.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import dev.holdpoint.archive.memory.MemoryArchive;
import dev.holdpoint.archive.memory.MemoryAuditTrail;
import dev.holdpoint.audit.AuditTrail;
import dev.holdpoint.audit.ChainedRecord;
import dev.holdpoint.audit.Facets;
import dev.holdpoint.audit.Inspection;
import dev.holdpoint.audit.Presented;
import dev.holdpoint.audit.PublicKeys;
import dev.holdpoint.audit.Transcripts;
import dev.holdpoint.audit.Verdict;
import dev.holdpoint.job.Archive;
import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Debt;
import dev.holdpoint.job.Debt.ClosedPrompt;
import dev.holdpoint.job.Debt.JudgedCalls;
import dev.holdpoint.job.Debt.Note;
import dev.holdpoint.job.HistoryQuery;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.StoreTrouble;
import dev.holdpoint.job.Transition;
import dev.holdpoint.job.UserId;
import dev.holdpoint.mask.MaskConfig;
import dev.holdpoint.mask.Masks;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Race;
import dev.holdpoint.store.memory.MemoryBench;
import dev.holdpoint.store.memory.MemoryDeliveries;
import dev.holdpoint.webhook.Announcements;
import dev.holdpoint.webhook.Deliveries;
import dev.holdpoint.webhook.Nobody;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.Test;

class ArchivingTest {
    private static final Transcripts RECORDS = new Transcripts(Masks.NONE, "memory");
    private static final Announcements NOBODY = Nobody.told();
    private final Bench bench = MemoryBench.bench();
    private final FlakyArchive archive = new FlakyArchive();
    private final AuditTrail trail = new MemoryAuditTrail(bench.clock, 1_000_000, Long.MAX_VALUE);
    private final Archiving archiving = into(archive);

    private Archiving into(Archive some) { return new Archiving(bench.outbox, some, trail, RECORDS, NOBODY); }

    /** Keeps what comes until it has kept as much as it may. */
    private static class FlakyArchive implements Archive {
        final List<Job> kept = new ArrayList<>();
        int room = Integer.MAX_VALUE;

        @Override
        public Uni<Void> keep(Job ended) {
            return Uni.createFrom().item(() -> {
                if (kept.size() >= room) throw new IllegalStateException("the archive is away");
                kept.add(ended);
                return null;
            });
        }

        @Override
        public Uni<Void> keep(ClosedPrompt closed) { return Uni.createFrom().voidItem(); }

        @Override
        public Uni<Long> erase(Space space, UserId user) { throw new UnsupportedOperationException(); }

        @Override
        public Uni<Void> keep(JudgedCalls judged) { throw new UnsupportedOperationException(); }

        @Override
        public Uni<List<JudgedCalls>> latestCalls(Space space, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Uni<Page<Job>> turns(Space space, ConversationId conversation, UserId user, String cursor, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Uni<Page<Job>> history(Space space, HistoryQuery query, String cursor, int limit) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void nothingOwedIsNothingKept() {
        got(archiving.run());

        assertThat(archive.kept).isEmpty();
    }

    @Test
    void endedJobsLeaveInOrderAndOnce() {
        List<Job> ended = new ArrayList<>();
        for (int number = 0; number < 250; number++) ended.add(bench.complete(bench.create("job-" + number)));

        got(archiving.run());
        got(archiving.run());

        assertThat(archive.kept).isEqualTo(ended);
        assertThat(bench.owed()).isEmpty();
    }

    @Test
    void runThatGivesWayLeavesTheRestToAnother() {
        List<Job> ended = new ArrayList<>();
        for (int number = 0; number < 250; number++) ended.add(bench.complete(bench.create("job-" + number)));

        got(archiving.run(() -> true));
        assertThat(archive.kept).isEqualTo(ended.subList(0, 100));

        got(archiving.run(() -> false));
        assertThat(archive.kept).isEqualTo(ended);
    }

    @Test
    void whatIsUnderWayWhenTheArchiveFailsIsWaitedFor() {
        List<UniEmitter<? super Void>> underWay = new ArrayList<>();
        Archiving slow = into(new FlakyArchive() {
            @Override
            public Uni<Void> keep(Job ended) {
                return Uni.createFrom().emitter(underWay::add);
            }
        });
        bench.complete(bench.create("job-1"));
        bench.complete(bench.create("job-2"));
        UniAssertSubscriber<Void> run = slow.run().subscribe().withSubscriber(UniAssertSubscriber.create());

        underWay.get(0).fail(new IllegalStateException("the archive is away"));
        run.assertNotTerminated();
        underWay.get(1).fail(new IllegalStateException("and still is"));

        run.assertFailedWith(IllegalStateException.class, "the archive is away");
    }

    @Test
    void failingArchiveKeepsEntriesOwed() {
        List<Job> ended = new ArrayList<>();
        for (int number = 0; number < 5; number++) ended.add(bench.complete(bench.create("job-" + number)));
        archive.room = 3;

        assertThatThrownBy(() -> got(archiving.run())).isInstanceOf(IllegalStateException.class);

        assertThat(bench.owed()).containsAll(ended.subList(3, 5));
        bench.advance(TIMING.terminalRetention());
        assertThat(bench.tryReclaim(ended.get(4))).isEqualTo(new Transition.NotDue());

        archive.room = Integer.MAX_VALUE;
        got(archiving.run());
        assertThat(archive.kept).containsAll(ended);
        assertThat(bench.owed()).isEmpty();
    }

    @Test
    void entryThatArrivesTwiceIsKeptOnce() {
        Archive memory = new MemoryArchive(bench.clock, 100, Long.MAX_VALUE);
        bench.complete(bench.create("job"));
        List<Job> owed = bench.owed();

        got(into(memory).run());
        owed.forEach(job -> got(memory.keep(job)));

        assertThat(got(memory.turns(Space.TENANTLESS, new ConversationId("talk"), null, null, 10)).items())
                .isEqualTo(owed);
    }

    @Test
    void longQueueIsCarriedAwayInOneRun() {
        for (int turn = 0; turn < 50_000; turn++) bench.create("job");

        got(archiving.run());

        assertThat(archive.kept).hasSize(49_999);
        assertThat(bench.owed()).isEmpty();
    }

    @Test
    void twoRunsAtOnceLoseNothing() {
        Archive memory = new MemoryArchive(bench.clock, 10_000, Long.MAX_VALUE);
        for (int turn = 0; turn < 1_001; turn++) bench.create("job");

        Race.of(2, runner -> {
            got(into(memory).run());
            return runner;
        });

        assertThat(bench.owed()).isEmpty();
        assertThat(got(memory.turns(Space.TENANTLESS, new ConversationId("talk"), null, null, 5_000)).items())
                .hasSize(1_000);
    }

    // --- the proof

    @Test
    void everyWayAPromptEndsIsOnRecord() {
        Archive memory = new MemoryArchive(bench.clock, 100, Long.MAX_VALUE);
        Job decided = bench.resolved("decided", "a1");
        bench.abort(bench.paused("aborted", "a1"));
        bench.expire(deadly("expired"), "a1");
        bench.paused("replaced", "a1");
        bench.create("replaced");
        Job malformed = bench.paused("malformed", "a1");
        bench.losePrompt(malformed.key());
        got(bench.store.expireDead(malformed.key(), malformed.generation(), null));
        got(bench.outbox.owe(new Note("n1", "policy", Space.TENANTLESS, bench.now(), new Json("{\"by\":\"root\"}"),
                null)));

        got(into(memory).run());

        List<ChainedRecord> records = got(trail.read(Space.TENANTLESS, 0, 100)).records();
        assertThat(records).extracting(one -> Facets.of(one.record().body()).jobId() + " " + outcome(one))
                .containsExactlyInAnyOrder("decided decided", "aborted aborted", "expired expired",
                        "replaced replaced", "malformed malformed", "null policy");
        String id = decided.continuation().orElseThrow().resolution().id().value();
        Json shown = Presented.of(got(trail.find(Space.TENANTLESS, id)));
        assertThat(shown.text()).contains("\"resolutionId\":\"" + id + "\"", "\"decidedBy\":{\"subject\":\"ann\"",
                "\"arguments_digest\":\"digest\"", "\"decision\":\"approve\"", "\"waitedMs\":", "\"seq\":");
        assertThat(got(new Inspection(trail, null, PublicKeys.NONE).verify(Space.TENANTLESS)))
                .isInstanceOf(Verdict.Sound.class);
    }

    @Test
    void recordThatHasNoPlaceInTheChainIsDroppedAndTheOthersAreKept() {
        Json says = new Json("{\"by\":\"root\"}");
        for (String kind : List.of("policy", "checkpoint", "grant"))
            got(bench.outbox.owe(new Note(kind, kind, Space.TENANTLESS, bench.now(), says, null)));

        got(archiving.run());

        assertThat(got(trail.read(Space.TENANTLESS, 0, 100)).records()).extracting(one -> one.record().id())
                .containsExactly("policy", "grant");
        assertThat(bench.owed(Debt.class)).isEmpty();
    }

    private static String outcome(ChainedRecord one) {
        String body = one.record().body().text();
        int at = body.indexOf("\"outcome\":\"");
        return at < 0 ? one.record().kind().word() : body.substring(at + 11, body.indexOf('"', at + 11));
    }

    private Job deadly(String id) {
        Job paused = bench.paused(id, "a1");
        bench.advance(TIMING.pauseBackstop());
        return paused;
    }

    @Test
    void whoDiesAtAnyPointLeavesEachRecordExactlyOnce() {
        for (int seed = 0; seed < 100; seed++) {
            Bench some = MemoryBench.bench();
            AuditTrail kept = new MemoryAuditTrail(some.clock, 10_000, Long.MAX_VALUE);
            Archive memory = new MemoryArchive(some.clock, 1_000, Long.MAX_VALUE);
            Mortal mortal = new Mortal(new Random(seed));
            for (int number = 0; number < 30; number++)
                some.complete(some.claimed("job-" + number, "a" + number, "w"));
            Archiving dying = new Archiving(mortal.over(some.outbox), mortal.over(memory), mortal.over(kept), RECORDS,
                    NOBODY);

            for (boolean done = false; !done;) done = mortal.survives(dying::run);

            assertThat(some.owed(Debt.class)).isEmpty();
            List<ChainedRecord> records = got(kept.read(Space.TENANTLESS, 0, 100)).records();
            assertThat(records).extracting(one -> one.record().id()).as("seed %s", seed).doesNotHaveDuplicates()
                    .hasSize(30);
            assertThat(got(new Inspection(kept, null, PublicKeys.NONE).verify(Space.TENANTLESS)))
                    .isInstanceOf(Verdict.Sound.class);
            assertThat(got(memory.turns(Space.TENANTLESS, new ConversationId("talk"), null, null, 100)).items())
                    .hasSize(30);
        }
    }

    @Test
    void whoDiesAtAnyPointLeavesNobodyUntoldAndNobodyToldTwice() {
        for (int seed = 0; seed < 50; seed++) {
            Bench some = new Bench(MemoryBench::emptyStore, TIMING, Bench.Bounds.WITH_NEWS);
            Deliveries queue = new MemoryDeliveries(some.clock);
            Mortal mortal = new Mortal(new Random(seed));
            for (int number = 0; number < 4; number++)
                some.complete(some.claimed("job-" + number, "a" + number, "w"));
            Archiving dying = new Archiving(mortal.over(some.outbox), mortal.over(archive), mortal.over(trail), RECORDS,
                    Nobody.butOne(mortal.over(queue)));

            for (boolean done = false; !done;) done = mortal.survives(dying::run);

            assertThat(got(queue.take(Nobody.ONE.queue(), 1_000, TIMING.lease())))
                    .extracting(one -> one.message().type()).as("seed %s", seed).hasSize(4 * 7)
                    .areExactly(4, new Condition<>("job.claimed"::equals, "a claim"));
        }
    }

    @Test
    void everybodyIsToldThoughTheArchiveIsAway() {
        Deliveries queue = new MemoryDeliveries(bench.clock);
        archive.room = 0;
        bench.complete(bench.create("job"));
        Archiving away = new Archiving(bench.outbox, archive, trail, RECORDS, Nobody.butOne(queue));

        assertThatThrownBy(() -> got(away.run())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> got(away.run())).isInstanceOf(IllegalStateException.class);

        assertThat(got(queue.standing(Nobody.ONE.queue())).waiting()).isEqualTo(1);
    }

    @Test
    void archiveGetsItsDueThoughAQueueIsAway() {
        Deliveries away = (Deliveries) Proxy.newProxyInstance(Deliveries.class.getClassLoader(),
                new Class<?>[]{Deliveries.class}, (proxy, method, arguments) -> Uni.createFrom()
                        .failure(new StoreTrouble(StoreTrouble.Kind.OVERLOADED, "full", null)));
        Archive memory = new MemoryArchive(bench.clock, 1_000, Long.MAX_VALUE);
        bench.complete(bench.claimed("job", "a1", "w"));

        assertThatThrownBy(
                () -> got(new Archiving(bench.outbox, memory, trail, RECORDS, Nobody.butOne(away)).run()))
                .isInstanceOf(StoreTrouble.class);

        assertThat(got(memory.turns(Space.TENANTLESS, new ConversationId("talk"), null, null, 100)).items()).hasSize(1);
        assertThat(got(trail.read(Space.TENANTLESS, 0, 100)).records()).hasSize(1);
        assertThat(bench.owed(Debt.class)).as("and it will be told").isNotEmpty();
    }

    @Test
    void manyWhoCarryAtOnceLeaveEachRecordExactlyOnce() {
        for (int number = 0; number < 200; number++) bench.resolved("job-" + number, "a" + number);
        Archive memory = new MemoryArchive(bench.clock, 1_000, Long.MAX_VALUE);

        Race.of(4, runner -> {
            got(into(memory).run());
            return runner;
        });

        assertThat(got(trail.read(Space.TENANTLESS, 0, 500)).records()).extracting(one -> one.record().id())
                .doesNotHaveDuplicates().hasSize(200);
    }

    @Test
    void secretsAreHiddenFromTheRecordAndDigestsAreNot() {
        Masks masks = Masks.of(new Hiding("secret"));
        Job paused = bench.pause(bench.create("job"), "a1");
        bench.resolve(paused, "a1");

        got(new Archiving(bench.outbox, archive, trail, new Transcripts(masks, "memory"), NOBODY).run());

        ChainedRecord record = got(trail.read(Space.TENANTLESS, 0, 10)).records().getFirst();
        assertThat(record.record().body().text()).contains("\"arguments_digest\":\"digest\"");
        assertThat(String.valueOf(record.record().content())).contains("\"n\":\"•••\"").doesNotContain("\"n\":1");
    }

    private record Hiding(String name) implements MaskConfig {
        @Override
        public Optional<List<String>> pointers() { return Optional.empty(); }

        @Override
        public Optional<List<String>> names() { return Optional.of(List.of("n", name)); }

        @Override
        public Optional<List<String>> detectors() { return Optional.empty(); }

        @Override
        public String text() { return "•••"; }
    }
}

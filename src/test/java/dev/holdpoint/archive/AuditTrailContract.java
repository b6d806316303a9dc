package dev.holdpoint.archive;

import static dev.holdpoint.audit.Records.KEY;
import static dev.holdpoint.audit.Records.START;
import static dev.holdpoint.audit.Records.record;
import static dev.holdpoint.audit.Records.records;
import static dev.holdpoint.job.Space.TENANTLESS;
import static dev.holdpoint.store.Bench.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.holdpoint.audit.AuditQuery;
import dev.holdpoint.audit.AuditRecord;
import dev.holdpoint.audit.AuditRecord.Kind;
import dev.holdpoint.audit.AuditTrail;
import dev.holdpoint.audit.AuditTrail.Slice;
import dev.holdpoint.audit.ChainedRecord;
import dev.holdpoint.audit.Checkpoints;
import dev.holdpoint.audit.Extent;
import dev.holdpoint.audit.Facets;
import dev.holdpoint.audit.Head;
import dev.holdpoint.audit.Verdict;
import dev.holdpoint.audit.Verifier;
import dev.holdpoint.job.BadCursor;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.job.UserId;
import dev.holdpoint.store.Race;
import dev.holdpoint.store.TestClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every audit trail promises. A trail proves itself by extending this and adding only
 * how to make an empty one with much room.
 */
public abstract class AuditTrailContract {
    private static final Space ACME = new Space(new TenantId("acme"));
    private static final UserId ANN = new UserId("ann");

    private final TestClock clock = new TestClock();
    private AuditTrail trail;

    protected abstract AuditTrail emptyTrail(InstantSource clock);

    @BeforeEach
    void setUp() {
        trail = emptyTrail(clock);
    }

    // --- appending

    @Test
    void recordsAreNumberedFromOneWithoutGap() {
        append(TENANTLESS, records(TENANTLESS, 0, 5));
        append(TENANTLESS, records(TENANTLESS, 5, 8));

        List<ChainedRecord> chain = chain(TENANTLESS);
        assertThat(chain).extracting(ChainedRecord::seq)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 8).boxed().toList());
        assertThat(chain).extracting(ChainedRecord::record).isEqualTo(records(TENANTLESS, 0, 8));
        assertSound(TENANTLESS, 8);
    }

    @Test
    void appendingNothingChangesNothing() {
        append(TENANTLESS, List.of());

        assertThat(head(TENANTLESS)).isEqualTo(Extent.EMPTY);
        assertThat(got(trail.spaces())).isEmpty();
    }

    @Test
    void appendingAgainChangesNothing() {
        append(TENANTLESS, records(TENANTLESS, 0, 5));
        List<ChainedRecord> before = chain(TENANTLESS);

        append(TENANTLESS, records(TENANTLESS, 0, 5));
        append(TENANTLESS, records(TENANTLESS, 3, 4));

        assertThat(chain(TENANTLESS)).isEqualTo(before);
    }

    @Test
    void recordThatIsTwiceInABatchIsAppendedOnce() {
        append(TENANTLESS, List.of(record(TENANTLESS, 1), record(TENANTLESS, 2), record(TENANTLESS, 1)));

        assertThat(chain(TENANTLESS)).extracting(link -> link.record().id()).containsExactly("r-1", "r-2");
    }

    @Test
    void recordThatIsThereStaysAsItIs() {
        append(TENANTLESS, records(TENANTLESS, 0, 2));
        ChainedRecord before = got(trail.find(TENANTLESS, "r-1"));

        append(TENANTLESS, List.of(AuditRecord.of(TENANTLESS, "r-1", Kind.GRANT, START, Json.EMPTY_OBJECT, null)));

        assertThat(got(trail.find(TENANTLESS, "r-1"))).isEqualTo(before);
        assertSound(TENANTLESS, 2);
    }

    @Test
    void repeatingAfterACrashAnywhereCompletesTheBatch() {
        List<AuditRecord> batch = records(TENANTLESS, 0, 12);
        append(TENANTLESS, batch);
        List<ChainedRecord> atOnce = chain(TENANTLESS);

        for (int done = 0; done <= batch.size(); done++) {
            trail = emptyTrail(clock);
            append(TENANTLESS, batch.subList(0, done));
            append(TENANTLESS, batch);

            assertThat(chain(TENANTLESS)).isEqualTo(atOnce);
        }
    }

    @Test
    void recordsOfAnotherTenantAreRefusedWithTheirWholeBatch() {
        assertThatThrownBy(() -> append(ACME, List.of(record(ACME, 1), record(TENANTLESS, 2))))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(head(ACME)).isEqualTo(Extent.EMPTY);
        assertThat(got(trail.spaces())).isEmpty();
    }

    @Test
    void manyAppendersNeitherForkNorRepeatNorLose() {
        int appenders = 8;
        int each = 60;

        // Every record is brought by two appenders, as by two replicas that drain the same backlog.
        Race.of(appenders, number -> {
            for (int from = 0; from < each; from += 5) {
                append(TENANTLESS, records(TENANTLESS, number / 2 * each + from, number / 2 * each + from + 5));
            }
            return number;
        });

        List<ChainedRecord> chain = chain(TENANTLESS);
        assertSound(TENANTLESS, appenders / 2 * each);
        assertThat(chain).extracting(link -> link.record().id()).doesNotHaveDuplicates()
                .hasSize(appenders / 2 * each);
        for (int appender = 0; appender < appenders / 2; appender++) {
            Set<String> own = new HashSet<>(ids(records(TENANTLESS, appender * each, (appender + 1) * each)));
            assertThat(chain.stream().map(link -> link.record().id()).filter(own::contains))
                    .containsExactlyElementsOf(ids(records(TENANTLESS, appender * each, (appender + 1) * each)));
        }
    }

    @Test
    void chainsOfTwoSpacesAreTwoChains() {
        append(TENANTLESS, records(TENANTLESS, 0, 3));
        append(ACME, records(ACME, 0, 2));

        assertSound(TENANTLESS, 3);
        assertSound(ACME, 2);
        assertThat(got(trail.spaces())).containsExactlyInAnyOrder(TENANTLESS, ACME);
        assertThat(got(trail.find(ACME, "r-2"))).isNull();
    }

    // --- checkpoints

    @Test
    void checkpointsTellOfTheRecordTheyFollowHoweverManyAppend() {
        Checkpoints checkpoints = new Checkpoints(KEY);
        List<Callable<Integer>> runners = new ArrayList<>();
        IntStream.range(0, 4).forEach(appender -> runners.add(() -> {
            for (int number = 0; number < 30; number++) append(ACME, List.of(record(ACME, appender * 30 + number)));
            return appender;
        }));
        IntStream.range(0, 2).forEach(sealer -> runners.add(() -> {
            for (int number = 0; number < 10; number++)
                got(trail.seal(ACME, head -> checkpoints.behind(ACME, head, START)));
            return sealer;
        }));

        Race.of(runners);

        assertSound(ACME, 4 * 30 + 2 * 10);
        assertThat(chain(ACME).stream().filter(link -> link.record().kind() == Kind.CHECKPOINT)).hasSize(20);
    }

    @Test
    void checkpointThatCameTooLateIsRefused() {
        AuditRecord early = new Checkpoints(KEY).behind(ACME, Head.GENESIS, START);
        append(ACME, records(ACME, 0, 1));

        assertThatThrownBy(() -> append(ACME, List.of(early))).isInstanceOf(IllegalArgumentException.class);

        assertSound(ACME, 1);
    }

    // --- reading

    @Test
    void slicesFollowEachOther() {
        append(TENANTLESS, records(TENANTLESS, 0, 8));

        assertThat(got(trail.read(TENANTLESS, 0, 3)).records()).extracting(ChainedRecord::seq).containsExactly(1L, 2L,
                3L);
        assertThat(got(trail.read(TENANTLESS, 6, 3)).records()).extracting(ChainedRecord::seq).containsExactly(7L, 8L);
        assertThat(got(trail.read(TENANTLESS, 8, 3)).records()).isEmpty();
        assertThat(got(trail.read(ACME, 0, 3))).isEqualTo(new Slice(Extent.EMPTY, List.of()));
    }

    @Test
    void headIsTheNewestRecord() {
        append(TENANTLESS, records(TENANTLESS, 0, 8));

        ChainedRecord newest = got(trail.find(TENANTLESS, "r-7"));
        assertThat(head(TENANTLESS)).isEqualTo(new Extent(Head.GENESIS, newest.head()));
        assertThat(got(trail.read(TENANTLESS, 2, 1)).extent()).isEqualTo(head(TENANTLESS));
        assertThat(head(TENANTLESS).isComplete()).isTrue();
    }

    @Test
    void recordIsFoundByItsId() {
        append(TENANTLESS, records(TENANTLESS, 0, 8));

        assertThat(got(trail.find(TENANTLESS, "r-4"))).isEqualTo(chain(TENANTLESS).get(4));
        assertThat(got(trail.find(TENANTLESS, "r-8"))).isNull();
    }

    // --- searching

    static Stream<AuditQuery> queries() {
        return Stream.of(AuditQuery.EVERYTHING,
                new AuditQuery(Kind.ATTEMPT, null, null, null, null, null, null, null),
                new AuditQuery(null, new JobId("job-3"), null, null, null, null, null, null),
                new AuditQuery(null, null, ANN, null, null, null, null, null),
                new AuditQuery(null, null, null, "bob", null, null, null, null),
                new AuditQuery(null, null, null, null, "pay", null, null, null),
                new AuditQuery(null, null, null, null, null, "reject", null, null),
                new AuditQuery(null, null, null, null, null, null, START.plus(Duration.ofMinutes(5)), null),
                new AuditQuery(null, null, null, null, null, null, null, START.plus(Duration.ofMinutes(5))),
                new AuditQuery(Kind.RESOLUTION, null, ANN, "bob", "send_email", "approve", START,
                        START.plus(Duration.ofMinutes(16))));
    }

    @ParameterizedTest
    @MethodSource("queries")
    void searchFindsWhatMatchesNewestFirst(AuditQuery query) {
        append(TENANTLESS, records(TENANTLESS, 0, 20));
        append(ACME, records(ACME, 0, 20));

        List<ChainedRecord> expected = chain(TENANTLESS).reversed().stream()
                .filter(link -> query.matches(link.record(), Facets.of(link.record().body()))).toList();
        assertThat(expected).isNotEmpty();
        assertThat(search(query, null, 100).items()).isEqualTo(expected);
        assertThat(everyPage(query, 2)).isEqualTo(expected);
    }

    @Test
    void searchThatMatchesNothingIsEmpty() {
        append(TENANTLESS, records(TENANTLESS, 0, 20));

        Page<ChainedRecord> page =
                search(new AuditQuery(Kind.POLICY, null, null, null, null, null, null, null), null, 5);

        assertThat(page).isEqualTo(new Page<>(List.of(), null, clock.instant()));
    }

    @Test
    void pagesStayWhereTheyAreWhileRecordsArrive() {
        append(TENANTLESS, records(TENANTLESS, 0, 6));
        Page<ChainedRecord> first = search(AuditQuery.EVERYTHING, null, 4);
        append(TENANTLESS, records(TENANTLESS, 6, 9));

        Page<ChainedRecord> second = search(AuditQuery.EVERYTHING, first.next(), 4);

        assertThat(first.items()).extracting(ChainedRecord::seq).containsExactly(6L, 5L, 4L, 3L);
        assertThat(second.items()).extracting(ChainedRecord::seq).containsExactly(2L, 1L);
        assertThat(second.next()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1.5", "99999999999999999999", "-1", " 1"})
    void cursorThatWasNotGivenOutIsRefused(String cursor) {
        assertThatThrownBy(() -> search(AuditQuery.EVERYTHING, cursor, 10)).isInstanceOf(BadCursor.class);
    }

    // --- erasing

    @Test
    void erasingTakesTheContentAndLeavesTheChain() {
        append(TENANTLESS, records(TENANTLESS, 0, 20));
        List<ChainedRecord> before = chain(TENANTLESS);

        // Every third record of twenty is Ann's; r-9 is the only one of them that never had content.
        long erased = got(trail.erase(TENANTLESS, ANN));

        assertThat(erased).isEqualTo(6);
        assertSound(TENANTLESS, 20);
        assertThat(chain(TENANTLESS))
                .isEqualTo(before.stream().map(link -> isAnns(link) ? link.erase() : link).toList());
        assertThat(got(trail.find(TENANTLESS, "r-0")).record().content()).isNull();
        assertThat(got(trail.find(TENANTLESS, "r-1")).record().content()).isNotNull();
    }

    @Test
    void erasingAgainFindsNothing() {
        append(TENANTLESS, records(TENANTLESS, 0, 20));
        append(ACME, records(ACME, 0, 20));
        got(trail.erase(TENANTLESS, ANN));

        assertThat(got(trail.erase(TENANTLESS, ANN))).isZero();
        assertThat(got(trail.erase(ACME, new UserId("nobody")))).isZero();
        assertThat(got(trail.find(ACME, "r-0")).record().content()).isNotNull();
    }

    @Test
    void contentThatWasErasedDoesNotComeBackWithItsRecord() {
        append(TENANTLESS, records(TENANTLESS, 0, 3));
        got(trail.erase(TENANTLESS, ANN));

        append(TENANTLESS, records(TENANTLESS, 0, 3));

        assertThat(got(trail.find(TENANTLESS, "r-0")).erased()).isTrue();
    }

    @Test
    void chainGrowsOnBehindErasedContent() {
        append(TENANTLESS, records(TENANTLESS, 0, 3));
        got(trail.erase(TENANTLESS, ANN));
        append(TENANTLESS, records(TENANTLESS, 3, 6));

        assertSound(TENANTLESS, 6);
    }

    private static boolean isAnns(ChainedRecord link) { return "ann".equals(Facets.of(link.record().body()).userId()); }

    private static List<String> ids(List<AuditRecord> records) {
        return records.stream().map(AuditRecord::id).toList();
    }

    private void append(Space space, List<AuditRecord> records) { got(trail.append(space, records)); }

    private Extent head(Space space) { return got(trail.head(space)); }

    private Page<ChainedRecord> search(AuditQuery query, String cursor, int limit) {
        return got(trail.search(TENANTLESS, query, cursor, limit));
    }

    private List<ChainedRecord> everyPage(AuditQuery query, int limit) {
        List<ChainedRecord> seen = new ArrayList<>();
        Page<ChainedRecord> page = search(query, null, limit);
        for (;; page = search(query, page.next(), limit)) {
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            seen.addAll(page.items());
            if (page.next() == null) return seen;
        }
    }

    private List<ChainedRecord> chain(Space space) { return got(trail.read(space, 0, Integer.MAX_VALUE)).records(); }

    private void assertSound(Space space, long records) {
        Verifier verifier = Verifier.ofTrail(space, head(space), KEY.publicKeys());
        chain(space).forEach(verifier::record);
        assertThat(verifier.verdict()).isInstanceOfSatisfying(Verdict.Sound.class,
                sound -> assertThat(sound.checked()).isEqualTo(records));
    }
}

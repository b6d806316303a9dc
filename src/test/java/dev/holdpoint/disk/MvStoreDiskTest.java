package dev.holdpoint.disk;

import static dev.holdpoint.store.Bench.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.holdpoint.disk.MemoryBlocks.Step;
import dev.holdpoint.job.StoreTrouble;
import dev.holdpoint.job.StoreTrouble.Kind;
import dev.holdpoint.store.Race;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is answered is on disk, however the process ends. */
class MvStoreDiskTest {
    private static final String TABLE = "table";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final MemoryBlocks blocks = Disks.formatted();
    private Disk disk = Disks.open(blocks);
    private Scribe scribe = new Scribe(disk);

    @AfterEach
    void close() {
        Disks.close(disk);
    }

    private Uni<String> put(String key, String value) {
        return disk.answer(() -> scribe.alone(() -> {
            scribe.put(TABLE, key, () -> value);
            return value;
        }));
    }

    private void reopen(MemoryBlocks from) {
        Disks.close(disk);
        disk = Disks.open(from);
        scribe = new Scribe(disk);
    }

    private static Map<String, String> rows(Disk disk) {
        Map<String, String> rows = new TreeMap<>();
        disk.read(TABLE, rows::put);
        return rows;
    }

    @Test
    void changesAreThereAgainAfterAReopening() {
        got(put("a", "1"));
        got(put("b", "2"));
        got(put("a", "3"));
        got(disk.answer(() -> scribe.alone(() -> {
            scribe.put(TABLE, "c", () -> "4");
            scribe.remove(TABLE, "b");
            return null;
        })));

        reopen(blocks);

        assertThat(rows(disk)).isEqualTo(Map.of("a", "3", "c", "4"));
    }

    @Test
    void removingAllUnderAPrefixTakesWhatWasPutBeforeAndLeavesWhatIsPutAfter() {
        got(put("1/a", "old"));
        got(put("11/a", "other"));
        got(disk.answer(() -> scribe.alone(() -> {
            scribe.put(TABLE, "1/b", () -> "soon gone");
            scribe.removeAll(TABLE, "1/");
            scribe.put(TABLE, "1/c", () -> "stays");
            return null;
        })));

        assertThat(rows(disk)).isEqualTo(Map.of("11/a", "other", "1/c", "stays"));
    }

    @Test
    void whatIsPutAgainAndAgainInOneBatchIsAskedForItsTextOnce() {
        AtomicInteger asked = new AtomicInteger();

        got(disk.answer(() -> scribe.alone(() -> {
            for (int number = 0; number < 100; number++) scribe.put(TABLE, "a", () -> "v" + asked.incrementAndGet());
            return null;
        })));

        assertThat(rows(disk)).isEqualTo(Map.of("a", "v1"));
    }

    // --- answers and notices wait

    @Test
    void answerOfAChangeAndOfEverythingThatMayHaveSeenItWaitForTheDisk() throws InterruptedException {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        UniAssertSubscriber<Object> change = disk.answer(() -> scribe.<Object>alone(() -> {
            scribe.put(TABLE, "a", () -> held(writing, go));
            return "changed";
        })).subscribe().withSubscriber(UniAssertSubscriber.create());
        assertThat(writing.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        UniAssertSubscriber<String> look = disk.answer(() -> "seen").subscribe()
                .withSubscriber(UniAssertSubscriber.create());

        change.assertNotTerminated();
        look.assertNotTerminated();
        go.countDown();
        change.awaitItem(PATIENCE).assertItem("changed");
        look.awaitItem(PATIENCE).assertItem("seen");
        disk.answer(() -> "at once").subscribe().withSubscriber(UniAssertSubscriber.create()).assertItem("at once");
    }

    private static String held(CountDownLatch writing, CountDownLatch go) {
        writing.countDown();
        try {
            if (!go.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) throw new IllegalStateException("held for too long");
            return "1";
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Test
    void noticesComeInTheOrderOfTheChangesAndBeforeTheAnswers() {
        List<Integer> told = new ArrayList<>();
        List<Integer> passedOn = new ArrayList<>();
        disk.passOnBy(() -> {
            synchronized (told) {
                passedOn.addAll(told);
                told.clear();
            }
        });

        for (int number = 0; number < 50; number++) {
            int one = number;
            got(disk.answer(() -> scribe.alone(() -> {
                scribe.put(TABLE, "n", () -> String.valueOf(one));
                scribe.tell(() -> {
                    synchronized (told) {
                        told.add(one);
                    }
                });
                return null;
            })));
            synchronized (told) {
                assertThat(passedOn).endsWith(one);
            }
        }

        assertThat(passedOn).isSorted().hasSize(50);
    }

    @Test
    void listenerWhoFailsLeavesNobodyWaiting() {
        disk.passOnBy(() -> {
            throw new IllegalStateException("not now");
        });

        for (int number = 0; number < 3; number++) {
            assertThat(got(disk.<String>answer(() -> scribe.alone(() -> {
                scribe.put(TABLE, "a", () -> "1");
                scribe.tell(() -> assertThat(disk.trouble()).isEmpty());
                return "answered";
            })))).isEqualTo("answered");
        }
    }

    @Test
    void manyWhoChangeAtOnceShareAForce() {
        blocks.steps.clear();

        List<String> answers = Race.of(200, runner -> got(put("k" + runner, "v")));

        assertThat(answers).hasSize(200);
        assertThat(rows(disk)).hasSize(200);
        assertThat(blocks.steps.stream().filter(Step.Force.class::isInstance).count()).isLessThan(400);
    }

    // --- crashes

    /**
     * Every write is cut at many lengths, and of those that were not forced yet any may be missing: so is a power cut.
     * What was answered before must be there, whole, and of each change that wasn't answered everything or nothing.
     */
    @Test
    void noCrashLosesWhatWasAnsweredOrLeavesHalfAChange() {
        Random random = new Random(20261126);
        List<Crash> crashes = new ArrayList<>();
        for (int number = 1; number <= 60; number++) {
            MemoryBlocks before = blocks.copy();
            blocks.steps.clear();
            int version = number;
            got(disk.answer(() -> scribe.alone(() -> {
                // Some rows for ever, some again and again, all of one change alike; large enough for several blocks.
                scribe.put(TABLE, "both", () -> version + " " + "x".repeat(random.nextInt(9_000)));
                scribe.put("twin", "both", () -> version + " ");
                scribe.put(TABLE, "own" + version, () -> "" + version);
                if (version > 20) scribe.remove(TABLE, "own" + (version - 20));
                return null;
            })));
            crashes.add(new Crash(before, List.copyOf(blocks.steps), version - 1));
        }

        int checked = 0;
        for (Crash crash : crashes) checked += crash.check(random);
        assertThat(checked).isGreaterThan(1_000);
    }

    private record Crash(MemoryBlocks before, List<Step> steps, int answered) {
        int check(Random random) {
            int checked = 0;
            for (int at = 0; at <= steps.size(); at++) {
                for (int cut = 0; cut < 9; cut++, checked++) {
                    int part = cut == 0 ? 0 : random.nextInt(1 + lengthOf(at));
                    boolean lossy = cut > 4;
                    String when = "after %d and %d bytes%s of %s".formatted(at, part, lossy ? ", with losses," : "",
                            steps.stream().map(Crash::told).toList());
                    expect(upTo(at, part, random, lossy), when);
                }
            }
            return checked;
        }

        private static String told(Step step) {
            return step instanceof Step.Write write ? write.bytes().length + " at " + write.at() : step.toString();
        }

        private int lengthOf(int at) {
            return at < steps.size() && steps.get(at) instanceof Step.Write write ? write.bytes().length : 0;
        }

        /**
         * The file after the first steps and a part of the next; where blocks get lost, those since
         * the last force may be missing one by one.
         */
        private MemoryBlocks upTo(int count, int part, Random random, boolean lossy) {
            int forced = 0;
            for (int at = 0; at < count; at++) if (steps.get(at) instanceof Step.Force) forced = at + 1;
            MemoryBlocks file = before.copy();
            for (int at = 0; at < count; at++) {
                if (lossy && at >= forced && steps.get(at) instanceof Step.Write write) scatter(file, write, random);
                else file.apply(steps.get(at));
            }
            if (part > 0 && steps.get(count) instanceof Step.Write write)
                file.apply(new Step.Write(write.at(), Arrays.copyOf(write.bytes(), part)));
            return file;
        }

        private static void scatter(MemoryBlocks file, Step.Write write, Random random) {
            for (int from = 0; from < write.bytes().length; from += 4_096) {
                int to = Math.min(write.bytes().length, from + 4_096);
                if (random.nextBoolean()) file.apply(
                        new Step.Write(write.at() + from, Arrays.copyOfRange(write.bytes(), from, to)));
            }
        }

        private void expect(MemoryBlocks file, String when) {
            Disk opened = Disks.open(file);
            try {
                Map<String, String> rows = rows(opened);
                Map<String, String> twins = new TreeMap<>();
                opened.read("twin", twins::put);
                int found = rows.isEmpty() ? 0 : Integer.parseInt(rows.get("both").split(" ", 2)[0]);
                assertThat(found).as(when).isBetween(answered, answered + 1);
                Map<String, String> expected = new LinkedHashMap<>();
                for (int version = Math.max(1, found - 19); version <= found; version++)
                    expected.put("own" + version, "" + version);
                rows.remove("both");
                assertThat(rows).isEqualTo(expected);
                assertThat(twins).isEqualTo(found == 0 ? Map.of() : Map.of("both", found + " "));
            } finally {
                Disks.close(opened);
            }
        }
    }

    // --- the disk fails

    @Test
    void diskThatFailsLeavesTheOutcomeUnknownAndAnswersNothingMore() {
        List<String> told = new ArrayList<>();
        got(put("a", "1"));
        blocks.patience = 0;

        Throwable unknown = put("b", "2").onItem().<Throwable>transform(IllegalStateException::new)
                .onFailure().recoverWithItem(failure -> failure).await().atMost(PATIENCE);
        Throwable away = disk.answer(() -> "a look").onItem().<Throwable>transform(IllegalStateException::new)
                .onFailure().recoverWithItem(failure -> failure).await().atMost(PATIENCE);

        assertThat(unknown).isInstanceOfSatisfying(StoreTrouble.class,
                trouble -> assertThat(trouble.kind()).isEqualTo(Kind.OUTCOME_UNKNOWN));
        assertThat(away).isInstanceOfSatisfying(StoreTrouble.class,
                trouble -> assertThat(trouble.kind()).isEqualTo(Kind.UNAVAILABLE));
        assertThat(disk.trouble()).hasValueSatisfying(why -> assertThat(why).contains("No space left on device"));
        assertThat(told).isEmpty();
    }

    @Test
    void whateverFailsWhenWhatWasAnsweredIsThereAfterARestart() {
        for (int patience = 0; patience < 12; patience++) {
            MemoryBlocks file = Disks.formatted();
            Disk failing = Disks.open(file);
            Scribe writing = new Scribe(failing);
            file.patience = patience;
            int answered = 0;
            try {
                for (int number = 0; number < 12; number++) {
                    int one = number;
                    got(failing.answer(() -> writing.alone(() -> {
                        writing.put(TABLE, "k" + one, () -> "v");
                        return null;
                    })));
                    answered++;
                }
            } catch (StoreTrouble expected) {
                assertThat(failing.trouble()).isPresent();
            }
            Disks.close(failing);
            file.patience = Integer.MAX_VALUE;

            Disk again = Disks.open(file);
            assertThat(rows(again)).hasSizeBetween(answered, answered + 1);
            Disks.close(again);
        }
    }

    @Test
    void valueThatCannotBeWrittenStopsTheDiskInsteadOfBeingLeftOut() {
        Uni<Object> broken = disk.answer(() -> scribe.alone(() -> {
            scribe.put(TABLE, "a", () -> {
                throw new IllegalStateException("no text");
            });
            return null;
        }));

        assertThatThrownBy(() -> got(broken)).isInstanceOf(StoreTrouble.class);
        assertThat(disk.trouble()).isPresent();
    }

    @Test
    void whoeverAsksAfterTheEndIsAnsweredToo() {
        Disks.close(disk);

        assertThatThrownBy(() -> got(put("a", "1"))).isInstanceOf(StoreTrouble.class);
    }

    // --- room

    @Test
    void fileDoesNotGrowWithWhatIsChangedButWithWhatIsKept() {
        Random random = new Random(7);
        int largest = 0;
        for (int number = 0; number < 6_000; number++) {
            int one = number;
            got(disk.answer(() -> scribe.alone(() -> {
                scribe.put(TABLE, Scribe.key(random.nextInt(300)), () -> one + "y".repeat(2_000));
                scribe.put("log", Scribe.key(one), () -> "z".repeat(300));
                if (one >= 200) scribe.remove("log", Scribe.key(one - 200));
                return null;
            })));
            largest = Math.max(largest, (int) blocks.size());
            blocks.steps.clear();
        }

        // 300 * 2 kB and 200 * 0.3 kB are kept of the 14 MB that were put, and of
        // several times as much that was written.
        assertThat(largest).isLessThan(8 << 20);
        reopen(blocks);
        assertThat(rows(disk)).hasSize(300);
    }
}

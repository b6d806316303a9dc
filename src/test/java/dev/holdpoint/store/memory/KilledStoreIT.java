package dev.holdpoint.store.memory;

import static dev.holdpoint.store.Bench.got;
import static dev.holdpoint.store.Bench.key;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.holdpoint.disk.Disk;
import dev.holdpoint.disk.Disks;
import dev.holdpoint.job.EventId;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobStatus;
import dev.holdpoint.job.LoggedEvent;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.machine.Child;
import dev.holdpoint.machine.Until;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.Bench.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process is killed again and again under load. Nothing that it was answered, that it
 * read or that it was told is ever gone.
 */
class KilledStoreIT {
    private static final int KILLS = Integer.getInteger("kills", 50);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path folder;
    private final Map<String, EventId> furthest = new HashMap<>();
    private final Map<String, List<LoggedEvent>> logs = new HashMap<>();

    @Test
    void whatWasAnsweredReadOrToldOutlivesEveryKill() throws IOException {
        Random random = new Random(20261126);
        long said = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            said += runAndKill(kill, 20 + random.nextInt(600));
            check("after kill " + (kill + 1));
        }
        assertThat(said).isGreaterThan(KILLS * 20L);
        assertThat(furthest).hasSize(Killed.JOBS);
    }

    private long runAndKill(int number, int lines) throws IOException {
        Path log = folder.resolve("said-" + number);
        try (Child child = Child.start(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-cp",
                System.getProperty("java.class.path"), Killed.class.getName(), folder.resolve("data").toString(),
                Integer.toString(1_000 * number)), Map.of(), log)) {
            Until.holds("it works", PATIENCE, () -> !child.isAlive() || Files.exists(log) && lines(log).size() > lines);
            assertThat(child.isAlive()).as(child.said()).isTrue();
        }
        List<String> said = lines(log);
        for (String line : said) {
            String[] words = line.split(" ", -1);
            assertThat(words).as(line).hasSize(3);
            furthest.merge(words[0], new EventId(Long.parseLong(words[1]), Long.parseLong(words[2])),
                    (one, other) -> isBefore(one, other) ? other : one);
        }
        Files.delete(log);
        return said.size();
    }

    private static boolean isBefore(EventId one, EventId other) {
        return one.generation() != other.generation() ? one.generation() < other.generation() : one.seq() < other.seq();
    }

    /** Whole ones only: the kill may have cut the last. */
    private static List<String> lines(Path log) {
        try {
            String said = Files.readString(log, StandardCharsets.ISO_8859_1);
            return said.substring(0, said.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void check(String when) {
        Disk disk = Disks.open(folder.resolve("data"));
        try {
            Ports store = MemoryBench.store(InstantSource.system(), Bench.TIMING, Bounds.WIDE, disk);
            furthest.forEach((name, last) -> {
                Sighting seen = got(store.store().find(key(name)));
                assertThat(seen).as("%s %s", name, when).isNotNull();
                assertThat(isBefore(seen.job().lastEventId(), last)).as("%s %s is at %s, but %s was known", name, when,
                        seen.job().lastEventId(), last).isFalse();
                assertStands(store, seen.job(), when);
            });
        } finally {
            Disks.close(disk);
        }
    }

    /** The log is whole and as it was at the kill before, and the job goes on from where it says it is. */
    private void assertStands(Ports store, Job job, String when) {
        List<LoggedEvent> log = new ArrayList<>(got(store.log().read(job.key(), job.generation(), 0, 100)).events());
        assertThat(log).as("%s %s", job.key(), when).hasSize((int) job.lastSeq());
        List<LoggedEvent> before = logs.put(job.key().id().value() + " " + job.generation(), log);
        if (before != null) assertThat(log).as("%s %s", job.key(), when).isEqualTo(before);
        if (job.status() == JobStatus.REQUIRES_ACTION) {
            assertThat(job.livePrompt(InstantSource.system().instant())).as("%s %s", job.key(), when).isPresent();
        }
    }
}

package dev.holdpoint.store.memory;

import static dev.holdpoint.store.Bench.TIMING;
import static dev.holdpoint.store.Bench.action;
import static dev.holdpoint.store.Bench.approval;
import static dev.holdpoint.store.Bench.by;
import static dev.holdpoint.store.Bench.details;
import static dev.holdpoint.store.Bench.got;
import static dev.holdpoint.store.Bench.key;
import static dev.holdpoint.store.Bench.prompt;
import static dev.holdpoint.store.Bench.reports;
import static dev.holdpoint.store.Bench.wanted;
import static dev.holdpoint.store.Bench.won;
import static dev.holdpoint.store.Bench.worker;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.Random;

import dev.holdpoint.disk.Disks;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.NewResolution;
import dev.holdpoint.job.ResolutionId;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.Bench.Ports;

/**
 * A process that works on a store as hard as it can, and says what it was answered, saw and
 * was told. It lives until it is killed.
 */
final class Killed {
    static final int JOBS = 24;
    private static final int WORKERS = 4;

    private final Ports store;
    private final PrintStream out = new PrintStream(System.out, true);

    private Killed(Ports store) { this.store = store; }

    /** @param arguments the data directory, and a seed */
    public static void main(String... arguments) {
        Killed killed = new Killed(open(Path.of(arguments[0])));
        long seed = Long.parseLong(arguments[1]);
        killed.store.log().changes().subscribe().with(
                change -> killed.say(change.job().key(), change.event().id().generation(), change.event().id().seq()));
        for (int number = 0; number < WORKERS; number++) {
            int one = number;
            killed.forEver(random -> killed.work(one, random), new Random(seed + number));
        }
        killed.forEver(killed::look, new Random(seed - 1));
        killed.forEver(random -> got(killed.store.outbox().paid(got(killed.store.outbox().owed(50)))), new Random(0));
    }

    static Ports open(Path directory) {
        return MemoryBench.store(InstantSource.system(), TIMING, Bounds.WIDE, Disks.open(directory));
    }

    private interface Turn {
        void take(Random random);
    }

    private void forEver(Turn turn, Random random) {
        new Thread(() -> {
            while (true) turn.take(random);
        }).start();
    }

    /**
     * One generation from its beginning to somewhere. Each worker has jobs of its own, so nobody replaces it meanwhile.
     */
    private void work(int worker, Random random) {
        JobKey key = key("job-" + (random.nextInt(JOBS / WORKERS) * WORKERS + worker));
        Job job = say(won(got(store.store().create(wanted(key, details("ann"))))));
        for (int count = random.nextInt(4); count > 0; count--)
            job = say(
                    won(got(store.store().append(key, job.fence(), OptionalLong.empty(), reports("token", "token")))));
        if (random.nextInt(5) == 0) return;
        job = say(won(got(store.store().pause(key, job.fence(), prompt("a1"), null))));
        if (random.nextInt(5) == 0) return;
        say(won(got(store.store().resolve(key, new NewResolution(
                new ResolutionId("r-" + job.generation()), job.generation(), action("a1"), by("ann"), approval(),
                OptionalLong.empty())))));
        Job claimed = say(won(got(store.store().claim(key, action("a1"), worker("w")))));
        if (random.nextBoolean()) say(won(got(store.store().complete(key, claimed.fence(), null))));
    }

    private void look(Random random) {
        Sighting seen = got(store.store().find(key("job-" + random.nextInt(JOBS))));
        if (seen != null) say(seen.job());
    }

    private Job say(Job job) {
        say(job.key(), job.generation(), job.lastSeq());
        return job;
    }

    private void say(JobKey job, long generation, long seq) {
        out.println(job.id().value() + " " + generation + " " + seq);
    }
}

package dev.holdpoint.store.redis;

import static dev.holdpoint.store.Bench.decision;
import static dev.holdpoint.store.Bench.got;
import static dev.holdpoint.store.Bench.key;
import static dev.holdpoint.store.Bench.prompt;
import static java.util.stream.Collectors.joining;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.sun.management.OperatingSystemMXBean;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Transition;
import dev.holdpoint.machine.Command;
import dev.holdpoint.redis.RedisServer;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.redis.wire.Script;
import dev.holdpoint.store.redis.wire.Wire;
import dev.holdpoint.text.Texts;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;

/**
 * Pauses and resolves through the store, by many callers at once, beside what {@code redis-benchmark} does with the
 * same resolve script, with pipelines of one and of sixteen. The script is measured where it wins, each call on a
 * paused job of its own, and where it loses, always on one. Run by {@code bench/run}, which reads a line for each row:
 * its name, its unit and a value for each round.
 */
final class StoreRate {
    private static final int BUCKETS = 256;
    private static final int CALLERS = 128;
    private static final int WARM_UPS = 3;
    /** Behind the command, which is quoted, come the figures. */
    private static final Pattern PER_SECOND = Pattern.compile("\",\"([0-9.]+)\",\"[0-9.]+\",\"");
    private static final String COPY = "for at = 3, #ARGV, 2 do redis.call('COPY', ARGV[1], ARGV[at], 'REPLACE')"
            + " redis.call('COPY', ARGV[2], ARGV[at + 1], 'REPLACE') end";
    private static final Bench.Bounds BOUNDS = Bench.Bounds.WIDE;

    private final RedisServer server = RedisServer.standalone();
    private final Vertx vertx = Vertx.vertx();
    private final Wire wire = Wire.open(vertx, new RedisOptions().setConnectionString(server.url()), BUCKETS, 2, 0,
            Duration.ofSeconds(1));
    private final Keys keys = new Keys("hp", BUCKETS);
    private final RedisStore store = new RedisStore(wire, new RedisSettings("hp", BUCKETS, Bench.TIMING, "async", false,
            new RedisSettings.Limits(BOUNDS.activeJobsPerUser(), BOUNDS.eventsPerJob(), Long.MAX_VALUE / 1024, 0,
                    BOUNDS.retainedNamesPerJob()),
            false, null), InstantSource.system());
    private final Map<Row, List<Double>> results = new LinkedHashMap<>();
    private final int pairs;
    private final int prepared;
    private final int calls;

    private record Row(String what, String unit) {}

    private StoreRate(int pairs) {
        this.pairs = pairs;
        this.prepared = 2 * pairs;
        this.calls = pairs / 2;
        got(store.ready());
    }

    public static void main(String[] args) {
        int rounds = Integer.parseInt(args[0]);
        try {
            StoreRate rate = new StoreRate(Integer.parseInt(args[1]));
            for (int round = 0; round < WARM_UPS; round++) rate.round();
            rate.results.clear();
            for (int round = 0; round < rounds; round++) rate.round();
            rate.tell();
            rate.server.close();
            System.exit(0);
        } catch (RuntimeException broken) {
            // Event loops that wait for work would keep the process.
            broken.printStackTrace();
            System.exit(1);
        }
    }

    private void round() {
        for (int pipeline : new int[]{1, 16}) {
            winning(pipeline);
            losing(pipeline);
        }
        pairs();
    }

    private void add(String what, String unit, double value) {
        results.computeIfAbsent(new Row(what, unit), none -> new ArrayList<>()).add(value);
    }

    // --- the script alone

    /** Each call takes one of many jobs by chance; one that was taken before loses. */
    private void winning(int pipeline) {
        server.command("FLUSHALL");
        Job paused = paused("template");
        copy(paused.key(), IntStream.range(0, prepared)
                .mapToObj(at -> "j%012d".formatted(at)).map(name -> List.of("b:{0}:job:" + name, "b:{0}:log:" + name)));
        String named = "local own = KEYS[1]; KEYS[1] = 'b:{0}:job:' .. own; KEYS[2] = 'b:{0}:log:' .. own;"
                + " KEYS[3] = 'b:{0}:retained:' .. own; KEYS[11] = 'b:{0}:closed:' .. own; ARGV[9] = own;\n";
        String what = "resolve script that wins, redis-benchmark -P " + pipeline;
        evalsha(what, pipeline, paused, named, "j__rand_int__");
        Object told = server.command("HGET", "b:{0}:tide", "told");
        if (told == null) throw new IllegalStateException("the script never won");
        add(what + ": winners", "%", 100.0 * Integer.parseInt(told.toString()) / calls);
    }

    private void losing(int pipeline) {
        Job resolved = paused("decided");
        got(store.jobs().resolve(resolved.key(), decision(resolved, "a1", "ann")));
        evalsha("resolve script that loses, redis-benchmark -P " + pipeline, pipeline, resolved, "",
                keys.ofMove(resolved.key()).getFirst());
    }

    private Job paused(String id) {
        Job job = won(store.jobs().create(Bench.wanted(key(id), Bench.details("ann"))));
        return won(store.jobs().pause(job.key(), job.fence(), prompt("a1"), null));
    }

    private void evalsha(String what, int pipeline, Job job, String prelude, String first) {
        String source = Script.RESOLVE.source();
        int afterShebang = source.indexOf('\n') + 1;
        String sha = server.command("SCRIPT", "LOAD",
                source.substring(0, afterShebang) + prelude + source.substring(afterShebang)).toString();
        List<String> keysOfMove = prelude.isEmpty() ? keys.ofMove(job.key())
                : keys.ofMove(job.key()).stream()
                        .map(one -> "b" + one.substring(one.indexOf(':')).replaceFirst("\\{\\d+}", "{0}"))
                        .toList();
        List<String> words =
                new ArrayList<>(List.of("redis-benchmark", "-p", Integer.toString(server.port()), "-P",
                        Integer.toString(pipeline), "-n", Integer.toString(calls), "-r",
                        Integer.toString(prepared), "--csv", "EVALSHA", sha, Integer.toString(keysOfMove.size()),
                        first));
        words.addAll(keysOfMove.subList(1, keysOfMove.size()));
        words.addAll(List.of("", "1200000", "60000", "300000", "2000", "0", "0", "0", Keys.name(job.key()),
                Long.toString(job.generation()), "a1", "res-ann-a1",
                Texts.write(new StoredJson.Decided(Bench.by("ann"), Bench.approval(), "async")), ""));
        double before = redisMicros();
        String said = Command.run(words.toArray(String[]::new)).orFail();
        double micros = (redisMicros() - before) / calls;
        String line = said.lines().filter(one -> one.startsWith("\"EVALSHA")).findFirst().orElseThrow();
        Matcher perSecondOf = PER_SECOND.matcher(line);
        if (!perSecondOf.find()) throw new IllegalStateException(said);
        add(what, "/s", Double.parseDouble(perSecondOf.group(1)));
        add(what + ": CPU of Redis each", "µs", micros);
    }

    // --- through the store

    private void pairs() {
        Job running = won(store.jobs().create(Bench.wanted(key("running"), Bench.details("ann"))));
        List<JobKey> jobs = IntStream.range(0, pairs).mapToObj(at -> key("job-" + at)).toList();
        copy(running.key(), jobs.stream().map(job -> keys.ofMove(job).subList(0, 2)));
        AtomicInteger next = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(CALLERS);
        double redis = redisMicros();
        double own = ownMicros();
        long begin = System.nanoTime();
        for (int caller = 0; caller < CALLERS; caller++) call(jobs, running, next, done);
        await(done);
        double seconds = (System.nanoTime() - begin) / 1e9;
        String what = "pause + resolve through the store";
        add(what, "/s", pairs / seconds);
        add(what + ": CPU of the caller's process each", "µs", (ownMicros() - own) / pairs);
        add(what + ": CPU of Redis each", "µs", (redisMicros() - redis) / pairs);
    }

    private void call(List<JobKey> jobs, Job like, AtomicInteger next, CountDownLatch done) {
        int at = next.getAndIncrement();
        if (at >= jobs.size()) {
            done.countDown();
            return;
        }
        JobKey job = jobs.get(at);
        store.jobs().pause(job, like.fence(), prompt("a1"), null)
                .chain(paused -> store.jobs().resolve(job, decision(((Transition.Won) paused).job(), "a1", "ann")))
                .subscribe().with(resolved -> {
                    if (!(resolved instanceof Transition.Won)) throw new IllegalStateException(resolved.toString());
                    call(jobs, like, next, done);
                }, failure -> {
                    failure.printStackTrace();
                    System.exit(1);
                });
    }

    // --- around it

    /** Job and log of one job under other names. */
    private void copy(JobKey from, Stream<List<String>> to) {
        List<String> source = keys.ofMove(from).subList(0, 2);
        List<List<String>> all = to.toList();
        for (int at = 0; at < all.size(); at += 1_000) {
            List<String> words = new ArrayList<>(List.of("EVAL", COPY, "0"));
            words.addAll(source);
            all.subList(at, Math.min(all.size(), at + 1_000)).forEach(words::addAll);
            server.command(words.toArray(String[]::new));
        }
    }

    private static Job won(Uni<Transition> move) { return ((Transition.Won) got(move)).job(); }

    private double redisMicros() {
        return 1e6
                * (Double.parseDouble(server.info("used_cpu_user")) + Double.parseDouble(server.info("used_cpu_sys")));
    }

    private static double ownMicros() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e3;
    }

    private static void await(CountDownLatch done) {
        try {
            done.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private void tell() {
        results.forEach((row, values) -> System.out.printf(Locale.ROOT, "%s\t%s\t%s%n", row.what(), row.unit(),
                values.stream().map("%.1f"::formatted).collect(joining("\t"))));
    }
}

package dev.holdpoint.store.redis;

import static dev.holdpoint.store.Bench.decision;
import static dev.holdpoint.store.Bench.got;
import static dev.holdpoint.store.Bench.key;
import static dev.holdpoint.store.Bench.prompt;

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
 * Pauses and resolves through the store, by many callers at once, beside what {@code redis-benchmark -P 16} does with the same resolve script.
 * Run by {@code bench/store}. The script is measured where it wins, each call on a paused job of its own, and where it loses, always on one.
 */
final class StoreRate {
    private static final int BUCKETS = 256;
    private static final int CALLERS = 128;
    private static final int PAIRS = 20_000;
    private static final int PREPARED = 40_000;
    private static final int CALLS = 10_000;
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
    private final Map<String, List<Double>> results = new LinkedHashMap<>();

    private StoreRate() { got(store.ready()); }

    public static void main(String[] args) {
        int rounds = args.length == 0 ? 3 : Integer.parseInt(args[0]);
        StoreRate rate = new StoreRate();
        for (int round = 0; round < WARM_UPS; round++) rate.round();
        rate.results.clear();
        for (int round = 0; round < rounds; round++) rate.round();
        rate.tell(rounds);
        rate.server.close();
        System.exit(0);
    }

    private void round() {
        double won = winning();
        double lost = losing();
        double pairs = pairs();
        add("store: pause+resolve pairs/s", pairs);
        add("store: moves/s (two a pair), % of EVALSHA that wins", 100 * 2 * pairs / won);
        add("store: moves/s (two a pair), % of EVALSHA that loses", 100 * 2 * pairs / lost);
    }

    private void add(String what, double value) {
        results.computeIfAbsent(what, none -> new ArrayList<>()).add(value);
    }

    // --- the script alone

    /** Each call takes a job by chance; one that was taken before loses. */
    private double winning() {
        server.command("FLUSHALL");
        Job paused = paused("template");
        copy(paused.key(), IntStream.range(0, PREPARED)
                .mapToObj(at -> "j%012d".formatted(at)).map(name -> List.of("b:{0}:job:" + name, "b:{0}:log:" + name)));
        String named = "local own = KEYS[1]; KEYS[1] = 'b:{0}:job:' .. own; KEYS[2] = 'b:{0}:log:' .. own;"
                + " KEYS[3] = 'b:{0}:retained:' .. own; KEYS[11] = 'b:{0}:closed:' .. own; ARGV[8] = own;\n";
        double perSecond = evalsha("EVALSHA that wins", paused, named, "j__rand_int__");
        add("EVALSHA that wins: winners, %",
                100.0 * Integer.parseInt(server.command("HGET", "b:{0}:tide", "told").toString()) / CALLS);
        return perSecond;
    }

    private double losing() {
        Job resolved = paused("decided");
        got(store.jobs().resolve(resolved.key(), decision(resolved, "a1", "ann")));
        return evalsha("EVALSHA that loses", resolved, "", keys.ofMove(resolved.key()).getFirst());
    }

    private Job paused(String id) {
        Job job = won(store.jobs().create(Bench.wanted(key(id), Bench.details("ann"))));
        return won(store.jobs().pause(job.key(), job.fence(), prompt("a1"), null));
    }

    private double evalsha(String what, Job job, String prelude, String first) {
        String source = Script.RESOLVE.source();
        int afterShebang = source.indexOf('\n') + 1;
        String sha = server.command("SCRIPT", "LOAD",
                source.substring(0, afterShebang) + prelude + source.substring(afterShebang)).toString();
        List<String> keysOfMove = prelude.isEmpty() ? keys.ofMove(job.key())
                : keys.ofMove(job.key()).stream()
                        .map(one -> "b" + one.substring(one.indexOf(':')).replaceFirst("\\{\\d+}", "{0}"))
                        .toList();
        List<String> words =
                new ArrayList<>(List.of("redis-benchmark", "-p", Integer.toString(server.port()), "-P", "16",
                        "-n", Integer.toString(CALLS), "-r", Integer.toString(PREPARED), "--csv", "EVALSHA", sha,
                        Integer.toString(keysOfMove.size()), first));
        words.addAll(keysOfMove.subList(1, keysOfMove.size()));
        words.addAll(List.of("", "1200000", "60000", "300000", "2000", "0", "0", Keys.name(job.key()),
                Long.toString(job.generation()), "a1", "res-ann-a1",
                Texts.write(new StoredJson.Decided(Bench.by("ann"), Bench.approval(), "async"))));
        double before = redisMicros();
        String said = Command.run(words.toArray(String[]::new)).orFail();
        add(what + ": CPU µs of Redis per call", (redisMicros() - before) / CALLS);
        String line = said.lines().filter(one -> one.startsWith("\"EVALSHA")).findFirst().orElseThrow();
        Matcher perSecondOf = PER_SECOND.matcher(line);
        if (!perSecondOf.find()) throw new IllegalStateException(said);
        double perSecond = Double.parseDouble(perSecondOf.group(1));
        add(what + "/s", perSecond);
        return perSecond;
    }

    // --- through the store

    private double pairs() {
        Job running = won(store.jobs().create(Bench.wanted(key("running"), Bench.details("ann"))));
        List<JobKey> jobs = IntStream.range(0, PAIRS).mapToObj(at -> key("job-" + at)).toList();
        copy(running.key(), jobs.stream().map(job -> keys.ofMove(job).subList(0, 2)));
        AtomicInteger next = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(CALLERS);
        double redis = redisMicros();
        double own = ownMicros();
        long begin = System.nanoTime();
        for (int caller = 0; caller < CALLERS; caller++) call(jobs, running, next, done);
        await(done);
        double seconds = (System.nanoTime() - begin) / 1e9;
        add("store: CPU µs of the caller's process per pair", (ownMicros() - own) / PAIRS);
        add("store: CPU µs of Redis per pair", (redisMicros() - redis) / PAIRS);
        return PAIRS / seconds;
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

    private void tell(int rounds) {
        System.out.printf(
                "%d cores, %d rounds, %d callers%n%n| what | median | lowest | highest |%n| --- | --- | --- | --- |%n",
                Runtime.getRuntime().availableProcessors(), rounds, CALLERS);
        results.forEach((what, values) -> {
            List<Double> sorted = values.stream().sorted().toList();
            System.out.printf(Locale.ROOT, "| %s | %.0f | %.0f | %.0f |%n", what, sorted.get(sorted.size() / 2),
                    sorted.getFirst(), sorted.getLast());
        });
    }
}

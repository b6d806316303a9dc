package dev.holdpoint.fuzz;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import dev.holdpoint.machine.ServiceProcess;
import dev.holdpoint.redis.RedisServer;
import org.junit.jupiter.api.Test;

/**
 * Sends the packaged service what decent and indecent clients would, drawn from docs/openapi.yaml.
 * {@code -Dfuzz.requests=1000000} goes on for long, {@code -Dfuzz.seed=…} sends the same again as far as the service
 * answers the same, {@code -Dfuzz.store=redis} keeps jobs in Redis.
 */
class FuzzIT {
    private static final Path FOLDER = Path.of("target/fuzz");
    private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime() & 0xffffffL);
    private static final int REQUESTS = Integer.getInteger("fuzz.requests", 50_000);
    private static final String STORE = System.getProperty("fuzz.store", "memory");
    private static final int LANES = 6;
    private static final int MOST_METRICS = 3_000;
    private static final Pattern TROUBLE =
            Pattern.compile("\"(ERROR|FATAL)\"|^\\s+at [\\w.$/]+\\(|Exception|\\w+Error:");

    private final Faults faults = new Faults(FOLDER);

    @Test
    void noAnswerBreaksThePromises() throws IOException {
        System.out.printf("fuzz: seed=%d requests=%d; run again with -Dfuzz.seed=%d%n", SEED, REQUESTS, SEED);
        Random chance = new Random(SEED);
        Space withoutTenant = Space.withoutTenant(chance);
        Space nobodys = Space.nobodys(chance);
        List<Lane> lanes =
                IntStream.range(0, LANES).mapToObj(number -> new Lane(number, SEED, withoutTenant, nobodys)).toList();
        List<Space> spaces = new ArrayList<>(List.of(withoutTenant, nobodys));
        lanes.forEach(lane -> spaces.addAll(lane.spaces().subList(1, lane.spaces().size())));
        Path log = FOLDER.resolve("service.log");
        Files.createDirectories(FOLDER);
        Files.deleteIfExists(log);

        try (RedisServer redis = STORE.equals("redis") ? RedisServer.standalone() : null;
                ServiceProcess service = new ServiceProcess(settings(spaces, redis), log)) {
            service.awaitReady();
            Judge judge = new Judge(spaces, faults);
            run(lanes, service, judge);
            readMetrics(service, judge, nobodys);
            if (!service.isAlive() || !service.isReady()) faults.found("The service isn't ready any more; see " + log);
        }

        try (var lines = Files.lines(log, java.nio.charset.StandardCharsets.ISO_8859_1)) {
            String said = lines.filter(line -> TROUBLE.matcher(line).find() || line.contains("key-A")).limit(20)
                    .collect(joining("\n  "));
            if (!said.isEmpty()) faults.found("The log of the service tells of trouble:\n  " + said);
        }
        Map<String, Integer> outcomes = new TreeMap<>();
        lanes.forEach(
                lane -> lane.outcomes().forEach((outcome, times) -> outcomes.merge(outcome, times, Integer::sum)));
        System.out.println("fuzz: " + outcomes);
        assertThat(faults.all()).as("run again with -Dfuzz.seed=" + SEED).isEmpty();
        assertThat(outcomes.getOrDefault("told 201", 0)).as("jobs that were created").isGreaterThan(REQUESTS / 100);
    }

    private void run(List<Lane> lanes, ServiceProcess service, Judge judge) {
        try (ExecutorService threads = Executors.newFixedThreadPool(LANES)) {
            List<? extends Future<?>> running = lanes.stream()
                    .map(lane -> threads.submit(() -> lane.run(service.port(), REQUESTS / LANES, judge, faults)))
                    .toList();
            for (Future<?> one : running) one.get();
        } catch (ExecutionException broken) {
            throw new IllegalStateException(broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** They grow by what there is, not by what callers make up. */
    private void readMetrics(ServiceProcess service, Judge judge, Space nobodys) {
        Request request = Draft.of("GET", nobodys, Space.Person.BOB, "/q/metrics").with("Accept", "*/*").written();
        try (Line line = new Line(service.port())) {
            Answer metrics = line.exchange(request);
            judge.judge(null, request, metrics);
            if (!metrics.isSuccess() || metrics.body().lines().count() > MOST_METRICS)
                faults.found("metrics that callers make grow", null, request, metrics);
        }
    }

    private static Map<String, String> settings(List<Space> spaces, RedisServer redis) throws IOException {
        Path keys = FOLDER.resolve("keys.json").toAbsolutePath();
        Files.writeString(keys, spaces.stream().filter(space -> !space.isNobodys()).flatMap(Space::keys)
                .collect(joining(",\n", "[", "]")));
        // Times so short that leases lapse, prompts expire and ended jobs go while the requests come in.
        Map<String, String> settings = new HashMap<>(Map.of("holdpoint.auth.keys-file", keys.toString(),
                "holdpoint.timing.lease", "PT3S", "holdpoint.timing.terminal-retention", "PT20S", "holdpoint.store",
                STORE, "holdpoint.mcp.longest-wait", "PT0.2S"));
        if (redis != null) settings.putAll(Map.of("quarkus.redis.hosts", redis.url(), "holdpoint.redis.buckets", "16"));
        return settings;
    }
}

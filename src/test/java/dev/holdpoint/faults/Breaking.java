package dev.holdpoint.faults;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import dev.holdpoint.faults.Fact.Claimed;
import dev.holdpoint.faults.Fact.Refused;
import dev.holdpoint.machine.Child;
import dev.holdpoint.machine.Folder;
import dev.holdpoint.machine.Loopback;
import dev.holdpoint.machine.Until;
import dev.holdpoint.redis.RedisCluster;
import dev.holdpoint.redis.RedisSentinels;
import dev.holdpoint.redis.RedisServer;

/** Breaks things under load, one session for each fault. Each round proves that its fault really happened. */
final class Breaking {
    private static final Duration PARTITION = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final InetAddress OF_A = Loopback.number(101);
    private static final InetAddress OF_B = Loopback.number(102);

    private final Cell cell;
    private final Durability durability;
    private final int rounds;

    Breaking(Cell cell, int rounds) {
        this.cell = cell;
        this.durability = cell.durability();
        this.rounds = rounds;
    }

    /** What one round does to a running session. */
    private interface Round {
        void in(Session session, int number);
    }

    Outcome run() {
        return switch (cell.fault()) {
            case SERVICE_KILLED -> overOneRedis(this::killService);
            case SERVICE_STOPPED -> overOneRedis(this::stopService);
            case WORKER_STOPPED -> overOneRedis(this::stopWorker);
            case REDIS_KILLED -> redisKilled();
            case SENTINEL_FAILOVER -> sentinelFailover();
            case CLUSTER_FAILOVER -> clusterFailover();
            case PARTITION -> partition();
        };
    }

    private Outcome rounds(Session session, Round round) {
        for (int number = 0; number < rounds; number++) {
            round.in(session, number);
            session.calm();
        }
        return session.finish(rounds);
    }

    // --- one Redis, with a replica where somebody has to confirm

    private Outcome overOneRedis(Round round) {
        try (RedisServer primary = RedisServer.standalone(durability.redis());
                AutoCloseable _ = replicaOf(primary);
                Session session = Session.over(Map.of("quarkus.redis.hosts", primary.url()), cell)) {
            return rounds(session, round);
        } catch (Exception closing) {
            throw new IllegalStateException(closing);
        }
    }

    private AutoCloseable replicaOf(RedisServer primary) {
        return durability.needsReplica() ? RedisServer.replicaOf(primary, durability.redis()) : () -> {};
    }

    private void killService(Session session, int number) {
        Replica victim = number % 2 == 0 ? session.a() : session.b();
        long pid = victim.process().pid();
        long before = System.nanoTime();

        session.breaks(victim.process()::kill);

        session.happened("process " + pid + " of service " + victim.door().name() + " is gone",
                () -> ProcessHandle.of(pid).isEmpty());
        session.doubted(victim.door(), before);
        victim.process().restart();
        victim.process().awaitReady();
    }

    private void stopService(Session session, int number) {
        Replica victim = number % 2 == 0 ? session.a() : session.b();
        long before = System.nanoTime();

        session.breaks(victim.process()::stop);

        session.happened("service " + victim.door().name() + " stands still", victim.process()::isStopped);
        // Longer than a lease, so that whatever it was about to do is out of date when it goes on.
        LockSupport.parkNanos(Session.LEASE.multipliedBy(2).toNanos());
        session.doubted(victim.door(), before);
        victim.process().resume();
    }

    private void stopWorker(Session session, int number) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        try (Folder folder = Folder.named("worker")) {
            Path out = folder.path().resolve("out");
            Child worker = Child.start(Stream.concat(
                    Stream.of(java.toString(), "-cp", System.getProperty("java.class.path"),
                            StoppedWorker.class.getName()),
                    session.doors().stream().map(door -> "" + door.port())).toList(), Map.of(), out);
            try (worker) {
                Until.holds("the worker holds a job", PATIENCE, () -> worker.said().contains(StoppedWorker.HOLDS));
                Claimed claim =
                        facts(out).stream().filter(Claimed.class::isInstance).map(Claimed.class::cast).findFirst()
                                .orElseThrow();
                worker.stop();
                session.happened("the worker that holds " + claim.job() + " stands still", worker::isStopped);
                session.happened("another worker took " + claim.job() + " over",
                        () -> session.history().count(Claimed.class, other -> other.job().equals(claim.job())) > 0);
                session.happened("and completed it", () -> session.ended(claim.job()));
                worker.tell("go on");
                worker.resume();
                Until.holds("the worker has tried to go on", PATIENCE,
                        () -> worker.said().contains(StoppedWorker.DONE));
                facts(out).forEach(session.history()::add);
                session.happened("and nothing of what the first one still wrote was let through",
                        () -> session.history().count(Refused.class, one -> claim.fence().equals(one.fence()))
                                >= StoppedWorker.LATE_WRITES);
            }
        }
    }

    /** Facts may be told twice; only their first telling counts. */
    private static List<Fact> facts(Path told) {
        return Folder.lines(told).stream().filter(line -> line.startsWith("{")).distinct().map(History::fact).toList();
    }

    private Outcome redisKilled() {
        try (RedisServer primary = RedisServer.standalone(durability.redis());
                AutoCloseable _ = replicaOf(primary);
                Session session = Session.over(Map.of("quarkus.redis.hosts", primary.url()), cell)) {
            return rounds(session, (running, number) -> {
                long pid = primary.pid();
                long before = System.nanoTime();

                running.breaks(primary::kill);

                running.happened("process " + pid + " of Redis is gone", () -> ProcessHandle.of(pid).isEmpty());
                running.doubted(running.a().door(), before);
                running.doubted(running.b().door(), before);
                primary.restart();
            });
        } catch (Exception closing) {
            throw new IllegalStateException(closing);
        }
    }

    // --- several

    private Outcome sentinelFailover() {
        try (RedisSentinels all = RedisSentinels.start(durability.redis());
                Session session = Session.over(Map.of("quarkus.redis.client-type", "sentinel",
                        "quarkus.redis.master-name", RedisSentinels.MASTER_NAME, "quarkus.redis.hosts", all.urls()),
                        cell)) {
            return rounds(session, (running, number) -> {
                RedisServer primary = all.primary();

                running.breaks(primary::kill);

                RedisServer next = all.awaitOtherThan(primary);
                running.happened("the sentinels made " + next + " the primary instead of " + primary,
                        () -> all.primary() == next);
                primary.restart();
                primary.awaitInfo("role", "slave");
                primary.awaitInfo("master_link_status", "up");
                all.awaitWhole();
            });
        }
    }

    private Outcome clusterFailover() {
        try (RedisCluster cluster = RedisCluster.start(durability.redis());
                Session session = Session.over(cluster(cluster), cell)) {
            return rounds(session, (running, number) -> {
                RedisServer primary = cluster.primaryOf(0);
                RedisServer replica = cluster.replicaOf(primary);

                running.breaks(primary::kill);

                running.happened(replica + " took over from " + primary, () -> RedisCluster.isPrimary(replica));
                primary.restart();
                primary.awaitInfo("role", "slave");
                cluster.awaitWhole();
            });
        }
    }

    private Outcome partition() {
        try (RedisCluster cluster = RedisCluster.splittable(durability.redis());
                Session session = new Session(cluster(cluster), cell, from(OF_A), from(OF_B))) {
            return rounds(session, (running, number) -> {
                RedisServer primary = cluster.primaryOf(0);
                RedisServer replica = cluster.replicaOf(primary);
                boolean withA = number % 2 == 0;
                long before = System.nanoTime();
                long held = cluster.held();

                running.breaks(() -> cluster.split(primary, Set.of(withA ? OF_A : OF_B)));

                LockSupport.parkNanos(PARTITION.toNanos());
                running.happened((cluster.held() - held) + " messages were held back at the border",
                        () -> cluster.held() > held);
                running.happened(replica + " took over from " + primary, () -> RedisCluster.isPrimary(replica));
                running.doubted((withA ? running.a() : running.b()).door(), before);
                cluster.mend();
                primary.awaitInfo("role", "slave");
                cluster.awaitWhole();
            });
        }
    }

    private static Map<String, String> cluster(RedisCluster cluster) {
        Map<String, String> settings = new HashMap<>();
        settings.put("quarkus.redis.client-type", "cluster");
        settings.put("quarkus.redis.hosts", cluster.urls());
        return settings;
    }

    private static Map<String, String> from(InetAddress address) {
        return Map.of("quarkus.redis.tcp.local-address", address.getHostAddress());
    }
}

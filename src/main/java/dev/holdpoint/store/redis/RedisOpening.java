package dev.holdpoint.store.redis;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;

import dev.holdpoint.job.Timing;
import dev.holdpoint.store.redis.RedisSettings.Limits;
import dev.holdpoint.store.redis.wire.Commands.Kindness;
import dev.holdpoint.store.redis.wire.Replies;
import dev.holdpoint.store.redis.wire.Wire;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisOptions;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the servers before anything is kept there: what would lose decisions stops the start, what might is told.
 */
public final class RedisOpening {
    private static final Duration HOLD_ON = Duration.ofMillis(500);
    private static final int ATTEMPTS = 20;
    private static final int OLDEST = 7;

    private final Vertx vertx;
    private final RedisOptions options;
    private final Wishes wishes;
    private final List<String> warnings = new ArrayList<>();

    /** How safe an acknowledged decision shall be. */
    public enum Durability {
        /** {@code REPLICATED} when a replica is connected at start, else {@code ASYNC}. */
        AUTO,
        /** The primary has it in memory. */
        ASYNC,
        /** Replicas have it in memory. */
        REPLICATED,
        /** The primary has it on disk, and replicas have it too when some are asked for. */
        FSYNC;

        public String word() { return name().toLowerCase(java.util.Locale.ROOT); }
    }

    /**
     * What is asked of this store.
     *
     * @param replicas how many replicas must confirm
     * @param waiting  how long to wait for them
     * @param links    held connections to each primary
     * @param owesNews whether news is owed, beside what the archive is
     */
    public record Wishes(String prefix, int buckets, int links, Durability durability, int replicas, Duration waiting,
            Timing timing, Limits limits, boolean owesNews) {}

    /** What the service was given. */
    public record Opened(RedisStore store, Durability durability, List<String> warnings, Runnable close) {}

    /**
     * The servers are set in a way that this service must not start with. The message is a sentence for the operator.
     */
    public static final class Unfit extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unfit(String message) { super(message, null, false, false); }
    }

    public RedisOpening(Vertx vertx, RedisOptions options, Wishes wishes) {
        if (wishes.buckets() < 1 || wishes.links() < 1 || wishes.replicas() < 0
                || wishes.waiting().toMillis() < 1)
            throw new Unfit(
                    "holdpoint.redis: buckets and links must be at least 1, replicas at least 0, and wait a"
                            + " millisecond or longer.");
        this.vertx = vertx;
        this.options = options;
        this.wishes = wishes;
    }

    /**
     * Fails with {@link Unfit} when the start must stop, which it must also when no server answers for a while.
     *
     * @param clock this process's own
     * @param ruling null for the servers' time; a test's clock may rule in its place
     */
    public Uni<Opened> open(InstantSource clock, @Nullable InstantSource ruling) {
        Wire looking = Wire.open(vertx, options, wishes.buckets(), 1, 0, wishes.waiting());
        return Uni.createFrom().deferred(() -> inspect(looking))
                .onFailure(RedisOpening::isStranger).transform(stranger -> new Unfit("Redis doesn't prove who it is, or"
                        + " refuses to believe who this service is: no connection over TLS can be made to it. Look at"
                        + " the certificates of quarkus.redis and quarkus.tls."))
                .onFailure(failure -> !(failure instanceof Unfit)).retry().withBackOff(HOLD_ON, HOLD_ON)
                .atMost(ATTEMPTS)
                .onFailure(failure -> !(failure instanceof Unfit)).transform(RedisOpening::unreachable)
                .onTermination().invoke(looking::close)
                .chain(durability -> open(durability, clock, ruling));
    }

    private static Unfit unreachable(Throwable failure) {
        Throwable told = failure.getCause() == null ? failure : failure.getCause();
        return new Unfit("Redis can't be reached or isn't ready: "
                + (told.getMessage() == null ? told : told.getMessage()) + ". Look at quarkus.redis.hosts.");
    }

    private static boolean isStranger(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) return true;
        }
        return false;
    }

    private Uni<Opened> open(Durability durability, InstantSource clock, @Nullable InstantSource ruling) {
        int confirming = durability == Durability.ASYNC ? 0 : wishes.replicas();
        Wire wire = Wire.open(vertx, options, wishes.buckets(), wishes.links(), confirming, wishes.waiting());
        RedisStore store = new RedisStore(wire, new RedisSettings(wishes.prefix(), wishes.buckets(), wishes.timing(),
                durability.word(), confirming > 0, wishes.limits(), wishes.owesNews(), ruling), clock);
        store.keepUp(vertx);
        return store.ready().map(ready -> new Opened(store, durability, List.copyOf(warnings), () -> {
            store.close();
            wire.close();
        }));
    }

    private Uni<Durability> inspect(Wire wire) {
        warnings.clear();
        return wire.ofEachPrimary(Command.INFO)
                .map(infos -> infos.stream().map(Replies::lines).toList())
                .invoke(infos -> infos.forEach(RedisOpening::requireVersion))
                .call(() -> agree(wire))
                .chain(infos -> settings(wire).map(settings -> judge(infos, settings)));
    }

    private static void requireVersion(Map<String, String> info) {
        // Valkey tells the version of Redis that it stands for.
        String version = info.getOrDefault("redis_version", "0.0");
        if (Integer.parseInt(version.substring(0, version.indexOf('.'))) < OLDEST)
            throw new Unfit("Redis " + version + " is too old: Holdpoint needs Redis 7.0 or newer, or Valkey.");
    }

    /** A service that spreads jobs over another number of buckets would not find those that are there. */
    private Uni<Void> agree(Wire wire) {
        Keys.Placed place = new Keys(wishes.prefix(), wishes.buckets()).agreement();
        String mine = "buckets=" + wishes.buckets();
        return wire.commands().send(place.bucket(), Kindness.REPEATABLE, Command.SET, place.key(), mine, "NX", "GET")
                .invoke(there -> {
                    if (there != null && !there.toString().equals(mine))
                        throw new Unfit("This Redis was set up with " + there + " under the prefix " + wishes.prefix()
                                + ", but this service has " + mine + ": set holdpoint.redis.buckets to what is there.");
                }).replaceWithVoid();
    }

    /** Empty where the servers don't tell; managed services often don't. */
    private Uni<List<Map<String, String>>> settings(Wire wire) {
        return wire.ofEachPrimary(Command.CONFIG, "GET", "*").map(all -> all.stream().map(Replies::pairs).toList())
                .onFailure().invoke(refused -> warnings.add(
                        "CONFIG GET is refused, so persistence and eviction could not be checked."))
                .onFailure().recoverWithItem(List.of());
    }

    private Durability judge(List<Map<String, String>> infos, List<Map<String, String>> settings) {
        settings.forEach(this::judgeEviction);
        boolean everyFsync = !settings.isEmpty() && settings.stream().allMatch(
                one -> one.getOrDefault("appendonly", "").equals("yes")
                        && one.getOrDefault("appendfsync", "").equals("always"));
        boolean anyUnsaved = settings.stream().anyMatch(one -> one.getOrDefault("appendonly", "").equals("no")
                && one.getOrDefault("save", "").isEmpty());
        boolean everyReplicated = infos.stream().allMatch(
                info -> Integer.parseInt(info.getOrDefault("connected_slaves", "0")) >= Math.max(1, wishes.replicas()));
        if (wishes.durability() == Durability.FSYNC && !everyFsync && !settings.isEmpty())
            throw new Unfit("holdpoint.redis.durability is fsync, but Redis doesn't run with appendonly yes and"
                    + " appendfsync always: a power cut would take acknowledged decisions.");
        if (anyUnsaved)
            warnings.add("Redis keeps nothing on disk (appendonly no, save \"\"): a restart loses every job.");
        if (options.getPassword() == null && !isLoopback())
            warnings.add("Redis is not on this machine, and no password is set for it.");
        if (!options.getNetClientOptions().isSsl() && !isLoopback())
            warnings.add("Redis is not on this machine, and what goes there is not encrypted (rediss://).");
        return switch (wishes.durability()) {
            case AUTO -> {
                if (!everyReplicated)
                    warnings.add("No replica is connected, so durability is async: a crash of Redis may take"
                            + " acknowledged decisions.");
                yield everyReplicated && wishes.replicas() > 0 ? Durability.REPLICATED : Durability.ASYNC;
            }
            case REPLICATED -> {
                if (wishes.replicas() < 1)
                    throw new Unfit("holdpoint.redis.durability is replicated, so holdpoint.redis.replicas must be at"
                            + " least 1.");
                if (!everyReplicated)
                    warnings.add("Too few replicas are connected: until they are, every decision ends as"
                            + " outcome-unknown.");
                yield Durability.REPLICATED;
            }
            case FSYNC -> {
                if (!everyReplicated && wishes.replicas() > 0)
                    warnings.add("Too few replicas are connected: until they are, every decision ends as"
                            + " outcome-unknown. With holdpoint.redis.replicas=0 the disk alone counts.");
                yield Durability.FSYNC;
            }
            case ASYNC -> Durability.ASYNC;
        };
    }

    private void judgeEviction(Map<String, String> settings) {
        String policy = settings.getOrDefault("maxmemory-policy", "noeviction");
        boolean bounded = !settings.getOrDefault("maxmemory", "0").equals("0");
        if (policy.startsWith("allkeys"))
            throw new Unfit(
                    "maxmemory-policy is " + policy + ": Redis would evict jobs that wait. Set it to noeviction.");
        if (policy.startsWith("volatile") && bounded)
            warnings.add("maxmemory-policy is " + policy + ": Redis may forget idempotency keys early. Set it to"
                    + " noeviction.");
    }

    private boolean isLoopback() {
        return options.getEndpoints().stream().map(URI::create).map(URI::getHost)
                .allMatch(host -> host != null
                        && (host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]")));
    }
}

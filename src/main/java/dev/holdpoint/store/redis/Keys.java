package dev.holdpoint.store.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;

import dev.holdpoint.job.AgentId;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.job.UserId;
import dev.holdpoint.store.redis.wire.Wire;
import dev.holdpoint.webhook.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Where things lie in Redis. The bucket in braces is the only part that chooses a slot, so no text
 * that somebody else chose is read as a tag. A tenant is written without a colon, so that no two of
 * tenant and id can be read as another two.
 */
final class Keys {
    private final String prefix;
    private final int buckets;
    private final String database;

    /** A key with the bucket it lies in. */
    record Placed(int bucket, String key) {}

    /** In the server's first database. */
    Keys(String prefix, int buckets) {
        this(prefix, buckets, Wire.FIRST_DATABASE);
    }

    /** @param database what the server calls the one of its databases that these keys are in */
    Keys(String prefix, int buckets, String database) {
        this.prefix = prefix;
        this.buckets = buckets;
        this.database = database;
    }

    int buckets() { return buckets; }

    /** What a job is called in indexes and notices. */
    static String name(JobKey job) {
        return tenant(job.space()) + ":" + job.id().value();
    }

    static JobKey job(String name) {
        int colon = name.indexOf(':');
        if (colon < 0) throw new IllegalArgumentException("no job is called " + name);
        return space(name.substring(0, colon)).job(new JobId(name.substring(colon + 1)));
    }

    static Space space(String tenant) {
        return tenant.isEmpty() ? Space.TENANTLESS
                : new Space(new TenantId(tenant.replace("%3A", ":").replace("%25", "%")));
    }

    /** Empty for the tenant-less space, which no tenant can be named. */
    static String tenant(Space space) {
        TenantId tenant = space.tenant();
        return tenant == null ? "" : tenant.value().replace("%", "%25").replace(":", "%3A");
    }

    int bucket(JobKey job) { return bucket(name(job)); }

    private int bucket(String name) {
        CRC32 hash = new CRC32();
        hash.update(name.getBytes(StandardCharsets.UTF_8));
        return (int) (hash.getValue() % buckets);
    }

    /** The keys of a move, in the order of {@code lua/shared/move.lua}. */
    List<String> ofMove(JobKey job) {
        String name = name(job);
        int bucket = bucket(name);
        return List.of(job(bucket) + name, log(bucket) + name, retained(bucket) + name, deadlines(bucket),
                outbox(bucket), counts(bucket, job.space()), checks(bucket), tide(bucket), notices(bucket),
                floor(bucket), closed(bucket) + name, rules(bucket), prompts(bucket));
    }

    /**
     * The same for a script that goes through the jobs of a bucket: the first three and the one of closed prompts are
     * prefixes, to be completed with a name, and the one of counts with a tenant.
     */
    List<String> ofBucket(int bucket) {
        return List.of(job(bucket), log(bucket), retained(bucket), deadlines(bucket), outbox(bucket),
                counts(bucket, Space.TENANTLESS), checks(bucket), tide(bucket), notices(bucket), floor(bucket),
                closed(bucket), rules(bucket), prompts(bucket));
    }

    String job(int bucket) { return in(bucket, "job:"); }

    String log(int bucket) { return in(bucket, "log:"); }

    String retained(int bucket) { return in(bucket, "retained:"); }

    String closed(int bucket) { return in(bucket, "closed:"); }

    String deadlines(int bucket) { return in(bucket, "deadlines"); }

    String outbox(int bucket) { return in(bucket, "outbox"); }

    String counts(int bucket, Space space) { return in(bucket, "counts:") + tenant(space); }

    String checks(int bucket) { return in(bucket, "checks"); }

    String tide(int bucket) { return in(bucket, "tide"); }

    /** A channel, which a server has for all of its databases together. */
    String notices(int bucket) {
        return in(bucket, database.equals(Wire.FIRST_DATABASE) ? "notices" : "notices@" + database);
    }

    /** Jobs that wait for a decision, by the instant of their pause. */
    String prompts(int bucket) {
        return in(bucket, "prompts");
    }

    String floor(int bucket) { return in(bucket, "floor"); }

    /** Revisions of the rules of every space, by tenant. */
    String rules(int bucket) { return in(bucket, "rules"); }

    /** The policy of a space; this bucket's outbox takes what belongs to a space and to no job. */
    Placed policy(Space space) {
        return placed("policy:", tenant(space));
    }

    /** What is remembered for a user. */
    Placed grants(Space space, UserId user) {
        return placed("grants:", tenant(space) + ":" + user);
    }

    /** How often each of them was used, in the same bucket. */
    String uses(Space space, UserId user) {
        return in(grants(space, user).bucket(), "uses:") + tenant(space) + ":" + user;
    }

    /** Whose each grant of a space is: members {@code <grant> <user>}, in the order of the grants. */
    Placed granted(Space space) {
        return placed("granted:", tenant(space));
    }

    /** Jobs of a user that may be active, by the instant of their creation. */
    Placed active(Space space, UserId user) {
        return placed("active:", tenant(space) + ":" + user);
    }

    /** Jobs of a space that may wait for a decision, by deadline. */
    Placed waiting(Space space) {
        return ofSpace(space, "waiting:");
    }

    /** The same jobs by the instant of their pause. */
    Placed paused(Space space) {
        return ofSpace(space, "paused:");
    }

    /**
     * Jobs of a space whose continuation may be open, by the instant of the decision; of one agent when one is named.
     */
    Placed open(Space space, @Nullable AgentId agent) {
        Placed all = ofSpace(space, "open:");
        return agent == null ? all : new Placed(all.bucket(), all.key() + ":" + agent);
    }

    /** The notices, and the lists of a space that a job may be in, in the order of {@code lua/shelve.lua}. */
    List<String> ofShelve(Space space, @Nullable AgentId agent) {
        return List.of(notices(waiting(space).bucket()), waiting(space).key(), paused(space).key(),
                open(space, null).key(), open(space, agent).key());
    }

    /** All in one bucket, so that one script finds a job's places in them. */
    private Placed ofSpace(Space space, String what) {
        int bucket = bucket("space:" + tenant(space));
        return new Placed(bucket, in(bucket, what) + tenant(space));
    }

    /** What waits for one endpoint, with its bucket; the names of its keys end like this. */
    Placed webhook(Queue queue) {
        String name = tenant(queue.space()) + ":" + queue.endpoint();
        return new Placed(bucket("webhook:" + name), name);
    }

    /** The keys of an endpoint's queue, in the order of {@code lua/settle.lua}. */
    List<String> ofWebhook(Placed webhook) {
        return Stream.of("due", "held", "order", "delivered", "dead", "letters", "standing")
                .map(what -> in(webhook.bucket(), "webhook-" + what + ":") + webhook.key()).toList();
    }

    Placed value(String name) { return placed("value:", name); }

    /** What every service that shares this Redis must agree on. */
    Placed agreement() {
        return new Placed(0, in(0, "agreement"));
    }

    private Placed placed(String what, String name) {
        int bucket = bucket(what + name);
        return new Placed(bucket, in(bucket, what) + name);
    }

    private String in(int bucket, String what) { return prefix + ":{" + bucket + "}:" + what; }
}

package dev.holdpoint.start;

import java.time.InstantSource;
import java.util.Optional;

import dev.holdpoint.approval.Decisions;
import dev.holdpoint.approval.Gate;
import dev.holdpoint.approval.Masking;
import dev.holdpoint.archive.memory.MemoryArchive;
import dev.holdpoint.archive.memory.MemoryAuditTrail;
import dev.holdpoint.archive.mongo.MongoRetention;
import dev.holdpoint.audit.AuditTrail;
import dev.holdpoint.audit.Inspection;
import dev.holdpoint.audit.Sealing;
import dev.holdpoint.audit.Transcripts;
import dev.holdpoint.cloudevents.CloudEvents;
import dev.holdpoint.cloudevents.CloudEventsConfig;
import dev.holdpoint.continuation.Claims;
import dev.holdpoint.disk.DataDirectory;
import dev.holdpoint.disk.Disk;
import dev.holdpoint.job.Archive;
import dev.holdpoint.job.EventLog;
import dev.holdpoint.job.Ids;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Outbox;
import dev.holdpoint.job.ShortLived;
import dev.holdpoint.job.StoreCondition;
import dev.holdpoint.job.StoreFacts;
import dev.holdpoint.job.Timing;
import dev.holdpoint.mask.MaskConfig;
import dev.holdpoint.mask.Masks;
import dev.holdpoint.measure.Glances;
import dev.holdpoint.measure.LimitHits;
import dev.holdpoint.measure.MeasuredJobStore;
import dev.holdpoint.measure.MeasuredOutbox;
import dev.holdpoint.measure.Times;
import dev.holdpoint.policy.Policies;
import dev.holdpoint.policy.RuleStore;
import dev.holdpoint.poll.LongPolls;
import dev.holdpoint.stream.Follower;
import dev.holdpoint.sweep.Archiving;
import dev.holdpoint.sweep.Arrears;
import dev.holdpoint.sweep.RecordFirst;
import dev.holdpoint.sweep.Sweep;
import dev.holdpoint.webhook.Announcements;
import dev.holdpoint.webhook.Courier;
import dev.holdpoint.webhook.DeadLetters;
import dev.holdpoint.webhook.Deliveries;
import dev.holdpoint.webhook.Endpoints;
import dev.holdpoint.webhook.WebhooksConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Picks what fills each port. */
@Singleton
class Assembly {
    private final StoreConfig config;
    private final Policies.Settings rules;
    private final AuditConfig audit;
    private final ArchiveConfig keeping;
    private final Endpoints endpoints;

    Assembly(StoreConfig config, RulesConfig rules, AuditConfig audit, ArchiveConfig keeping,
            WebhooksConfig webhooks) {
        config.check();
        this.config = config;
        // At once: a policy that can't be used must stop the start, not the first call that it would judge.
        this.rules = rules.settings();
        this.audit = audit;
        this.keeping = keeping;
        this.endpoints = Endpoints.of(webhooks);
        // Whoever names a directory believes that jobs are kept there.
        if (config.dataDir().isPresent() && !config.store().equals("memory"))
            throw new IllegalStateException("holdpoint.data-dir is for the embedded store, but holdpoint.store is "
                    + config.store() + ": leave one of them out.");
    }

    private static IllegalStateException unknown(String name, String known, String value) {
        return new IllegalStateException(name + " must be " + known + ", but is " + value + ".");
    }

    @Produces
    @Singleton
    InstantSource clock() { return new SystemClock(); }

    @Produces
    @Singleton
    Ids ids() { return new RandomIds(); }

    @Produces
    @Singleton
    Timing timing() {
        StoreConfig.TimingConfig timing = config.timing();
        return new Timing(timing.runningTtl(), timing.pauseBackstop(), timing.lease(), timing.terminalRetention());
    }

    @Produces
    @Singleton
    Disk disk() {
        return config.dataDir().map(directory -> DataDirectory.open(directory, CallersContext::current,
                Infrastructure.getDefaultExecutor())).orElseGet(Disk::none);
    }

    void close(@Disposes Disk disk) {
        disk.close();
    }

    @Produces
    @Singleton
    Ports ports(Timing timing, InstantSource clock, Disk disk, RedisPorts redis) {
        return switch (config.store()) {
            case "memory" -> MemoryPorts.open(config, timing, clock, disk, !endpoints.isEmpty());
            case "redis" -> redis.open(config, timing, clock, !endpoints.isEmpty());
            default -> throw unknown("holdpoint.store", "memory or redis", config.store());
        };
    }

    @Produces
    @Singleton
    Times times(MeterRegistry meters) { return new Times(meters); }

    @Produces
    @Singleton
    LimitHits limitHits(MeterRegistry meters) { return new LimitHits(meters); }

    @Produces
    @Singleton
    JobStore jobs(Ports ports, MeterRegistry meters, Times times, LimitHits limits) {
        return new MeasuredJobStore(ports.jobs(), meters, times, limits);
    }

    @Produces
    @Singleton
    EventLog log(Ports ports) { return ports.log(); }

    @Produces
    @Singleton
    Outbox outbox(Ports ports, MeterRegistry meters, InstantSource clock) {
        return new MeasuredOutbox(ports.outbox(), meters, clock);
    }

    @Produces
    @Singleton
    ShortLived shortLived(Ports ports) { return ports.values(); }

    @Produces
    @Singleton
    StoreFacts facts(Ports ports) { return ports.facts(); }

    @Produces
    @Singleton
    StoreCondition condition(Ports ports) { return ports.condition(); }

    @Produces
    @Singleton
    Glances glances(JobStore jobs, StoreCondition condition, MeterRegistry meters, InstantSource clock) {
        return new Glances(jobs, condition, meters, clock);
    }

    @Produces
    @Singleton
    Archive archive(InstantSource clock, Disk disk, MongoPorts mongo) {
        return switch (config.archive()) {
            case "memory" -> new MemoryArchive(clock, config.memory().archivedTurns(),
                    config.memory().archivedBytes().map(MemorySize::asLongValue).orElse(MemoryPorts.heap() / 8), disk);
            case "mongo" -> mongo.open(clock);
            default -> throw unknown("holdpoint.archive", "memory or mongo", config.archive());
        };
    }

    @Produces
    @Singleton
    Masks masks(MaskConfig config) { return Masks.of(config); }

    @Produces
    @Singleton
    Masking masking(Masks masks) { return new Masking(masks); }

    @Produces
    @Singleton
    RuleStore rules(Ports ports) { return ports.rules(); }

    @Produces
    @Singleton
    Policies policies(RuleStore store, Ids ids, InstantSource clock) {
        return new Policies(store, ids, clock, rules);
    }

    @Produces
    @Singleton
    Decisions decisions(JobStore store, Ids ids, Policies policies, Masking masking) {
        return new Decisions(store, ids, policies, masking);
    }

    @Produces
    @Singleton
    Gate gate(JobStore store, Policies policies, Masking masking) { return new Gate(store, policies, masking); }

    @Produces
    @Singleton
    Claims claims(JobStore store, EventLog log, LongPolls polls) { return new Claims(store, log, polls); }

    @Produces
    @Singleton
    Follower follower(EventLog log, LongPolls polls) { return new Follower(log, polls); }

    @Produces
    @Singleton
    LongPolls polls(Leaving leaving) { return new LongPolls(leaving.serving()); }

    @Produces
    @Singleton
    Sweep sweep(JobStore store, Times times) { return new Sweep(store, times::expired); }

    @Produces
    @Singleton
    AuditTrail trail(InstantSource clock, Disk disk, MongoPorts mongo) {
        return config.archive().equals("mongo") ? mongo.trail(clock)
                : new MemoryAuditTrail(clock, config.memory().auditRecords(), MemoryPorts.heap() / 16, disk);
    }

    @Produces
    @Singleton
    Transcripts transcripts(StoreFacts facts, Masks masks) { return new Transcripts(masks, facts.durability()); }

    @Produces
    @Singleton
    Archiving archiving(Outbox outbox, Archive archive, AuditTrail trail, Transcripts transcripts,
            Announcements announcements) {
        return new Archiving(outbox, archive, trail, transcripts, announcements);
    }

    @Produces
    @Singleton
    Endpoints endpoints() { return endpoints; }

    @Produces
    @Singleton
    Deliveries deliveries(Ports ports) { return ports.deliveries(); }

    @Produces
    @Singleton
    DeadLetters deadLetters(Deliveries deliveries) { return new DeadLetters(endpoints, deliveries); }

    @Produces
    @Singleton
    Announcements announcements(Deliveries deliveries, Masks masks, CloudEvents cloudEvents, Ids ids,
            InstantSource clock) {
        return new Announcements(endpoints, deliveries, masks, cloudEvents, ids, clock);
    }

    /** Made as the service starts: a source that can't be used must stop it then. */
    @Startup
    @Produces
    @Singleton
    CloudEvents cloudEvents(CloudEventsConfig config) { return CloudEvents.of(config); }

    @Produces
    @Singleton
    Courier courier(Vertx vertx, Deliveries deliveries, InstantSource clock, MeterRegistry meters) {
        return Courier.on(vertx, endpoints, deliveries, clock, meters);
    }

    @Produces
    @Singleton
    Arrears arrears(Outbox outbox) { return new Arrears(outbox, keeping.mostOwed()); }

    @Produces
    @Singleton
    RecordFirst recordFirst(AuditTrail trail, Archiving archiving) {
        return new RecordFirst(audit.required(), trail, archiving);
    }

    /** Made as the service starts: keys that can't be used must stop it then, not fail the first verification. */
    @Startup
    @Produces
    @Singleton
    Inspection inspection(AuditTrail trail) {
        return new Inspection(trail, audit.signingKey().orElse(null), audit.publicKeys());
    }

    /** Without an age nothing is removed. */
    @Produces
    @Singleton
    Optional<MongoRetention> retention(InstantSource clock, MongoPorts mongo) {
        keeping.checkFor(config.archive());
        return keeping.removedAt().map(age -> mongo.retention(age, clock));
    }

    /** Without a key nothing is signed. */
    @Produces
    @Singleton
    Optional<Sealing> sealing(AuditTrail trail, InstantSource clock) {
        return audit.signingKey().map(key -> new Sealing(trail, audit.checkpoints(key), clock));
    }
}

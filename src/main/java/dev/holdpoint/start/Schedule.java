package dev.holdpoint.start;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.holdpoint.archive.mongo.MongoRetention;
import dev.holdpoint.audit.Sealing;
import dev.holdpoint.job.ArchiveTrouble;
import dev.holdpoint.job.EventLog;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.StoreTrouble;
import dev.holdpoint.measure.Glances;
import dev.holdpoint.measure.Times;
import dev.holdpoint.sweep.Archiving;
import dev.holdpoint.sweep.Arrears;
import dev.holdpoint.sweep.Precedence;
import dev.holdpoint.sweep.RecordFirst;
import dev.holdpoint.sweep.Sweep;
import dev.holdpoint.webhook.Courier;
import dev.holdpoint.webhook.Endpoints;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Runs the sweep each second, and once more at the very instant when something falls due before the next tick. */
@Singleton
class Schedule {
    private static final Logger LOG = Logger.getLogger(Schedule.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration BREATH = Duration.ofMillis(10);

    private final Sweep sweep;
    private final Archiving archiving;
    private final Precedence precedence;
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private final AtomicBoolean feeding = new AtomicBoolean();
    private final AtomicBoolean sealingChains = new AtomicBoolean();
    private final AtomicBoolean removing = new AtomicBoolean();
    private final AtomicBoolean reckoning = new AtomicBoolean();
    private final AtomicBoolean counting = new AtomicBoolean();
    private final AtomicBoolean glancing = new AtomicBoolean();
    private final EventLog log;
    private final Arrears arrears;
    private final Glances glances;
    private final Times times;
    private final Optional<Sealing> sealing;
    private final Optional<MongoRetention> retention;
    private final Courier courier;
    private final boolean telling;

    Schedule(Sweep sweep, Archiving archiving, RecordFirst recordFirst, Arrears arrears, Optional<Sealing> sealing,
            Optional<MongoRetention> retention, EventLog log, Courier courier, Endpoints endpoints, Glances glances,
            Times times) {
        this.sweep = sweep;
        this.archiving = archiving;
        this.precedence = new Precedence(sweep, recordFirst);
        this.arrears = arrears;
        this.sealing = sealing;
        this.retention = retention;
        this.log = log;
        this.courier = courier;
        this.telling = !endpoints.isEmpty();
        this.glances = glances;
        this.times = times;
    }

    /**
     * What a job's life has come to is history at once; the tick only catches up on what this
     * misses, and on some of what gives way.
     */
    void followLives(@Observes StartupEvent start) {
        log.changes().filter(change -> (telling || owesTheArchive(change)) && !precedence.isGiven())
                .onItem().transformToUniAndConcatenate(ended -> feed())
                .onFailure().retry().indefinitely()
                .subscribe().with(fed -> LOG.trace("archived an ending"));
    }

    @Scheduled(every = "1s", skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    Uni<Void> tick() {
        precedence.tick();
        return Uni.join().all(sweep(), feed()).andCollectFailures().replaceWithVoid()
                // Ten thousand prompts that expire at once must not hold up an event loop.
                .runSubscriptionOn(Infrastructure.getDefaultExecutor());
    }

    private Uni<Void> sweep() {
        return alone(sweeping, times.sweep(sweep.run()).invoke(this::comeBack).replaceWithVoid(), "sweep")
                .chain(() -> precedence.wasGiven() ? feed() : Uni.createFrom().voidItem());
    }

    private void comeBack(@Nullable Duration nextIn) {
        if (nextIn == null || nextIn.compareTo(TICK) >= 0) return;
        Uni.createFrom().voidItem()
                .onItem().delayIt().by(nextIn.compareTo(BREATH) < 0 ? BREATH : nextIn)
                .chain(this::sweep)
                .subscribe().with(done -> LOG.trace("swept in between"));
    }

    private static boolean owesTheArchive(EventLog.Change change) {
        return change.what() instanceof JobEvent.JobEnded || change.what() instanceof JobEvent.JobResumed;
    }

    @Scheduled(every = "10s", skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    Uni<Void> look() {
        return Uni.join().all(alone(reckoning, arrears.look(), "arrears"),
                alone(counting, courier.look(), "deliveries"),
                alone(glancing, glances.look(), "glance")).andCollectFailures().replaceWithVoid();
    }

    @Scheduled(every = "60s", skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    Uni<Void> seal() {
        return sealing.map(one -> alone(sealingChains, one.run(), "sealing")).orElseGet(Uni.createFrom()::voidItem);
    }

    @Scheduled(every = "1h", skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    Uni<Void> remove() {
        return retention.map(one -> alone(removing, one.run(), "retention")).orElseGet(Uni.createFrom()::voidItem);
    }

    private Uni<Void> feed() {
        // Sent is what was queued, also where the archive is away.
        return alone(feeding, archiving.run(precedence::isGiven), "archiving").invoke(courier::run);
    }

    /** A pass that is still under way does what this one would. */
    private static Uni<Void> alone(AtomicBoolean busy, Uni<Void> work, String name) {
        return Uni.createFrom().deferred(() -> busy.compareAndSet(false, true)
                ? work.onTermination().invoke(() -> busy.set(false))
                : Uni.createFrom().voidItem())
                .onFailure(Schedule::isTrouble)
                .invoke(trouble -> LOG.warnf("%s: %s; the next pass tries again", name, trouble.getMessage()))
                .onFailure(failure -> !isTrouble(failure))
                .invoke(failure -> LOG.warnf(failure, "%s failed; the next pass tries again", name))
                .onFailure().recoverWithNull();
    }

    private static boolean isTrouble(Throwable failure) {
        return failure instanceof StoreTrouble || failure instanceof ArchiveTrouble;
    }
}

package dev.holdpoint.dialect.mcp;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalLong;

import dev.holdpoint.approval.Gate;
import dev.holdpoint.approval.Gate.Gated;
import dev.holdpoint.approval.RequestedPrompt;
import dev.holdpoint.continuation.Claims;
import dev.holdpoint.door.json.StrictJson;
import dev.holdpoint.door.problem.Limits;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.job.Ending;
import dev.holdpoint.job.ExpiringStore;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobError;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.NewJob;
import dev.holdpoint.job.NewPause;
import dev.holdpoint.job.Phase;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.Sha256;
import dev.holdpoint.job.ShortLived;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.job.Transition;
import dev.holdpoint.job.WorkerId;
import dev.holdpoint.sweep.Arrears;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The worker of every inquiry: makes its job, has it gated or paused, claims what was decided and completes
 * the job. Every step may be taken again, by any replica: all of them are one worker by name, and the
 * outcome is remembered before the job ends.
 */
@ApplicationScoped
class InquiryWorker {
    private static final Logger LOG = Logger.getLogger(InquiryWorker.class);
    private static final WorkerId WORKER = new WorkerId("mcp");
    /** As long as an idempotency key. */
    private static final Duration REMEMBERED = Duration.ofHours(24);
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final JobError UNASKED = new JobError("not_asked", "Nobody could be asked.");

    private final JobStore store;
    private final Claims claims;
    private final Gate gate;
    private final Arrears arrears;
    private final ExpiringStore memory;
    private final StrictJson json;

    InquiryWorker(JobStore store, Claims claims, Gate gate, Arrears arrears, ShortLived values, Limits limits) {
        this.store = store;
        this.claims = claims;
        this.gate = gate;
        this.arrears = arrears;
        this.memory = values.answers();
        this.json = new StrictJson(limits.nestingDepth(), limits.argumentKeys());
    }

    /** Asks, or finds what the same call asked before. */
    Uni<Standing> ask(Inquiry inquiry) {
        return recalled(inquiry.job()).chain(known -> known == null
                ? begin(inquiry)
                : finished(inquiry.job(), same(inquiry, known)));
    }

    private Uni<Standing> begin(Inquiry inquiry) {
        if (arrears.tooMuch()) throw new Problem(ProblemType.ARCHIVE_BEHIND,
                "Nobody is asked until the archive has caught up.").retryAfter(SOON).refused();
        NewJob wanted = new NewJob(inquiry.job(), inquiry.details(), NewJob.IfActive.REJECT, OptionalLong.of(0));
        return store.create(wanted).chain(outcome -> switch (outcome) {
            case Transition.Won won -> put(inquiry, won.job());
            case Transition.GenerationMismatch there -> goOn(inquiry);
            case Transition.Lost lost -> throw Refusals.of(lost).refused();
        });
    }

    /** The same call came before, and may have broken off anywhere. */
    private Uni<Standing> goOn(Inquiry inquiry) {
        return store.find(inquiry.job()).chain(seen -> {
            if (seen == null) return look(inquiry.job(), Duration.ZERO);
            Marker there = Marker.of(json, seen.job()).orElseThrow(() -> reused().refused());
            if (!there.equals(inquiry.marker())) throw reused().refused();
            return seen.job().phase() instanceof Phase.Running running && running.continuation() == null
                    ? put(inquiry, seen.job())
                    : look(inquiry.job(), Duration.ZERO);
        });
    }

    private static Outcome same(Inquiry inquiry, Outcome known) {
        if (!known.digest().equals(inquiry.marker().digest()) || !known.tool().equals(inquiry.marker().tool()))
            throw reused().refused();
        return known;
    }

    static Problem reused() {
        return new Problem(ProblemType.IDEMPOTENCY_KEY_REUSED, "The id came with another call before.");
    }

    private Uni<Standing> put(Inquiry inquiry, Job job) {
        return switch (inquiry.prompt()) {
            case RequestedPrompt.Approval approval -> gate(inquiry, approval, job);
            case RequestedPrompt.Ask ask -> store.pause(job.key(), job.fence(), new NewPause(inquiry.action(),
                    inquiry.payload(), inquiry.deadline(), inquiry.references(), null, null), null)
                    .chain(outcome -> switch (outcome) {
                        case Transition.Won won -> pending(inquiry.marker());
                        case Transition.Lost lost -> lost(job, lost);
                    });
            case RequestedPrompt.Unknown unknown -> throw new IllegalStateException("no tool asks for this");
        };
    }

    private Uni<Standing> gate(Inquiry inquiry, RequestedPrompt.Approval approval, Job job) {
        Gate.IfAsked ifAsked =
                new Gate.IfAsked(inquiry.action(), inquiry.deadline(), inquiry.references(), null);
        return gate.pass(job.key(), job.fence(), approval, ifAsked).chain(gated -> switch (gated) {
            case Gated.Answered answered when answered.waiting() != null -> pending(inquiry.marker());
            case Gated.Answered answered -> judged(inquiry, job, answered.denied().isEmpty()
                    ? Outcome.allowed(inquiry.marker())
                    : Outcome.denied(inquiry.marker(), answered.denied().getFirst().reason()));
            case Gated.Unfit unfit -> throw new Problem(ProblemType.INVALID_INTERRUPT, unfit.why() + ".").refused();
            case Gated.Lost lost -> lost(job, lost.why());
        });
    }

    /** Nobody comes back for what has no name of its own, and a policy answers as many calls as an agent makes. */
    private Uni<Standing> judged(Inquiry inquiry, Job job, Outcome outcome) {
        Uni<Void> remembering = inquiry.named() ? remember(job.key(), outcome) : Uni.createFrom().voidItem();
        return settle(job, outcome, remembering);
    }

    /** A twin of this call may have been faster. */
    private Uni<Standing> lost(Job job, Transition.Lost why) {
        return switch (why) {
            case Transition.NotRunning ended -> look(job.key(), Duration.ZERO);
            case Transition.AlreadyPaused paused -> look(job.key(), Duration.ZERO);
            case Transition.ActionIdReused decided -> look(job.key(), Duration.ZERO);
            case Transition.NotClaimed decided -> look(job.key(), Duration.ZERO);
            case Transition.ExecutionReplaced decided -> look(job.key(), Duration.ZERO);
            case Transition.DeadlinePassed passed -> store.fail(job.key(), job.fence(), UNASKED)
                    .map(failed -> {
                        throw Refusals.of(passed).refused();
                    });
            default -> throw Refusals.of(why).refused();
        };
    }

    /** Where an inquiry stands, after waiting at most so long for it to be settled. */
    Uni<Standing> look(JobKey job, Duration wait) {
        return recalled(job).chain(known -> known == null
                ? store.find(job).chain(seen -> seen == null
                        ? Uni.createFrom().item(new Standing.Unknown())
                        : look(seen.job(), wait))
                : finished(job, known));
    }

    /** Whoever remembered the outcome may have died before he ended the job. */
    private Uni<Standing> finished(JobKey job, Outcome known) {
        return store.find(job).onItem().ifNotNull().call(seen -> finish(seen.job(), known))
                .onFailure().invoke(failure -> LOG.debugf("not completed: jobId=%s: %s", job.id(),
                        failure.getMessage()))
                .onFailure().recoverWithNull().replaceWith(new Standing.Settled(known));
    }

    private Uni<?> finish(Job job, Outcome known) {
        if (!(job.phase() instanceof Phase.Running running)
                || Marker.of(json, job).filter(marker -> known.answers(marker.digest())).isEmpty())
            return Uni.createFrom().voidItem();
        if (running.continuation() == null) return store.complete(job.key(), job.fence(), known.end());
        return claims.claim(job.key(), Inquiry.action(job.key()), WORKER, Duration.ZERO)
                .chain(outcome -> outcome instanceof Transition.Won won
                        ? store.complete(job.key(), won.job().fence(), known.end())
                        : Uni.createFrom().item(outcome));
    }

    private Uni<Standing> look(Job job, Duration wait) {
        Marker marker = Marker.of(json, job).orElse(null);
        if (marker == null) return Uni.createFrom().item(new Standing.Unknown());
        return switch (job.phase()) {
            case Phase.Waiting waiting -> claim(job.key(), marker, wait);
            case Phase.Running running when running.continuation() != null -> claim(job.key(), marker, wait);
            // The call that made it broke off before anybody was asked; sent again, it goes on.
            case Phase.Running running -> Uni.createFrom().item(new Standing.Pending(marker.tool(), false));
            case Phase.Ended ended -> ended(job, marker, ended);
        };
    }

    private Uni<Standing> claim(JobKey job, Marker marker, Duration wait) {
        return claims.claim(job, Inquiry.action(job), WORKER, wait).chain(outcome -> switch (outcome) {
            case Transition.Won won -> claimed(won.job());
            case Transition.StillUndecided undecided -> pending(marker);
            case Transition.AlreadyClaimed other when other.holder() != null -> throw Refusals.of(other).refused();
            case Transition.AlreadyClaimed settled -> over(job);
            case Transition.ActionClosed closed -> over(job);
            case Transition.NoSuchJob gone -> over(job);
            case Transition.Lost lost -> throw Refusals.of(lost).refused();
        });
    }

    /** Meanwhile the id may have become another's: what counts is what this job tells of itself. */
    private Uni<Standing> claimed(Job job) {
        return Marker.of(json, job)
                .map(marker -> outcome(marker, job.continuation().orElseThrow().resolution()))
                .map(outcome -> settle(job, outcome, remember(job.key(), outcome)))
                .orElseGet(() -> Uni.createFrom().item(new Standing.Unknown()));
    }

    private static Uni<Standing> pending(Marker marker) {
        return Uni.createFrom().item(new Standing.Pending(marker.tool(), true));
    }

    /** Somebody ended the job meanwhile; whoever settled it remembered the outcome first. */
    private Uni<Standing> over(JobKey job) {
        return recalled(job).chain(known -> known != null
                ? Uni.createFrom().item(new Standing.Settled(known))
                : store.find(job).chain(seen -> seen != null && seen.job().phase() instanceof Phase.Ended ended
                        ? Marker.of(json, seen.job()).map(marker -> ended(seen.job(), marker, ended))
                                .orElseGet(() -> Uni.createFrom().item(new Standing.Unknown()))
                        : Uni.createFrom().item(new Standing.Unknown())));
    }

    private Uni<Standing> ended(Job job, Marker marker, Phase.Ended ended) {
        Outcome closed = Outcome.closed(marker, ended.how());
        return switch (ended.how()) {
            // A decision counts, also when whoever was to go on with it was lost.
            case Ending.Failed failed -> made(job).chain(made -> kept(job.key(),
                    made == null ? closed : outcome(marker, made)));
            // Without a decision it was a policy that answered, and this isn't what it said.
            case Ending.Completed completed -> made(job).chain(made -> made == null
                    ? Uni.createFrom().item(new Standing.Settled(closed))
                    : kept(job.key(), outcome(marker, made)));
            case Ending.Expired expired -> kept(job.key(), closed);
            // Also what was approved before: whoever took it back must be able to rely on it.
            case Ending.Aborted aborted -> kept(job.key(), closed);
            case Ending.Replaced replaced -> kept(job.key(), closed);
        };
    }

    private Uni<@Nullable Resolution> made(Job job) {
        return store.resolution(job.key(), Inquiry.action(job.key()))
                .map(made -> made == null || made.generation() != job.generation() ? null : made);
    }

    private Uni<Standing> kept(JobKey job, Outcome outcome) {
        return remember(job, outcome).replaceWith(new Standing.Settled(outcome));
    }

    private static Outcome outcome(Marker marker, Resolution made) {
        return Inquiry.digest(made.action().payload()).equals(marker.digest())
                ? Outcome.of(marker, made)
                : Outcome.ofAnother(marker);
    }

    /** Goes on when whoever waits hangs up: what is claimed is to be completed. */
    private Uni<Standing> settle(Job job, Outcome outcome, Uni<Void> remembering) {
        Uni<Standing> settling = remembering
                .chain(() -> store.complete(job.key(), job.fence(), outcome.end()))
                // The outcome stands. Should the job not have ended, its lease lapses, and it is settled once more.
                .onFailure().invoke(failure -> LOG.debugf("not completed: jobId=%s: %s", job.key().id(),
                        failure.getMessage()))
                .onFailure().recoverWithNull().replaceWith(new Standing.Settled(outcome));
        return Uni.createFrom().emitter(waiting -> settling.subscribe().with(waiting::complete, waiting::fail));
    }

    /** Where there is no room, the job itself tells how it was decided for as long as it is kept. */
    private Uni<Void> remember(JobKey job, Outcome outcome) {
        return memory.putIfAbsent(key(job), outcome.written().text(), REMEMBERED).replaceWithVoid();
    }

    private Uni<@Nullable Outcome> recalled(JobKey job) {
        return memory.get(key(job)).map(text -> text == null ? null
                : json.read(text.getBytes(StandardCharsets.UTF_8), Outcome.class));
    }

    static String key(JobKey job) {
        return "mcp:" + Sha256.of(tenant(job.space()) + "\n" + job.id().value());
    }

    private static String tenant(Space space) {
        TenantId tenant = space.tenant();
        return tenant == null ? "" : tenant.value();
    }
}

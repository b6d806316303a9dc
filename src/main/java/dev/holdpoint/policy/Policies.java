package dev.holdpoint.policy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Debt.Note;
import dev.holdpoint.job.Decision;
import dev.holdpoint.job.Decision.Scope;
import dev.holdpoint.job.Ids;
import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.StoreTrouble;
import dev.holdpoint.job.Submission;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.job.Text;
import dev.holdpoint.job.Transition;
import dev.holdpoint.job.UserId;
import dev.holdpoint.policy.Remembered.Why;
import dev.holdpoint.policy.RuleStore.Giving;
import dev.holdpoint.policy.RuleStore.Standing;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Judges tool calls by what a space's policy and grants say now, and changes both. */
public final class Policies {
    private static final Logger LOG = Logger.getLogger(Policies.class);
    /** Judges kept ready; beyond that the one that was not asked for longest is made again when it is. */
    private static final int MOST_KEPT = 1_000;
    /** Less work than this takes less than handing it to another thread is worth. */
    private static final long MOST_AT_ONCE = 20_000;

    private final RuleStore store;
    private final Ids ids;
    private final InstantSource clock;
    private final Settings settings;
    private final Map<Space, Ready> ready = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * @param initial    the policy of every space that never changed its own
     * @param sessionTtl how long an approval is remembered in its conversation; null for as long as it isn't revoked
     * @param alwaysTtl  how long in all of a user's
     */
    public record Settings(Policy initial, @Nullable Duration sessionTtl, @Nullable Duration alwaysTtl) {}

    private record Ready(long version, @Nullable Json document, Policy policy, Judge judge) {}

    public Policies(RuleStore store, Ids ids, InstantSource clock, Settings settings) {
        this.store = store;
        this.ids = ids;
        this.clock = clock;
        this.settings = settings;
    }

    public Uni<InForce> inForce(Space space) {
        return store.standing(space).map(standing -> {
            Ready one = ready(space, standing);
            return new InForce(one.policy(), one.judge(), one.version(), standing.revision());
        });
    }

    /**
     * Before what was refused is judged again: a revision that was lost in a failover would be found too old for ever.
     */
    public Uni<Void> catchUp(Space space, Transition.RulesChanged changed) {
        return store.catchUp(space, changed.inForce());
    }

    private Ready ready(Space space, Standing standing) {
        synchronized (ready) {
            Ready known = ready.get(space);
            // A version that was lost in a failover may be given again, to another policy.
            if (known != null && known.version() == standing.version()
                    && Objects.equals(known.document(), standing.policy()))
                return known;
        }
        Policy policy = standing.policy() == null ? settings.initial() : read(standing.policy());
        Ready made = new Ready(standing.version(), standing.policy(), policy, new Judge(policy, standing.version()));
        synchronized (ready) {
            ready.put(space, made);
            if (ready.size() > MOST_KEPT) ready.remove(ready.keySet().iterator().next());
        }
        return made;
    }

    /** What can't be read judges nothing: nobody is let through. */
    private static Policy read(Json stored) {
        try {
            return PolicyDocument.read(stored);
        } catch (InvalidPolicy unreadable) {
            throw new StoreTrouble(StoreTrouble.Kind.UNAVAILABLE, "the stored policy can't be read", unreadable);
        }
    }

    /** Judges each call, in the order given. Grants are looked up only where one could make a difference. */
    public Uni<List<Ruling>> judge(InForce rules, Space space, UserId user, @Nullable ConversationId conversation,
            List<ToolCall> calls) {
        return judged(rules, calls, Map.of()).chain(without -> without.stream().allMatch(Policies::isSettled)
                ? Uni.createFrom().item(without)
                : store.grants(space, user).chain(grants -> grants.isEmpty()
                        ? Uni.createFrom().item(without)
                        : judged(rules, calls, byTool(grants, conversation))));
    }

    private static boolean isSettled(Ruling ruling) {
        return ruling.verdict() == Ruling.Verdict.ALLOW
                || ruling.ground() instanceof Ground.Listed listed && listed.list() == Ground.ListName.DENY;
    }

    /** Much work is done aside, where it keeps nobody else waiting. */
    private static Uni<List<Ruling>> judged(InForce rules, List<ToolCall> calls, Map<String, GrantId> grants) {
        Uni<List<Ruling>> judged = Uni.createFrom()
                .item(() -> calls.stream().map(call -> rules.judge().judge(call, grants)).toList());
        return work(rules.policy(), calls) > MOST_AT_ONCE
                ? judged.runSubscriptionOn(Infrastructure.getDefaultExecutor())
                : judged;
    }

    /** About how much there is to look at: rules for each spelling, and what conditions may have to read. */
    private static long work(Policy policy, List<ToolCall> calls) {
        long rules = Stream.of(policy.allow(), policy.deny(), policy.ask()).flatMap(List::stream)
                .mapToLong(Rule::length).sum();
        return calls.stream().mapToLong(call -> rules * (1L + call.aliases().size()) + call.arguments().text().length())
                .sum();
    }

    private static Map<String, GrantId> byTool(List<Grant> grants, @Nullable ConversationId conversation) {
        Map<String, GrantId> byTool = new HashMap<>();
        grants.stream()
                .filter(grant -> conversation == null ? grant.scope() == Scope.ALWAYS : grant.holdsIn(conversation))
                .forEach(grant -> byTool.put(grant.tool(), grant.id()));
        return byTool;
    }

    /** Puts the policy in the place of the version that was looked at. */
    public Uni<RuleStore.Change> change(Space space, InForce before, Policy next, String by) {
        Note note = new Note(ids.next(), Notes.POLICY, space, clock.instant(), Notes.changed(before, next, by), null);
        return store.change(space, before.version(), PolicyDocument.write(next), note).invoke(change -> {
            if (change instanceof RuleStore.Change.Changed changed)
                LOG.infof("policy changed: tenant=%s version=%d subject=%s", tenant(space), changed.version(),
                        Text.encoded(by));
        });
    }

    public Uni<Boolean> revoke(Grant grant, String by) {
        return store.revoke(grant, new Note(ids.next(), Notes.GRANT, grant.space(), clock.instant(),
                Notes.revoked(grant, by), null)).invoke(revoked -> {
                    if (revoked) LOG.infof("grant revoked: %s by=%s", named(grant), Text.encoded(by));
                });
    }

    private static String named(Grant grant) {
        return "tenant=%s grantId=%s userId=%s scope=%s".formatted(tenant(grant.space()),
                Text.encoded(grant.id().value()),
                Text.encoded(grant.user().value()), grant.scope().word());
    }

    private static String tenant(Space space) {
        TenantId tenant = space.tenant();
        return tenant == null ? "-" : Text.encoded(tenant.value());
    }

    /** Counts what grants let through; a count that can't be kept is no reason to fail. */
    public Uni<Void> used(Space space, UserId user, List<Ruling> rulings) {
        Map<GrantId, Integer> calls = new HashMap<>();
        rulings.forEach(ruling -> {
            if (ruling.ground() instanceof Ground.ByGrant by) calls.merge(by.grant(), 1, Integer::sum);
        });
        if (calls.isEmpty()) return Uni.createFrom().voidItem();
        return store.used(space, user, calls).onFailure()
                .invoke(failure -> LOG.warnf("uses of grants not counted: %s", failure.getMessage()))
                .onFailure().recoverWithNull();
    }

    // --- remembering

    /** Remembers the approvals of a resolution that was just made, for calls of the same tools. */
    public Uni<List<Remembered>> remember(Resolution resolution) {
        return Multi.createFrom().iterable(wanted(resolution))
                .onItem().transformToUniAndConcatenate(this::give)
                .collect().asList();
    }

    /** What is told to somebody who repeats a decision: nothing is given twice. */
    public static List<Remembered> decidedBefore(Resolution resolution) {
        return wanted(resolution).stream()
                .<Remembered>map(one -> new Remembered.OnlyOnce(one.decision().toolCallId(), Why.DECIDED_BEFORE))
                .toList();
    }

    private record Wanted(Resolution resolution, Decision decision, Scope scope, String tool, GrantId id) {}

    private static List<Wanted> wanted(Resolution resolution) {
        if (!(resolution.submission() instanceof Submission.Decisions decisions)
                || !(resolution.action().payload() instanceof Interrupt.ToolApproval approval))
            return List.of();
        List<Wanted> wanted = new ArrayList<>();
        for (Decision decision : decisions.decisions()) {
            if (!(decision.verdict() instanceof Decision.Approve approve) || approve.scope() == Scope.ONCE) continue;
            GrantId id = new GrantId(resolution.id().value() + "." + (wanted.size() + 1));
            approval.requests().stream().filter(request -> request.toolCallId().equals(decision.toolCallId()))
                    .map(request -> new Wanted(resolution, decision, approve.scope(), request.name(), id))
                    .forEach(wanted::add);
        }
        return wanted;
    }

    private static void tell(Giving giving) {
        if (giving instanceof Giving.Given given)
            LOG.infof("grant given: %s by=%s", named(given.grant()), Text.encoded(given.grant().givenBy()));
    }

    private Uni<Remembered> give(Wanted wanted) {
        Resolution resolution = wanted.resolution();
        boolean session = wanted.scope() == Scope.SESSION;
        NewGrant grant = new NewGrant(wanted.id(), resolution.job().space(), resolution.owner(),
                session ? resolution.conversation() : null, wanted.tool(), resolution.id(),
                resolution.decidedBy().subject(), session ? settings.sessionTtl() : settings.alwaysTtl());
        Note note = new Note("grant/" + wanted.id(), Notes.GRANT, grant.space(), resolution.decidedAt(),
                Notes.given(grant), null);
        return store.give(grant, note).invoke(Policies::tell).<Remembered>map(giving -> switch (giving) {
            case Giving.Given given -> new Remembered.Given(wanted.decision().toolCallId(), given.grant());
            case Giving.Full full -> new Remembered.OnlyOnce(wanted.decision().toolCallId(), Why.GRANTS_FULL);
        }).onFailure().invoke(failure -> LOG.warnf("an approval could not be remembered: %s", failure.getMessage()))
                .onFailure()
                .recoverWithItem(() -> new Remembered.OnlyOnce(wanted.decision().toolCallId(), Why.STORE_UNAVAILABLE));
    }
}

package dev.holdpoint.store.memory;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.holdpoint.disk.Disk;
import dev.holdpoint.disk.Scribe;
import dev.holdpoint.job.Debt.Note;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.job.UserId;
import dev.holdpoint.policy.Grant;
import dev.holdpoint.policy.GrantId;
import dev.holdpoint.policy.NewGrant;
import dev.holdpoint.policy.RuleStore;
import dev.holdpoint.text.Texts;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/**
 * Policies and grants of this process. They share the job store's scribe, so that a move and a change
 * of the rules it rests on have an order.
 */
@RegisterForReflection(targets = {RuleStore.Standing.class, Grant.class, Grant[].class, GrantId.class})
final class MemoryRules implements RuleStore {
    /**
     * Beyond this nothing more is remembered, in all spaces together: a grant is a
     * convenience, and must not fill the process.
     */
    private static final int MOST_GRANTS = 200_000;

    private static final String STANDINGS = "standings";
    private static final String GRANTS = "grants";

    private final Scribe scribe;
    private final Disk disk;
    private final InstantSource clock;
    private final OwedEntries owed;
    private final Map<Space, Standing> standings = new HashMap<>();
    private final Map<Space, Map<UserId, List<Grant>>> grants = new HashMap<>();
    private int granted;

    MemoryRules(Scribe scribe, Disk disk, InstantSource clock, OwedEntries owed) {
        this.scribe = scribe;
        this.disk = disk;
        this.clock = clock;
        this.owed = owed;
        disk.read(STANDINGS, (key, text) -> standings.put(space(key), Texts.read(text, Standing.class)));
        disk.read(GRANTS, (key, text) -> {
            List<Grant> held = List.of(Texts.read(text, Grant[].class));
            hold(held.getFirst().space(), held.getFirst().user(), held);
        });
    }

    private static Space space(String key) { return key.isEmpty() ? Space.TENANTLESS : new Space(new TenantId(key)); }

    private static String key(Space space) { return space.tenant() == null ? "" : space.tenant().value(); }

    private void stand(Space space, Standing next) {
        standings.put(space, next);
        scribe.put(STANDINGS, key(space), () -> Texts.write(next));
    }

    /** The revision that moves are measured by. Only under the lock. */
    long inForce(Space space) {
        return at(space).revision();
    }

    private Standing at(Space space) { return standings.getOrDefault(space, new Standing(0, null, 0)); }

    @Override
    public Uni<Standing> standing(Space space) { return locked(now -> at(space)); }

    /** Here moves are measured by the space's own revision. */
    @Override
    public Uni<Void> catchUp(Space space, long revision) { return Uni.createFrom().voidItem(); }

    @Override
    public Uni<Change> change(Space space, long expectedVersion, Json policy, Note note) {
        return locked(now -> {
            Standing old = at(space);
            if (old.version() != expectedVersion) return new Change.Stale(old.version());

            owed.requireRoom();
            stand(space, new Standing(old.version() + 1, policy, old.revision() + 1));
            owed.add(note, now);
            return new Change.Changed(old.version() + 1);
        });
    }

    @Override
    public Uni<List<Grant>> grants(Space space, UserId user) {
        return locked(now -> holding(space, user, now));
    }

    private List<Grant> holding(Space space, UserId user, Instant now) {
        return grants.getOrDefault(space, Map.of()).getOrDefault(user, List.of()).stream()
                .filter(grant -> grant.holds(now))
                .sorted(Comparator.comparing(Grant::givenAt).thenComparing(grant -> grant.id().value())).toList();
    }

    @Override
    public Uni<Page<Grant>> list(Space space, @Nullable UserId user, @Nullable String cursor, int limit) {
        return locked(now -> {
            Stream<UserId> users = user == null
                    ? grants.getOrDefault(space, Map.of()).keySet().stream()
                    : Stream.of(user);
            List<Grant> rest = users.flatMap(one -> holding(space, one, now).stream())
                    .filter(grant -> cursor == null || grant.id().value().compareTo(cursor) > 0)
                    .sorted(Comparator.comparing(grant -> grant.id().value())).limit(limit + 1L).toList();
            List<Grant> items = rest.subList(0, Math.min(limit, rest.size()));
            return new Page<>(items, rest.size() > limit ? items.getLast().id().value() : null, now);
        });
    }

    @Override
    public Uni<@Nullable Grant> find(Space space, GrantId id) {
        return locked(now -> grants.getOrDefault(space, Map.of()).values().stream().flatMap(List::stream)
                .filter(grant -> grant.id().equals(id) && grant.holds(now)).findFirst().orElse(null));
    }

    @Override
    public Uni<Giving> give(NewGrant wanted, Note note) {
        return locked(now -> {
            Grant fresh = new Grant(wanted.id(), wanted.space(), wanted.user(), wanted.conversation(), wanted.tool(),
                    wanted.resolution(), wanted.givenBy(), now, wanted.ttl() == null ? null : now.plus(wanted.ttl()), 0,
                    null);
            List<Grant> held = new ArrayList<>(holding(wanted.space(), wanted.user(), now));
            held.removeIf(fresh::replaces);
            if (granted >= MOST_GRANTS) clearExpired(now);
            if (isFull(held, wanted)) return new Giving.Full();

            owed.requireRoom();
            held.add(fresh);
            put(wanted.space(), wanted.user(), held);
            owed.add(note, now);
            return new Giving.Given(fresh);
        });
    }

    private void clearExpired(Instant now) {
        List<Space> spaces = List.copyOf(grants.keySet());
        spaces.forEach(space -> List.copyOf(grants.getOrDefault(space, Map.of()).keySet())
                .forEach(user -> put(space, user, holding(space, user, now))));
    }

    private boolean isFull(List<Grant> held, NewGrant wanted) {
        long here = held.stream().filter(grant -> grant.conversation() != null
                && grant.conversation().equals(wanted.conversation())).count();
        return held.size() >= MOST_OF_A_USER || here >= MOST_OF_A_CONVERSATION || granted >= MOST_GRANTS;
    }

    private void put(Space space, UserId user, List<Grant> held) {
        // Names hold no control characters, so that none can be taken for two.
        String key = key(space) + "\n" + user.value();
        List<Grant> written = List.copyOf(held);
        if (written.isEmpty()) scribe.remove(GRANTS, key);
        else scribe.put(GRANTS, key, () -> Texts.write(written));
        hold(space, user, held);
    }

    private void hold(Space space, UserId user, List<Grant> held) {
        Map<UserId, List<Grant>> users = grants.computeIfAbsent(space, none -> new TreeMap<>(
                Comparator.comparing(UserId::value)));
        List<Grant> before = held.isEmpty() ? users.remove(user) : users.put(user, List.copyOf(held));
        granted += held.size() - (before == null ? 0 : before.size());
        if (users.isEmpty()) grants.remove(space);
    }

    @Override
    public Uni<Boolean> revoke(Grant grant, Note note) {
        return locked(now -> {
            List<Grant> held = new ArrayList<>(holding(grant.space(), grant.user(), now));
            if (!held.removeIf(one -> one.id().equals(grant.id()))) return false;

            put(grant.space(), grant.user(), held);
            Standing old = at(grant.space());
            stand(grant.space(), new Standing(old.version(), old.policy(), old.revision() + 1));
            owed.add(note, now);
            return true;
        });
    }

    @Override
    public Uni<Void> used(Space space, UserId user, Map<GrantId, Integer> calls) {
        return locked(now -> {
            put(space, user, holding(space, user, now).stream().map(grant -> used(grant, calls, now)).toList());
            return null;
        });
    }

    private static Grant used(Grant grant, Map<GrantId, Integer> calls, Instant now) {
        Integer more = calls.get(grant.id());
        return more == null ? grant
                : new Grant(grant.id(), grant.space(), grant.user(), grant.conversation(), grant.tool(),
                        grant.resolution(), grant.givenBy(), grant.givenAt(), grant.expiresAt(), grant.uses() + more,
                        now);
    }

    private <T extends @Nullable Object> Uni<T> locked(Function<Instant, T> command) {
        return disk.answer(() -> scribe.alone(() -> command.apply(clock.instant().truncatedTo(ChronoUnit.MILLIS))));
    }
}

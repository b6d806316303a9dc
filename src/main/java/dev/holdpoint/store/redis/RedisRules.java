package dev.holdpoint.store.redis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Debt.Note;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.ResolutionId;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.StoreTrouble;
import dev.holdpoint.job.UserId;
import dev.holdpoint.policy.Grant;
import dev.holdpoint.policy.GrantId;
import dev.holdpoint.policy.NewGrant;
import dev.holdpoint.policy.RuleStore;
import dev.holdpoint.store.redis.Keys.Placed;
import dev.holdpoint.store.redis.wire.Commands;
import dev.holdpoint.store.redis.wire.Commands.Kindness;
import dev.holdpoint.store.redis.wire.Script;
import dev.holdpoint.text.Texts;
import dev.holdpoint.text.Unreadable;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Policies and grants in Redis. A policy lives in one slot and jobs in many, so what must be compared in the step of a
 * move, the revision of the rules, is written to every bucket before a change is acknowledged.
 */
final class RedisRules implements RuleStore {
    private static final Logger LOG = Logger.getLogger(RedisRules.class);
    /** {@code <givenAt> <expiresAt or 0> <id>}, and on the next line the rest. */
    private static final Pattern GRANT = Pattern.compile("(\\d{1,15}) (\\d{1,15}) ([^\\n]*)\\n(.*)", Pattern.DOTALL);

    private final Commands commands;
    private final Keys keys;
    private final RedisSettings settings;
    private final RedisOutbox outbox;

    RedisRules(Commands commands, Keys keys, RedisSettings settings, RedisOutbox outbox) {
        this.commands = commands;
        this.keys = keys;
        this.settings = settings;
        this.outbox = outbox;
    }

    /** What a grant keeps beside what scripts look at. */
    record Rest(String resolution, String givenBy) {}

    // --- the policy

    @Override
    public Uni<Standing> standing(Space space) {
        Placed policy = keys.policy(space);
        return commands.send(policy.bucket(), Kindness.READS, Command.HMGET, policy.key(), "version", "policy",
                "revision").map(RedisRules::standing);
    }

    private static Standing standing(@Nullable Response fields) {
        if (fields == null) return new Standing(0, null, 0);
        Response policy = fields.get(1);
        return new Standing(number(fields.get(0)), policy == null ? null : new Json(policy.toString()),
                number(fields.get(2)));
    }

    private static long number(@Nullable Response number) {
        return number == null ? 0 : StoredJob.count(number.toString());
    }

    @Override
    public Uni<Void> catchUp(Space space, long revision) {
        Placed policy = keys.policy(space);
        return commands.run(Script.RAISE, policy.bucket(), Kindness.REPEATABLE, List.of(policy.key()),
                List.of("revision", Long.toString(revision))).replaceWithVoid();
    }

    @Override
    public Uni<Change> change(Space space, long expectedVersion, Json policy, Note note) {
        Placed place = keys.policy(space);
        List<String> arguments = new ArrayList<>(List.of(Long.toString(expectedVersion), policy.text()));
        arguments.addAll(StoredDebt.fields(note).values());
        return commands.run(Script.CHANGE, place.bucket(), Kindness.ONCE,
                List.of(place.key(), keys.outbox(place.bucket())), arguments).chain(answer -> {
                    long version = number(answer.get(1));
                    if (answer.get(0).toString().equals("stale"))
                        return Uni.createFrom().item(new Change.Stale(version));
                    outbox.notice(place.bucket());
                    return raise(space, answer.get(2).toString()).replaceWith(new Change.Changed(version));
                });
    }

    /** From here on no move in any bucket rests on older rules. */
    private Uni<Void> raise(Space space, String revision) {
        return Uni.join().all(IntStream.range(0, keys.buckets())
                .mapToObj(bucket -> commands.run(Script.RAISE, bucket, Kindness.REPEATABLE,
                        List.of(keys.rules(bucket)), List.of(Keys.tenant(space), revision)))
                .toList()).andFailFast().replaceWithVoid()
                // The change itself is made by now.
                .onFailure(StoreTrouble.class)
                .transform(trouble -> new StoreTrouble(StoreTrouble.Kind.OUTCOME_UNKNOWN,
                        "the rules were changed, but not every bucket knows it yet", trouble));
    }

    // --- grants

    @Override
    public Uni<List<Grant>> grants(Space space, UserId user) { return look(space, user).map(Held::holding); }

    /** @param stored oldest first, with those that expired and were not cleared away yet */
    private record Held(Instant at, List<Grant> stored) {
        List<Grant> holding() { return stored.stream().filter(grant -> grant.holds(at)).toList(); }
    }

    private Uni<Held> look(Space space, UserId user) {
        Placed place = keys.grants(space, user);
        return commands.run(Script.GRANTS, place.bucket(), Kindness.READS,
                List.of(place.key(), keys.uses(space, user)), List.of(settings.now())).map(answer -> {
                    Instant now = Answers.instant(answer.get(1));
                    Map<String, String> uses = StoredJob.fields(answer.get(3), 0);
                    List<Grant> grants = new ArrayList<>();
                    StoredJob.fields(answer.get(2), 0).forEach((field, value) -> {
                        Grant grant = grant(space, user, field, value, uses);
                        if (grant != null) grants.add(grant);
                    });
                    grants.sort(Comparator.comparing(Grant::givenAt).thenComparing(one -> one.id().value()));
                    return new Held(now, grants);
                });
    }

    /** Null for what no script wrote: nothing is allowed by it. */
    private static @Nullable Grant grant(Space space, UserId user, String field, String value,
            Map<String, String> uses) {
        try {
            Matcher parts = GRANT.matcher(value);
            int line = field.indexOf('\n');
            if (line < 0 || !parts.matches()) return null;
            Rest rest = Texts.read(parts.group(4), Rest.class);
            String conversation = field.substring(0, line);
            String id = parts.group(3);
            long expires = Long.parseLong(parts.group(2));
            return new Grant(new GrantId(id), space, user, conversation.isEmpty() ? null
                    : new ConversationId(conversation), field.substring(line + 1),
                    new ResolutionId(rest.resolution()), rest.givenBy(), instant(parts.group(1)),
                    expires == 0 ? null : Instant.ofEpochMilli(expires), StoredJob.number(uses, id, 0),
                    StoredJson.instant(uses.get(id + " at")));
        } catch (Unreadable | IllegalArgumentException strange) {
            LOG.debugf(strange, "a grant can't be read");
            return null;
        }
    }

    private static Instant instant(String millis) { return Instant.ofEpochMilli(Long.parseLong(millis)); }

    @Override
    public Uni<Page<Grant>> list(Space space, @Nullable UserId user, @Nullable String cursor, int limit) {
        if (user != null) return look(space, user).map(held -> page(held.holding(), cursor, limit, held.at()));
        return listAll(space, cursor == null ? "-" : "(" + cursor + "!", limit, List.of());
    }

    private static Page<Grant> page(List<Grant> all, @Nullable String cursor, int limit, Instant now) {
        List<Grant> rest = all.stream().filter(one -> cursor == null || one.id().value().compareTo(cursor) > 0)
                .sorted(Comparator.comparing(one -> one.id().value())).limit(limit + 1L).toList();
        List<Grant> items = rest.subList(0, Math.min(limit, rest.size()));
        return new Page<>(items, rest.size() > limit ? items.getLast().id().value() : null, now);
    }

    /** Goes on behind what turned out to be gone until the page is full or the index ends. */
    private Uni<Page<Grant>> listAll(Space space, String from, int limit, List<Grant> before) {
        Placed index = keys.granted(space);
        return commands.send(index.bucket(), Kindness.READS, Command.ZRANGE, index.key(), from, "+", "BYLEX", "LIMIT",
                "0", Integer.toString(limit + 1)).chain(answer -> {
                    List<String> members = answer == null ? List.of()
                            : answer.stream().map(Response::toString).toList();
                    return resolve(space, members).chain(found -> {
                        List<Grant> all = Stream.concat(before.stream(), found.stream()).toList();
                        boolean more = members.size() > limit;
                        if (all.size() <= limit && more)
                            return listAll(space, "(" + members.getLast(), limit, all);
                        List<Grant> items = all.subList(0, Math.min(limit, all.size()));
                        boolean cut = all.size() > limit;
                        return Uni.createFrom().item(new Page<>(items,
                                cut ? items.getLast().id().value() : null, Instant.EPOCH));
                    });
                });
    }

    /** The grants that these members of the index name and that hold; members whose grant is gone are taken out. */
    private Uni<List<Grant>> resolve(Space space, List<String> members) {
        if (members.isEmpty()) return Uni.createFrom().item(List.of());
        List<UserId> users = members.stream().map(RedisRules::user).distinct().toList();
        return Uni.join().all(users.stream().map(user -> look(space, user)).toList()).andFailFast().chain(held -> {
            Set<String> stored = held.stream().flatMap(one -> one.stored().stream()).map(RedisRules::member)
                    .collect(Collectors.toSet());
            Map<String, Grant> holding = new HashMap<>();
            held.forEach(one -> one.holding().forEach(grant -> holding.put(member(grant), grant)));
            List<String> gone = members.stream().filter(member -> !stored.contains(member)).toList();
            List<Grant> found = members.stream().filter(holding::containsKey).map(holding::get).toList();
            return forget(space, gone).replaceWith(found);
        });
    }

    private Uni<Void> forget(Space space, List<String> members) {
        if (members.isEmpty()) return Uni.createFrom().voidItem();
        Placed index = keys.granted(space);
        return commands.send(index.bucket(), Kindness.REPEATABLE, Command.ZREM,
                Stream.concat(Stream.of(index.key()), members.stream()).toArray(String[]::new))
                .onFailure().recoverWithNull().replaceWithVoid();
    }

    private static String member(Grant grant) { return member(grant.id().value(), grant.user()); }

    private static String member(String id, UserId user) { return id + " " + user.value(); }

    private static UserId user(String member) { return new UserId(member.substring(member.indexOf(' ') + 1)); }

    @Override
    public Uni<@Nullable Grant> find(Space space, GrantId id) {
        Placed index = keys.granted(space);
        return commands.send(index.bucket(), Kindness.READS, Command.ZRANGE, index.key(), "[" + id.value() + " ",
                "(" + id.value() + "!", "BYLEX", "LIMIT", "0", "1")
                .chain(answer -> resolve(space, answer == null ? List.of()
                        : answer.stream().map(Response::toString).toList()))
                // Ids and names may hold spaces, so a member may begin like that and still be another's.
                .map(found -> found.stream().filter(grant -> grant.id().equals(id)).findFirst().orElse(null));
    }

    @Override
    public Uni<Giving> give(NewGrant wanted, Note note) {
        Placed place = keys.grants(wanted.space(), wanted.user());
        List<String> arguments = new ArrayList<>(List.of(settings.now(),
                wanted.conversation() == null ? "" : wanted.conversation().value(), wanted.tool(), wanted.id().value(),
                wanted.ttl() == null ? "" : StoredJson.millis(wanted.ttl()),
                Texts.write(new Rest(wanted.resolution().value(), wanted.givenBy())),
                Integer.toString(MOST_OF_A_USER), Integer.toString(MOST_OF_A_CONVERSATION)));
        arguments.addAll(StoredDebt.fields(note).values());
        // Before, so that no grant holds that nobody can find.
        return index(wanted, List.of(wanted.id().value())).chain(() -> commands.run(Script.GIVE, place.bucket(),
                Kindness.REPEATABLE,
                List.of(place.key(), keys.uses(wanted.space(), wanted.user()), keys.outbox(place.bucket())), arguments))
                .chain(answer -> {
                    if (answer.get(0).toString().equals("full"))
                        return forget(wanted, List.of(wanted.id().value())).replaceWith(new Giving.Full());
                    outbox.notice(place.bucket());
                    // And behind, because a reader in between takes a member for gone whose grant isn't there yet.
                    return forget(wanted, texts(answer.get(4))).chain(() -> index(wanted, texts(answer.get(3))))
                            .onFailure().invoke(failure -> LOG.debugf(failure, "a grant is indexed once, not twice"))
                            .onFailure().recoverWithNull().replaceWith(new Giving.Given(given(wanted, answer)));
                });
    }

    private static List<String> texts(Response answer) { return answer.stream().map(Response::toString).toList(); }

    private Uni<Void> forget(NewGrant wanted, List<String> ids) {
        return forget(wanted.space(), ids.stream().map(id -> member(id, wanted.user())).toList());
    }

    private Uni<?> index(NewGrant wanted, List<String> ids) {
        Placed index = keys.granted(wanted.space());
        List<String> members = new ArrayList<>(List.of(index.key()));
        ids.forEach(id -> {
            members.add("0");
            members.add(member(id, wanted.user()));
        });
        return commands.send(index.bucket(), Kindness.REPEATABLE, Command.ZADD, members.toArray(String[]::new));
    }

    private static Grant given(NewGrant wanted, Response answer) {
        String expires = answer.get(2).toString();
        return new Grant(wanted.id(), wanted.space(), wanted.user(), wanted.conversation(), wanted.tool(),
                wanted.resolution(), wanted.givenBy(), Answers.instant(answer.get(1)),
                expires.equals("0") ? null : instant(expires), 0, null);
    }

    @Override
    public Uni<Boolean> revoke(Grant grant, Note note) {
        Placed place = keys.grants(grant.space(), grant.user());
        List<String> arguments = new ArrayList<>(List.of(
                grant.conversation() == null ? "" : grant.conversation().value(), grant.tool(), grant.id().value()));
        arguments.addAll(StoredDebt.fields(note).values());
        return commands.run(Script.REVOKE, place.bucket(), Kindness.ONCE,
                List.of(place.key(), keys.uses(grant.space(), grant.user()), keys.outbox(place.bucket())), arguments)
                // Also when it was gone already: whoever took it away may have died before this.
                .call(() -> raiseByOne(grant.space())).call(() -> forget(grant.space(), List.of(member(grant))))
                .invoke(() -> outbox.notice(place.bucket()))
                .map(answer -> answer.get(0).toString().equals("revoked"));
    }

    private Uni<Void> raiseByOne(Space space) {
        Placed place = keys.policy(space);
        return commands.run(Script.BUMP, place.bucket(), Kindness.REPEATABLE, List.of(place.key()), List.of("revision"))
                .chain(answer -> raise(space, answer.get(1).toString()));
    }

    @Override
    public Uni<Void> used(Space space, UserId user, Map<GrantId, Integer> calls) {
        if (calls.isEmpty()) return Uni.createFrom().voidItem();
        List<String> arguments = new ArrayList<>(List.of(settings.now()));
        calls.forEach((id, count) -> {
            arguments.add(id.value());
            arguments.add(count.toString());
        });
        Placed place = keys.grants(space, user);
        return commands.run(Script.USE, place.bucket(), Kindness.FLEETING,
                List.of(place.key(), keys.uses(space, user)), arguments).replaceWithVoid();
    }
}

package dev.holdpoint.store.redis;

import static dev.holdpoint.store.Bench.got;
import static dev.holdpoint.store.Bench.user;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

import dev.holdpoint.job.Debt.Note;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.ResolutionId;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.Timing;
import dev.holdpoint.policy.GrantId;
import dev.holdpoint.policy.NewGrant;
import dev.holdpoint.policy.RuleStore;
import dev.holdpoint.policy.RuleStore.Giving;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.Bench.Ports;
import dev.holdpoint.store.RuleStoreContract;
import dev.holdpoint.store.redis.RedisBench.Shared;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The Redis store keeps what every store promises of rules. */
class RedisRulesTest extends RuleStoreContract {
    @Override
    protected Ports emptyStore(InstantSource clock, Timing timing, Bounds bounds) {
        return RedisBench.emptyStore(clock, timing, bounds);
    }

    @Test
    void revisionThatWasLostInAFailoverIsCaughtUpAndNeverLowered() {
        RuleStore rules = RedisBench.bench().rules;

        got(rules.catchUp(Space.TENANTLESS, 7));
        got(rules.catchUp(Space.TENANTLESS, 3));

        assertThat(got(rules.standing(Space.TENANTLESS)).revision()).isEqualTo(7);
    }

    @Test
    void indexOfGrantsHoldsNoneThatExpiredOrWasReplacedOrRefused() {
        String prefix = RedisBench.prefix();
        Bench bench = new Bench((clock, timing, bounds) -> RedisBench.emptyStore(Shared.WIRE,
                RedisBench.settings(prefix, RedisBench.BUCKETS, clock, timing, bounds, "async")));
        give(bench, "expired", "mail", Duration.ofHours(1));
        bench.advance(Duration.ofHours(1));
        give(bench, "replaced", "shell", null);
        give(bench, "newer", "shell", null);
        give(bench, "newer", "shell", null);
        List<String> kept = new ArrayList<>(List.of("newer ann"));
        for (int number = 1; number < RuleStore.MOST_OF_A_USER; number++) {
            give(bench, "g" + number, "tool " + number, null);
            kept.add("g" + number + " ann");
        }

        assertThat(give(bench, "refused", "one more", null)).isEqualTo(new Giving.Full());

        Object members = Shared.SERVER.command("ZRANGE",
                new Keys(prefix, RedisBench.BUCKETS).granted(Space.TENANTLESS).key(), "0", "-1");
        assertThat((List<?>) members).extracting(Object::toString).containsExactlyInAnyOrderElementsOf(kept);
    }

    private static Giving give(Bench bench, String id, String tool, @Nullable Duration ttl) {
        return got(bench.rules.give(
                new NewGrant(new GrantId(id), Space.TENANTLESS, user("ann"), null, tool, new ResolutionId("res-1"),
                        "rita", ttl),
                new Note("note-1", "policy", Space.TENANTLESS, bench.now(), Json.EMPTY_OBJECT, null)));
    }
}

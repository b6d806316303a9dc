package dev.holdpoint.store.redis;

import static dev.holdpoint.store.Bench.got;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;

import dev.holdpoint.job.Space;
import dev.holdpoint.job.Timing;
import dev.holdpoint.policy.RuleStore;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.Bench.Ports;
import dev.holdpoint.store.RuleStoreContract;
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
}

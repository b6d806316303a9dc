package dev.holdpoint.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;

import dev.holdpoint.policy.Policies;
import dev.holdpoint.policy.Policy;
import dev.holdpoint.policy.PolicyDocument;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The policy of whoever never changed his own, out of the configuration. */
class RulesConfigTest {

    private static Policies.Settings settings(Map<String, String> options) {
        return new SmallRyeConfigBuilder().withMapping(RulesConfig.class)
                .withSources(new PropertiesConfigSource(options, "test", 100)).build()
                .getConfigMapping(RulesConfig.class).settings();
    }

    @Test
    void withoutOptionsEverythingIsAskedAndMayBeRemembered() {
        assertThat(settings(Map.of()))
                .isEqualTo(new Policies.Settings(Policy.BUILT_IN, Duration.ofDays(7), Duration.ofDays(90)));
    }

    @Test
    void optionsMakeThePolicy() {
        Policies.Settings settings = settings(Map.of("holdpoint.policy.mode", "dontAsk", "holdpoint.policy.precedence",
                "strict", "holdpoint.policy.allow", "read_*,a\\,b", "holdpoint.policy.deny", "drop_*",
                "holdpoint.policy.reason", "No {tool}.", "holdpoint.policy.remember", "false",
                "holdpoint.grants.session-ttl", "PT1H"));

        assertThat(PolicyDocument.write(settings.initial()).text()).isEqualTo("{\"enabled\":true,\"mode\":\"dontAsk\","
                + "\"allow\":[\"read_*\",\"a,b\"],\"deny\":[\"drop_*\"],\"ask\":[],\"reason\":\"No {tool}.\","
                + "\"precedence\":\"strict\",\"remember\":false}");
        assertThat(settings.sessionTtl()).isEqualTo(Duration.ofHours(1));
    }

    @ParameterizedTest
    @CsvSource({"policy.mode,plan", "policy.precedence,lax", "grants.session-ttl,PT0S", "grants.always-ttl,-PT1H"})
    void valueThatMeansNothingIsRefusedByName(String option, String value) {
        assertThatThrownBy(() -> settings(Map.of("holdpoint." + option, value)))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("holdpoint." + option);
    }

    @Test
    void policyBeyondItsBoundsIsRefused() {
        assertThatThrownBy(() -> settings(Map.of("holdpoint.policy.deny", "a".repeat(513))))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("holdpoint.policy");
    }
}

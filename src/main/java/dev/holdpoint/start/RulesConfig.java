package dev.holdpoint.start;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.holdpoint.policy.Glob;
import dev.holdpoint.policy.InvalidPolicy;
import dev.holdpoint.policy.Policies;
import dev.holdpoint.policy.Policy;
import dev.holdpoint.policy.Policy.Mode;
import dev.holdpoint.policy.Policy.Precedence;
import dev.holdpoint.policy.Rule;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The policy of every space that never changed its own, and how long approvals are remembered. */
@ConfigMapping(prefix = "holdpoint")
public interface RulesConfig {
    PolicyConfig policy();

    GrantsConfig grants();

    interface PolicyConfig {
        /**
         * The policy of every tenant that never changed its own ([policy.md](policy.md)); {@code false} prompts
         * nobody: what would be asked is denied.
         */
        @WithDefault("true")
        boolean enabled();

        /** Its mode: {@code default}, {@code dontAsk} or {@code bypass}. */
        @WithDefault("default")
        String mode();

        /** Its precedence: {@code classic} or {@code strict}. */
        @WithDefault("classic")
        String precedence();

        /** Globs of tools that may run, with commas between ({@code \,} for a comma in one). */
        Optional<List<String>> allow();

        /** Globs of tools that must not. */
        Optional<List<String>> deny();

        /** Globs of tools that somebody is asked about. */
        Optional<List<String>> ask();

        /** Told with what is asked or denied; {@code {tool}} stands for the tool's name. */
        Optional<String> reason();

        /** {@code false} offers no grants. */
        @WithDefault("true")
        boolean remember();
    }

    interface GrantsConfig {
        /**
         * How long an approval is remembered in its conversation. Those that were given keep the time they were given.
         */
        @WithDefault("P7D")
        Duration sessionTtl();

        /** How long an approval is remembered in all of a user's conversations. */
        @WithDefault("P90D")
        Duration alwaysTtl();
    }

    default Policies.Settings settings() {
        return new Policies.Settings(initial(), positive("session-ttl", grants().sessionTtl()),
                positive("always-ttl", grants().alwaysTtl()));
    }

    private Policy initial() {
        PolicyConfig said = policy();
        try {
            return new Policy(said.enabled(),
                    Mode.parse(said.mode()).orElseThrow(() -> unknown("mode", said.mode())), rules(said.allow()),
                    rules(said.deny()), rules(said.ask()), said.reason().orElse(null),
                    Precedence.parse(said.precedence()).orElseThrow(() -> unknown("precedence", said.precedence())),
                    said.remember());
        } catch (InvalidPolicy invalid) {
            throw new IllegalStateException("holdpoint.policy can't be used: " + invalid.getMessage());
        }
    }

    private static List<Rule> rules(Optional<List<String>> globs) {
        return globs.orElse(List.of()).stream().map(glob -> new Rule(Glob.of(glob), List.of())).toList();
    }

    private static Duration positive(String name, Duration ttl) {
        if (ttl.isPositive()) return ttl;
        throw new IllegalStateException("holdpoint.grants." + name + " must be positive, but is " + ttl + ".");
    }

    private static IllegalStateException unknown(String name, String word) {
        return new IllegalStateException("holdpoint.policy." + name + " can't be " + word + ".");
    }
}

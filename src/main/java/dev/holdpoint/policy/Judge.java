package dev.holdpoint.policy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.job.Json;
import dev.holdpoint.policy.Ground.ByGrant;
import dev.holdpoint.policy.Ground.ByMode;
import dev.holdpoint.policy.Ground.Fallthrough;
import dev.holdpoint.policy.Ground.ListName;
import dev.holdpoint.policy.Ground.Listed;
import dev.holdpoint.policy.Policy.Mode;
import dev.holdpoint.policy.Policy.Precedence;
import dev.holdpoint.policy.Ruling.Verdict;
import org.jspecify.annotations.Nullable;

/** Applies one version of a policy. It never throws, and doubt never loosens. Safe to share between threads. */
public final class Judge {
    private static final List<Step> CLASSIC =
            List.of(Judge::deny, Judge::bypass, Judge::allow, Judge::ask, Judge::dontAsk, Judge::fallThrough);
    private static final List<Step> STRICT =
            List.of(Judge::deny, Judge::ask, Judge::allow, Judge::bypass, Judge::dontAsk, Judge::fallThrough);
    private static final String SWITCHED_OFF = "Approvals are switched off, so what would be asked is denied.";

    private final Policy policy;
    private final long version;
    private final Function<Json, JsonNode> reader;

    /** Decides a call or leaves it to the next step. */
    private interface Step {
        Optional<Outcome> take(Judge judge, Asked asked);
    }

    private record Asked(ToolCall call, CallArguments arguments, Map<String, GrantId> grants) {}

    private record Outcome(Verdict verdict, Ground ground) {}

    public Judge(Policy policy, long version) { this(policy, version, Values::read); }

    Judge(Policy policy, long version, Function<Json, JsonNode> reader) {
        this.policy = policy;
        this.version = version;
        this.reader = reader;
    }

    /** @param grants those in force for the caller, by the exact canonical name */
    public Ruling judge(ToolCall call, Map<String, GrantId> grants) {
        Asked asked = new Asked(call, arguments(call), grants);
        Outcome outcome = (policy.precedence() == Precedence.CLASSIC ? CLASSIC : STRICT).stream()
                .flatMap(step -> step.take(this, asked).stream()).findFirst().orElseThrow();
        return policy.enabled() || outcome.verdict() != Verdict.ASK
                ? ruling(call, outcome, policy.reason())
                : ruling(call, new Outcome(Verdict.DENY, outcome.ground()),
                        policy.reason() == null ? SWITCHED_OFF : policy.reason());
    }

    private Ruling ruling(ToolCall call, Outcome outcome, @Nullable String template) {
        String reason = template == null || outcome.verdict() == Verdict.ALLOW
                ? null
                : template.replace("{tool}", call.name());
        return new Ruling(call, outcome.verdict(), reason, outcome.ground(), version);
    }

    private CallArguments arguments(ToolCall call) { return new CallArguments(call.arguments(), reader); }

    private Optional<Outcome> deny(Asked asked) { return tightened(Verdict.DENY, ListName.DENY, asked); }

    private Optional<Outcome> ask(Asked asked) { return tightened(Verdict.ASK, ListName.ASK, asked); }

    /** A list that missed another spelling would fail open. */
    private Optional<Outcome> tightened(Verdict verdict, ListName list, Asked asked) {
        return listed(list, spellings(asked.call().name(), asked.call().aliases()), asked.arguments(), true)
                .map(ground -> new Outcome(verdict, ground));
    }

    private Optional<Outcome> allow(Asked asked) {
        String name = asked.call().name();
        return listed(ListName.ALLOW, List.of(name), asked.arguments(), false)
                .<Ground>map(listed -> listed)
                .or(() -> Optional.ofNullable(asked.grants().get(name)).map(ByGrant::new))
                .map(ground -> new Outcome(Verdict.ALLOW, ground));
    }

    private Optional<Outcome> bypass(Asked asked) { return byMode(Mode.BYPASS, Verdict.ALLOW); }

    private Optional<Outcome> dontAsk(Asked asked) { return byMode(Mode.DONT_ASK, Verdict.DENY); }

    private Optional<Outcome> byMode(Mode mode, Verdict verdict) {
        return policy.mode() == mode ? Optional.of(new Outcome(verdict, new ByMode(mode))) : Optional.empty();
    }

    private Optional<Outcome> fallThrough(Asked asked) {
        return Optional.of(new Outcome(Verdict.ASK, new Fallthrough()));
    }

    private Optional<Listed> listed(ListName list, List<String> spellings, CallArguments arguments, boolean inDoubt) {
        List<Rule> rules = rules(list);
        for (int index = 0; index < rules.size(); index++) {
            Rule rule = rules.get(index);
            if (names(rule, spellings) && rule.applies(arguments, inDoubt)) {
                return Optional.of(new Listed(list, index, rule));
            }
        }
        return Optional.empty();
    }

    private List<Rule> rules(ListName list) {
        return switch (list) {
            case ALLOW -> policy.allow();
            case DENY -> policy.deny();
            case ASK -> policy.ask();
        };
    }

    private static boolean names(Rule rule, List<String> spellings) {
        return spellings.stream().anyMatch(rule.tool()::matches);
    }

    private static List<String> spellings(String name, List<String> aliases) {
        return Stream.concat(Stream.of(name), aliases.stream()).toList();
    }

    /**
     * Whether an approval of the tool may be remembered. Never where a rule could speak of it with other arguments.
     *
     * @param allowAlways as in the review of the call
     */
    public boolean offersMemory(String name, List<String> aliases, @Nullable Boolean allowAlways) {
        if (!policy.remember() || Boolean.FALSE.equals(allowAlways) || name.contains("*")) return false;
        Stream<Rule> beating = policy.precedence() == Precedence.STRICT
                ? Stream.concat(policy.deny().stream(), policy.ask().stream())
                : policy.deny().stream();
        List<String> spellings = spellings(name, aliases);
        return beating.noneMatch(rule -> names(rule, spellings));
    }
}

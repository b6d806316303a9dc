package dev.holdpoint.policy;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What a tenant lets its agents do.
 *
 * @param enabled  false prompts nobody: what would be asked is denied
 * @param reason   told with what is asked or denied; {@code {tool}} stands for the name of the tool
 * @param remember false offers no grants
 */
public record Policy(boolean enabled, Mode mode, List<Rule> allow, List<Rule> deny, List<Rule> ask,
        @Nullable String reason, Precedence precedence, boolean remember) {
    /** What holds where nobody has said anything: everything is asked. */
    public static final Policy BUILT_IN = new Policy(true, Mode.DEFAULT, List.of(), List.of(), List.of(), null,
            Precedence.CLASSIC, true);

    private static final int MOST_RULES = 1_000;
    private static final int MOST_CONDITIONS = 2_000;
    private static final int MOST_CHARACTERS = 500_000;
    private static final int LONGEST_REASON = 2_000;

    /** What becomes of calls that no list speaks of. */
    public enum Mode {
        DEFAULT("default"), DONT_ASK("dontAsk"), BYPASS("bypass");

        private final String word;

        Mode(String word) { this.word = word; }

        public String word() { return word; }

        public static Optional<Mode> parse(String word) {
            return Stream.of(values()).filter(mode -> mode.word.equals(word)).findFirst();
        }
    }

    /** Whether ask beats allow and bypass ({@code STRICT}) or yields to them ({@code CLASSIC}). */
    public enum Precedence {
        CLASSIC, STRICT;

        public String word() { return name().toLowerCase(Locale.ROOT); }

        public static Optional<Precedence> parse(String word) {
            return Stream.of(values()).filter(precedence -> precedence.word().equals(word)).findFirst();
        }
    }

    public Policy {
        allow = bounded(allow, "/allow");
        deny = bounded(deny, "/deny");
        ask = bounded(ask, "/ask");
        if (reason != null && reason.length() > LONGEST_REASON) {
            throw new InvalidPolicy("Text of more than " + LONGEST_REASON + " characters", "/reason");
        }
        if (Stream.of(allow, deny, ask).flatMap(List::stream).mapToInt(rule -> rule.when().size())
                .sum() > MOST_CONDITIONS) {
            throw new InvalidPolicy("More than " + MOST_CONDITIONS + " conditions in all");
        }
        if (Stream.of(allow, deny, ask).flatMap(List::stream).mapToLong(Rule::length).sum() > MOST_CHARACTERS) {
            throw new InvalidPolicy("Rules of more than " + MOST_CHARACTERS + " characters in all");
        }
    }

    private static List<Rule> bounded(List<Rule> rules, String place) {
        if (rules.size() > MOST_RULES) throw new InvalidPolicy("More than " + MOST_RULES + " rules", place);
        return List.copyOf(rules);
    }
}

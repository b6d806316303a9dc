package dev.holdpoint.mask;

import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.holdpoint.job.Json;
import org.jspecify.annotations.Nullable;

/** Hides what is configured to be hidden. What was masked once stays as it is when it is masked again. */
public final class Masks {
    /** Hides nothing. */
    public static final Masks NONE = new Masks(Rules.NONE);

    /** Honest values settle in the second round; what doesn't settle in these is hidden whole. */
    private static final int MOST_ROUNDS = 8;

    private final Rules rules;
    private final Set<String> marks;

    private Masks(Rules rules) {
        this.rules = rules;
        this.marks = marks(rules.text());
    }

    /** The mask as JSON has it, in ASCII or not: escaped, and once more for each text around it that is JSON itself. */
    private static Set<String> marks(String text) {
        return Stream.of(text, ascii(text, "\\u%04x"), ascii(text, "\\u%04X"))
                .flatMap(form -> Stream.iterate(Rules.escaped(form), Rules::escaped).limit(Pass.MOST_LEVELS + 1L))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static String ascii(String text, String form) {
        return text.chars().mapToObj(one -> one < 0x80 ? String.valueOf((char) one) : form.formatted(one))
                .collect(Collectors.joining());
    }

    /** Throws {@link IllegalStateException}, in one sentence, when the configuration can't be meant. */
    public static Masks of(MaskConfig config) {
        Rules rules = Rules.of(config);
        if (new Pass(rules, false).text(rules.text()) != null) {
            throw new IllegalStateException("holdpoint.mask.text must not look like a secret itself.");
        }
        return new Masks(rules);
    }

    /** Whether nothing is ever hidden. */
    public boolean isEmpty() { return rules.isEmpty(); }

    /** Whether the value holds what stands where something was hidden. */
    public boolean hides(Json value) {
        return !isEmpty() && marks.stream().anyMatch(value.text()::contains);
    }

    /** The value without its secrets, and the same instance when it has none. What isn't JSON is hidden whole. */
    public Json masked(Json value) {
        if (isEmpty()) return value;
        String masked = settled(value.text(), rules.quotedText(), Pass::value);
        return masked.equals(value.text()) ? value : new Json(masked);
    }

    /**
     * The text without its secrets, and the same instance when it has none. Pointers don't
     * reach here, for a text stands nowhere.
     */
    public String masked(String text) {
        return isEmpty() ? text : settled(text, rules.text(), Pass::text);
    }

    /** Hiding one thing may bare the edge of another, so this goes on until there is nothing left to hide. */
    private String settled(String first, String whole, BiFunction<Pass, String, @Nullable String> look) {
        String settled = first;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            String next = once(settled, look);
            if (next == null) return settled;
            settled = next;
        }
        return whole;
    }

    private @Nullable String once(String before, BiFunction<Pass, String, @Nullable String> look) {
        Pass pass = new Pass(rules, false);
        String after = look.apply(pass, before);
        return pass.metAwsKey() ? look.apply(new Pass(rules, true), before) : after;
    }
}

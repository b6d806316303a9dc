package dev.holdpoint.mask;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/**
 * What the configuration says, checked.
 *
 * @param names in their plain form
 * @param text  what stands where something was hidden
 */
record Rules(Pointers pointers, Set<String> names, Set<Detector> detectors, String text, String quotedText) {
    static final Rules NONE = new Rules(Pointers.of(List.of()), Set.of(), Set.of(), "");

    private static final int LONGEST_TEXT = 32;

    private Rules(Pointers pointers, Set<String> names, Set<Detector> detectors, String text) {
        this(pointers, names, detectors, text, quoted(text));
    }

    static Rules of(MaskConfig config) {
        return new Rules(Pointers.of(list(config.pointers())), names(list(config.names())),
                detectors(list(config.detectors())), text(config.text()));
    }

    private static List<String> list(Optional<List<String>> words) { return words.orElse(List.of()); }

    private static Set<String> names(List<String> words) {
        Set<String> names = words.stream().map(word -> plain(word.strip())).collect(Collectors.toUnmodifiableSet());
        if (names.contains("")) {
            throw new IllegalStateException(
                    "holdpoint.mask.names must not have a name without anything but - and _.");
        }
        return names;
    }

    private static Set<Detector> detectors(List<String> words) {
        Set<Detector> detectors = EnumSet.noneOf(Detector.class);
        words.forEach(word -> detectors.addAll(Detector.named(word.strip())));
        return detectors;
    }

    private static String text(String text) {
        int characters = text.codePointCount(0, text.length());
        if (characters < 1 || characters > LONGEST_TEXT || text.codePoints().anyMatch(Rules::unprintable)) {
            throw new IllegalStateException("holdpoint.mask.text must have 1 to " + LONGEST_TEXT
                    + " characters, none of them a control character or half a surrogate pair.");
        }
        return text;
    }

    private static boolean unprintable(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.CONTROL || type == Character.SURROGATE;
    }

    /** As a JSON string. */
    static String quoted(String text) { return '"' + escaped(text) + '"'; }

    /** As it stands within a JSON string. */
    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 2);
        JsonStringEncoder.getInstance().quoteAsString(text, escaped);
        return escaped.toString();
    }

    private static String plain(String name) {
        return name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
    }

    boolean isEmpty() { return pointers.isEmpty() && names.isEmpty() && detectors.isEmpty(); }

    boolean names(String member) { return !names.isEmpty() && names.contains(plain(member)); }

    boolean detects(Detector detector) { return detectors.contains(detector); }
}

package dev.holdpoint.mask;

import java.util.List;
import java.util.Optional;

/** A configuration as a test needs it. */
record Configured(List<String> pointerList, List<String> nameList, List<String> detectorList, String text)
        implements MaskConfig {
    static Masks byPointers(String... pointers) {
        return new Configured(List.of(pointers), List.of(), List.of()).masks();
    }

    static Masks byNames(String... names) { return new Configured(List.of(), List.of(names), List.of()).masks(); }

    static Masks byDetectors(String... detectors) {
        return new Configured(List.of(), List.of(), List.of(detectors)).masks();
    }

    private Configured(List<String> pointers, List<String> names, List<String> detectors) {
        this(pointers, names, detectors, "•••");
    }

    Masks masks() { return Masks.of(this); }

    @Override
    public Optional<List<String>> pointers() { return listed(pointerList); }

    @Override
    public Optional<List<String>> names() { return listed(nameList); }

    @Override
    public Optional<List<String>> detectors() { return listed(detectorList); }

    private static Optional<List<String>> listed(List<String> words) {
        return words.isEmpty() ? Optional.empty() : Optional.of(words);
    }
}

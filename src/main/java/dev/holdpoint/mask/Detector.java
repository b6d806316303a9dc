package dev.holdpoint.mask;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** What is recognised by its looks. Each takes time linear in the text, whatever the text is. */
enum Detector {
    AWS_KEY("aws-key"), PEM("pem"), JWT("jwt"), BEARER("bearer"), CARD("card");

    private final String word;

    Detector(String word) { this.word = word; }

    void find(String text, Spans found) {
        switch (this) {
            case AWS_KEY -> AwsKeys.findIds(text, found);
            case PEM -> PemBlocks.find(text, found);
            case JWT -> Jwts.find(text, found);
            case BEARER -> BearerTokens.find(text, found);
            case CARD -> CardNumbers.find(text, found);
        }
    }

    /** Throws {@link IllegalStateException} when there is none of that name. */
    static Set<Detector> named(String word) {
        Set<Detector> all = EnumSet.allOf(Detector.class);
        if (word.equals("all")) return all;
        return Set.of(all.stream().filter(detector -> detector.word.equals(word)).findFirst()
                .orElseThrow(() -> new IllegalStateException("holdpoint.mask.detectors must be of "
                        + Arrays.stream(values()).map(detector -> detector.word).collect(Collectors.joining(", "))
                        + " and all, but one is " + word + ".")));
    }
}

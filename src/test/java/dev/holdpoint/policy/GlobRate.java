package dev.holdpoint.policy;

import java.util.LinkedHashMap;
import java.util.Map;

/** Prints how long one match takes for a name of 250 characters against twenty stars. Run by {@code bench/globs}. */
final class GlobRate {
    private static final int ROUNDS = 200_000;
    private static final int WARM_UPS = 3;

    private GlobRate() {}

    public static void main(String[] args) {
        String name = "a".repeat(250);
        Map<String, Glob> globs = new LinkedHashMap<>();
        globs.put("twenty stars, another end", Glob.of("*a".repeat(19) + "*b"));
        globs.put("twenty stars, the last segment nowhere", Glob.of("*a".repeat(18) + "*b*"));
        globs.put("twenty stars between runs that nearly match", Glob.of("*" + "aaaaaaaab*".repeat(19)));
        globs.put("twenty stars, match", Glob.of("*a".repeat(19) + "*"));

        globs.forEach((what, glob) -> System.out.printf("%6d ns  %s%n", nanosPerMatch(glob, name), what));
    }

    private static long nanosPerMatch(Glob glob, String name) {
        long best = Long.MAX_VALUE;
        int matched = 0;
        for (int round = 0; round < WARM_UPS + 3; round++) {
            long start = System.nanoTime();
            for (int match = 0; match < ROUNDS; match++) matched += glob.matches(name) ? 1 : 0;
            if (round >= WARM_UPS) best = Math.min(best, System.nanoTime() - start);
        }
        if (matched < 0) throw new IllegalStateException("counted so that nothing is optimised away");
        return best / ROUNDS;
    }
}

package dev.holdpoint.faults;

import static dev.holdpoint.contract.Digest.sha256;
import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.stream.Stream;

/** Who calls: agents drive, reviewers decide. The secret of {@code ada} is {@code key-ada}. */
final class Keys {
    static final List<String> DECIDERS = List.of("ada", "bob", "eve");
    static final String AGENT = of("worker");
    static final String VIEWER = of("viewer");

    private Keys() {}

    static String of(String subject) { return "key-" + subject; }

    static String file() {
        return Stream.concat(Stream.of(entry("worker", "agent"), entry("viewer", "reviewer")),
                DECIDERS.stream().map(subject -> entry(subject, "reviewer"))).collect(joining(",", "[", "]"));
    }

    private static String entry(String subject, String role) {
        return "{\"id\":\"%1$s\",\"sha256\":\"%2$s\",\"subject\":\"%1$s\",\"roles\":[\"%3$s\"]}"
                .formatted(subject, sha256(of(subject)), role);
    }
}

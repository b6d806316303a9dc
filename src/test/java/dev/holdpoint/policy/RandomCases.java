package dev.holdpoint.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.holdpoint.job.Json;
import dev.holdpoint.job.ToolCallId;
import dev.holdpoint.policy.Condition.Operator;
import dev.holdpoint.policy.Policy.Mode;
import dev.holdpoint.policy.Policy.Precedence;

/** Policies, calls and grants drawn from a small world, so that rules and calls often meet. */
final class RandomCases {
    private static final List<String> NAMES = List.of("a", "b", "ab", "ba", "a*", "");
    private static final List<String> GLOBS = List.of("a", "b", "a*", "*b", "*", "*a*", "ab");
    private static final List<String> POINTERS = List.of("", "/x", "/y", "/x/0", "/x/y", "/~1", "/", "/y/x/0");
    private static final List<String> NUMBERS = List.of("0", "-0", "1", "1.0", "1e0", "100e-2", "2", "-3.5",
            "0.1", "9007199254740993", "1e300");
    private static final List<String> ODD_NUMBERS = List.of("1e999999999", "-1e-999999999", "1e99999999999",
            "0e999999999", "1e2147483647", "1000e2147483646", "1e-2147483648", "9".repeat(999), "9".repeat(5_000));
    private static final List<String> TEXTS = List.of("\"\"", "\"a\"", "\"ab\"", "\"*\"", "\"1\"");
    private static final List<String> MEMBERS = List.of("x", "y", "", "/", "0");
    private static final String ALPHABET = "{}[]:,\"\\ \t\n0123456789eE+-.truefalsn\u0000\ud800xy/~";

    private final Random random;

    RandomCases(long seed) { this.random = new Random(seed); }

    private <T> T any(List<T> values) { return values.get(random.nextInt(values.size())); }

    private <T> List<T> some(int most, Supplier<T> one) {
        List<T> values = new ArrayList<>();
        for (int left = random.nextInt(most + 1); left > 0; left--) values.add(one.get());
        return values;
    }

    Policy policy() {
        return new Policy(random.nextInt(4) > 0, any(List.of(Mode.values())), some(3, this::rule), some(2, this::rule),
                some(2, this::rule), random.nextBoolean() ? "No {tool}." : null, any(List.of(Precedence.values())),
                random.nextBoolean());
    }

    Rule rule() {
        Map<List<Object>, Condition> when = new LinkedHashMap<>();
        if (random.nextBoolean()) {
            some(3, this::condition).forEach(one -> when.put(List.of(one.pointer(), one.operator()), one));
        }
        return new Rule(Glob.of(any(GLOBS)), when.values().stream()
                .sorted(Comparator.comparing(one -> one.pointer().toString())).toList());
    }

    private Condition condition() {
        Operator operator = any(List.of(Operator.values()));
        String operand = switch (operator) {
            case EQ, NE -> value(2, NUMBERS);
            case GT, GTE, LT, LTE -> any(NUMBERS);
            case IN -> Stream.concat(Stream.of(any(NUMBERS)), some(3, () -> value(1, NUMBERS)).stream())
                    .collect(Collectors.joining(",", "[", "]"));
            case MATCHES -> "\"" + any(GLOBS) + "\"";
            case EXISTS -> String.valueOf(random.nextBoolean());
        };
        return Condition.of(any(POINTERS), operator, new Json(operand));
    }

    ToolCall call() {
        return new ToolCall(new ToolCallId("c"), any(NAMES), arguments(), null, some(2, () -> any(NAMES)));
    }

    private Json arguments() {
        return new Json(switch (random.nextInt(8)) {
            case 0 -> noise();
            case 1 -> value(4, ODD_NUMBERS);
            case 2 -> object(3, ODD_NUMBERS);
            default -> object(3, NUMBERS);
        });
    }

    private String noise() {
        return IntStream.range(0, random.nextInt(20)).map(at -> ALPHABET.charAt(random.nextInt(ALPHABET.length())))
                .mapToObj(Character::toString).collect(Collectors.joining());
    }

    private String value(int depth, List<String> numbers) {
        return switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> any(numbers);
            case 1 -> any(TEXTS);
            case 2 -> String.valueOf(random.nextBoolean());
            case 3 -> "null";
            case 4 -> some(3, () -> value(depth - 1, numbers)).stream().collect(Collectors.joining(",", "[", "]"));
            default -> object(depth, numbers);
        };
    }

    private String object(int depth, List<String> numbers) {
        return some(4, () -> any(MEMBERS)).stream().distinct()
                .map(name -> "\"" + name + "\":" + value(depth - 1, numbers))
                .collect(Collectors.joining(",", "{", "}"));
    }

    Map<String, GrantId> grants() {
        Map<String, GrantId> grants = new HashMap<>();
        some(2, () -> any(NAMES)).forEach(name -> grants.put(name, new GrantId("grant of " + name)));
        return grants;
    }

    int below(int bound) { return random.nextInt(bound); }
}

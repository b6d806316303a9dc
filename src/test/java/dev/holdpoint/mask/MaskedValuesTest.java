package dev.holdpoint.mask;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.holdpoint.job.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for any value: random ones, and ones made to take long. */
class MaskedValuesTest {
    private static final JsonMapper STRICT =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final List<String> SECRETS =
            List.of("AKIAIOSFODNN7EXAMPLE", "4111111111111111", "5555 5555 5555 4444",
                    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
                    "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----");
    private static final List<String> PIECES = List.of("a", "eyJ", ".", "AKIA", "4111", "1111 ", "-", " ", "\n", "\\",
            "\\n", "\\u0041", "\"", "{", "}", "[", "]",
            ":", ",", "Bearer ", "abcdef0123", "-----BEGIN ", "PRIVATE KEY", "-----END ", "•••", "%3D", "é", "😀",
            "\ud83d", "X", "0", "REDACTED",
            "{\"a\":\"", "\"}", "AKIAIOSFODNN7EXAMPLE", "41111111111111111", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "eyJhbGciOiJIUzI1NiJ9");
    private static final List<String> NUMBERS = List.of("0", "-0", "1.0", "1.50", "12345678901234567890123456789",
            "1e400", "1E-7", "4111111111111112", "0.1234567890123456");
    private static final List<String> NAMES = List.of("a", "b", "password", "•••", "••• 2", "a/b", "");

    private static final Masks DOTS =
            new Configured(List.of("/a/*", "/*/b/0", "/a~1b"), List.of("password"), List.of("all"), "•••").masks();
    private static final Masks WORD =
            new Configured(List.of("/a/*"), List.of("password"), List.of("all"), "REDACTED").masks();
    private static final Masks DIGITS = new Configured(List.of(), List.of("password"), List.of("all"), "1111").masks();

    private static <T> T any(Random random, List<T> of) { return of.get(random.nextInt(of.size())); }

    private static String pieces(Random random) {
        StringBuilder text = new StringBuilder();
        for (int count = random.nextInt(9); count > 0; count--) text.append(any(random, PIECES));
        return text.toString();
    }

    /** A JSON value whose strings are made by {@code text}. */
    private static String value(Random random, int depth) {
        return switch (random.nextInt(depth > 4 ? 4 : 8)) {
            case 0 -> any(random, NUMBERS);
            case 1 -> any(random, List.of("true", "false", "null"));
            case 2, 3 -> string(random, depth > 4 || random.nextInt(4) > 0 ? pieces(random) : value(random, depth + 1));
            case 4, 5 -> "["
                    + String.join(",",
                            IntStream.range(0, random.nextInt(4)).mapToObj(_ -> value(random, depth + 1)).toList())
                    + "]";
            default -> object(random, depth);
        };
    }

    private static String object(Random random, int depth) {
        List<String> members = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int count = random.nextInt(5); count > 0; count--) {
            String name = random.nextInt(3) > 0 ? any(random, NAMES) : pieces(random);
            if (names.contains(name)) continue;
            names.add(name);
            members.add(string(random, name) + ":" + value(random, depth + 1));
        }
        return "{" + String.join(",", members) + "}";
    }

    /** Some characters escaped that needn't be. */
    private static String string(Random random, String text) {
        if (random.nextInt(3) > 0) return Rules.quoted(text);
        return text.chars()
                .mapToObj(c -> random.nextInt(4) == 0 || c < ' ' || c == '"' || c == '\\'
                        ? "\\u%04x".formatted(c)
                        : Character.toString(c))
                .collect(joining("", "\"", "\""));
    }

    static IntStream seeds() { return IntStream.range(0, 8); }

    @ParameterizedTest
    @MethodSource("seeds")
    void maskedValueIsJsonAndStaysAsItIsWhenMaskedAgain(int seed) throws IOException {
        Random random = new Random(seed);
        for (int run = 0; run < 300; run++) {
            Json value = new Json(value(random, 0));
            for (Masks masks : List.of(DOTS, WORD, DIGITS)) {
                Json masked = masks.masked(value);

                STRICT.readTree(masked.text());
                assertThat(masked.text()).doesNotContain("\n", "\r");
                assertThat(masks.masked(masked)).as(value.text()).isSameAs(masked);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void maskedTextStaysAsItIsWhenMaskedAgain(int seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 1_000; run++) {
            String text = pieces(random) + pieces(random);
            for (Masks masks : List.of(DOTS, WORD, DIGITS)) {
                String masked = masks.masked(text);

                assertThat(masks.masked(masked)).as(text).isSameAs(masked);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void numbersThatAreNotHiddenKeepTheirDigits(int seed) throws IOException {
        Random random = new Random(seed);
        for (int run = 0; run < 300; run++) {
            String value = value(random, 0);

            List<String> left = numbers(DOTS.masked(new Json(value)).text());

            assertThat(inOrder(left, numbers(value))).as("%s of %s", left, value).isTrue();
        }
    }

    private static boolean inOrder(List<String> some, List<String> all) {
        Iterator<String> rest = all.iterator();
        return some.stream().allMatch(one -> {
            while (rest.hasNext()) if (rest.next().equals(one)) return true;
            return false;
        });
    }

    private static List<String> numbers(String json) throws IOException {
        List<String> numbers = new ArrayList<>();
        try (JsonParser tokens = STRICT.createParser(json)) {
            for (JsonToken token = tokens.nextToken(); token != null; token = tokens.nextToken()) {
                if (token.isNumeric()) numbers.add(tokens.getText());
            }
        }
        return numbers;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void secretIsGoneWhereverItStands(int seed) throws IOException {
        Random random = new Random(seed);
        for (int run = 0; run < 300; run++) {
            String secret = any(random, SECRETS);
            String around = any(random, List.of("", " ", "x: ", "\n", "😀", "(", "\"", "é"));
            String json = string(random, around + secret + around);
            for (int wrap = random.nextInt(5); wrap > 0; wrap--) {
                json = switch (random.nextInt(4)) {
                    case 0 -> "[1.0," + json + "]";
                    case 1 -> "{\"k\":" + json + ",\"n\":2}";
                    case 2 -> json.startsWith("\"") ? "{\"a\":0," + json + ":1}" : json;
                    default -> string(random, json);
                };
            }

            String left = DOTS.masked(new Json(json)).text();

            assertThat(texts(STRICT.readTree(left))).as(json)
                    .noneMatch(text -> text.contains(secret) || text.contains("MIIEvQ"));
        }
    }

    /** All strings and names in a value, and in what is JSON in these. */
    private static Stream<String> texts(JsonNode value) {
        if (value.isTextual()) return Stream.concat(Stream.of(value.textValue()), inside(value.textValue()));
        return Stream.concat(value.propertyStream().map(Map.Entry::getKey),
                value.valueStream().flatMap(MaskedValuesTest::texts));
    }

    private static Stream<String> inside(String text) {
        try {
            return texts(STRICT.readTree(text));
        } catch (IOException notJson) {
            return Stream.of();
        }
    }

    @Test
    void hostileTextsAreLookedThroughOnce() {
        Masks all = Configured.byDetectors("all");
        for (String piece : List.of("4", "41", "4111 ", "4-", "4111111111111111 ", "eyJ", "eyJ.", "_eyJ",
                "eyJaaaaaaaaaa.", "eyJaaaaaaaaaa..", "-----BEGIN", "-----BEGIN ",
                "-----BEGIN PRIVATE KEY", "-----END ", "-----BEGIN PRIVATE KEY-----END ", "AKIA",
                "AKIAIOSFODNN7EXAMPLE", "Bearer ", "bearer\t", "a", "a4111111111111111",
                "\\", "\"", "{", "[", "[[1],", "{\"a\":", "\\u0041", "%41", "00000000-4111-1111-1111-", "•••",
                "\ud83d")) {
            String text = piece.repeat((1 << 20) / piece.length());

            String masked = all.masked(text);

            assertThat(all.masked(masked)).isSameAs(masked);
            assertThat(all.masked(new Json(Rules.quoted(text))).text()).isEqualTo(Rules.quoted(masked));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"[a]\"", "\"[\\\\\"", "{\"\":1}", "4111111111111111", "\"\\\"\\\"\"", "1e9"})
    void valuesOfManyPartsAreLookedThroughOnce(String part) {
        Json value = new Json("[" + (part + ",").repeat((1 << 20) / part.length()) + part + "]");

        Json masked = DOTS.masked(value);

        assertThat(DOTS.masked(masked)).isSameAs(masked);
    }

    @Test
    void depthAndLengthHaveNoLimit() {
        int depth = 200_000;
        Json deep = new Json("[{\"a\":".repeat(depth) + "\"AKIAIOSFODNN7EXAMPLE\"" + "}]".repeat(depth));
        Json longName = new Json("{\"" + "n".repeat(1 << 20) + "\":" + "9".repeat(1 << 20) + "}");

        assertThat(Configured.byDetectors("all").masked(deep).text())
                .isEqualTo("[{\"a\":".repeat(depth) + "\"•••\"" + "}]".repeat(depth));
        assertThat(Configured.byDetectors("all").masked(longName)).isSameAs(longName);
        assertThat(Configured.byNames("a").masked(deep)).isEqualTo(new Json("[{\"a\":\"•••\"}]"));
    }

    @Test
    void textsWithinTextsCannotMultiplyTheWork() {
        String text = "[1]";
        for (int level = 0; level < 400; level++) {
            text = "[\"" + text.replace("\\", "\\u005c").replace("\"", "\\u0022") + "\"]";
        }

        Json masked = DOTS.masked(new Json(text));

        assertThat(masked.text()).contains("•••").hasSizeLessThan(text.length());
        assertThat(DOTS.masked(masked)).isSameAs(masked);
    }
}

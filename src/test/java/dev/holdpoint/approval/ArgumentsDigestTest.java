package dev.holdpoint.approval;

import static dev.holdpoint.contract.Digest.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.Stream;

import dev.holdpoint.job.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Canonical forms are those that RFC 8785 gives as examples, and the ones of its number table. */
class ArgumentsDigestTest {
    static Stream<Arguments> examples() {
        return Stream.of(
                Arguments.of("""
                        {
                          "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                          "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
                          "literals": [null, true, false]
                        }""",
                        "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                                + "\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}"),
                Arguments.of("""
                        {"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh",
                         "1":"One","\\ud83d\\ude00":"Emoji: Grinning Face","\\u0080":"Control",
                         "\\u00f6":"Latin Small Letter O With Diaeresis"}""",
                        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
                                + "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\","
                                + "\"\ud83d\ude00\":\"Emoji: Grinning Face\","
                                + "\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}"),
                Arguments.of("{\"b\":{\"d\":1,\"c\":[{\"z\":0,\"y\":0}]},\"a\":\"\"}",
                        "{\"a\":\"\",\"b\":{\"c\":[{\"y\":0,\"z\":0}],\"d\":1}}"),
                Arguments.of("{}", "{}"), number("-0", "0"), number("0.0", "0"), number("1.0", "1"),
                number("9007199254740992", "9007199254740992"), number("9007199254740993", "9007199254740992"),
                number("295147905179352830000", "295147905179352830000"), number("1e21", "1e+21"),
                number("999999999999999900000", "999999999999999900000"), number("0.000001", "0.000001"),
                number("1e-7", "1e-7"), number("5e-324", "5e-324"),
                number("1.7976931348623157e308", "1.7976931348623157e+308"));
    }

    private static Arguments number(String written, String canonical) {
        return Arguments.of("{\"n\":" + written + "}", "{\"n\":" + canonical + "}");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void digestIsThatOfTheCanonicalForm(String json, String canonical) throws Exception {
        assertThat(ArgumentsDigest.of(new Json(json))).contains(sha256(canonical));
        assertThat(ArgumentsDigest.of(new Json(canonical))).contains(sha256(canonical));
    }

    @Test
    void differentArgumentsHaveDifferentDigests() {
        assertThat(Stream.of("{}", "{\"a\":1}", "{\"a\":\"1\"}", "{\"a\":null}", "{\"A\":1}", "{\"a\":[1]}")
                .map(Json::new).map(ArgumentsDigest::of)).doesNotHaveDuplicates().allMatch(Optional::isPresent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"n\":1e999}", "{\"n\":-1e309}", "{\"n\":NaN}", "{\"a\":1,\"a\":2}", "{\"a\":1", ""})
    void whatHasNoCanonicalFormHasNoDigest(String json) {
        assertThat(ArgumentsDigest.of(new Json(json))).isEmpty();
    }
}

package dev.holdpoint.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;

import dev.holdpoint.job.Json;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pointers, names, secrets in disguise, and what configuration is taken. */
class MasksTest {
    private static final String KEY = "AKIAIOSFODNN7EXAMPLE";

    private static String masked(Masks masks, String json) { return masks.masked(new Json(json)).text(); }

    private static String quoted(String text) { return Rules.quoted(text); }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        "/a; {\"a\":1,\"b\":2}; {\"a\":\"•••\",\"b\":2}",
        "/a/b; {\"a\":{\"b\":{\"c\":[1]},\"d\":1.50},\"b\":2}; {\"a\":{\"b\":\"•••\",\"d\":1.50},\"b\":2}",
        "/1; [1,[2,3],4]; [1,\"•••\",4]",
        "/1; {\"1\":null}; {\"1\":\"•••\"}",
        "/01; [1,2]; [1,2]",
        "/-; [1,2]; [1,2]",
        "/*; {\"a\":1,\"b\":[2]}; {\"a\":\"•••\",\"b\":\"•••\"}",
        "/*; [true,\"x\"]; [\"•••\",\"•••\"]",
        "/a/*/c; {\"a\":[{\"b\":1,\"c\":2},{\"c\":3},4]}; {\"a\":[{\"b\":1,\"c\":\"•••\"},{\"c\":\"•••\"},4]}",
        "/*/x; {\"a\":{\"x\":1},\"b\":{\"y\":{\"x\":2}}}; {\"a\":{\"x\":\"•••\"},\"b\":{\"y\":{\"x\":2}}}",
        "/a~1b; {\"a/b\":1,\"a\":{\"b\":2}}; {\"a/b\":\"•••\",\"a\":{\"b\":2}}",
        "/m~0n; {\"m~n\":1}; {\"m~n\":\"•••\"}",
        "/~01; {\"~1\":1,\"/\":2}; {\"~1\":\"•••\",\"/\":2}",
        "/; {\"\":1,\"a\":{\"\":2}}; {\"\":\"•••\",\"a\":{\"\":2}}",
        "``; {\"a\":1}; \"•••\"",
        "``; 7; \"•••\"",
        "/é; {\"\\u00e9\":1}; {\"\\u00e9\":\"•••\"}",
        "/a/b; {\"a\":\"{\\\"b\\\": 1, \\\"c\\\": 2}\"}; {\"a\":\"{\\\"b\\\": \\\"•••\\\", \\\"c\\\": 2}\"}",
    })
    void pointerHidesTheWholeValueItPointsAt(String pointer, String value, String expected) {
        Masks masks = Configured.byPointers(pointer);

        assertThat(masked(masks, value)).isEqualTo(expected);
    }

    @Test
    void pointersAreWalkedTogether() {
        Masks masks = Configured.byPointers("/a/b/c", "/*/b/d", "/a/*/e", "/x");

        assertThat(masked(masks,
                "{\"a\":{\"b\":{\"c\":1,\"d\":2,\"e\":3,\"f\":4}},\"x\":5,\"y\":{\"b\":{\"c\":6,\"d\":7}}}"))
                .isEqualTo(
                        "{\"a\":{\"b\":{\"c\":\"•••\",\"d\":\"•••\",\"e\":\"•••\",\"f\":4}},\"x\":\"•••\",\"y\":{\"b\":{\"c\":6,\"d\":\"•••\"}}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"apiKey", "api_key", "API-KEY", "ApiKey", "apikey", "_api__key-"})
    void nameIsFoundHoweverItIsSpelt(String name) {
        String value = "[{\"" + name + "\":{\"deep\":[1]}}]";

        assertThat(masked(Configured.byNames("api_key"), value)).isEqualTo("[{\"" + name + "\":\"•••\"}]");
        assertThat(masked(Configured.byNames("API-Key"), value)).isEqualTo("[{\"" + name + "\":\"•••\"}]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"apiKeys", "x-api-key", "api.key", "api key", "key", ""})
    void anotherNameStays(String name) {
        Json value = new Json("{\"" + name + "\":\"x\"}");

        assertThat(Configured.byNames("apiKey").masked(value)).isSameAs(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "-0.00", "\"\"", "[]", "{\"a\":{\"b\":[{}]}}"})
    void namedValueIsHiddenWhateverItIs(String value) {
        assertThat(masked(Configured.byNames("password"), "{\"password\":" + value + ",\"after\":1e2}"))
                .isEqualTo("{\"password\":\"•••\",\"after\":1e2}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "0", "\"\"", "null", "{\"a\":[1.0,1E+2,-0,\"\\u00e9\\/\"],\"a\":2}",
        "\"[INFO] started\"", "\"{not json\"", "\" \""})
    void valueWithoutSecretsIsTheSameInstance(String json) {
        Json value = new Json(json);
        Masks masks = new Configured(List.of("/x/y"), List.of("password"), List.of("all"), "•••").masks();

        assertThat(masks.masked(value)).isSameAs(value);
        assertThat(masks.masked(json)).isSameAs(json);
    }

    @Test
    void whatIsNotHitKeepsItsOrderItsDigitsAndItsSpelling() {
        assertThat(masked(Configured.byDetectors("all"),
                "{\"z\":1.000000000000000000000001,\"k\":\"" + KEY + "\",\"a\":[1E400,\"\\u00e9\\/\"],\"b\":-0.0}"))
                .isEqualTo("{\"z\":1.000000000000000000000001,\"k\":\"•••\",\"a\":[1E400,\"\\u00e9\\/\"],\"b\":-0.0}");
    }

    @Test
    void escapesHideNothing() {
        Masks masks = new Configured(List.of(), List.of("apiKey"), List.of("all"), "•••").masks();

        assertThat(masked(masks, "\"a \\u0041KIAIOSFODNN7\\u0045XAMPLE \\n\\\"\"")).isEqualTo("\"a ••• \\n\\\"\"");
        assertThat(masked(masks, "{\"\\u0061piKey\":1}")).isEqualTo("{\"\\u0061piKey\":\"•••\"}");
        assertThat(masked(masks, "\"\\ud83d\\ude00" + KEY + "\\ud83d\\ude00\"")).isEqualTo("\"😀•••😀\"");
        assertThat(masked(masks, "\"\\ud83d" + KEY + "\\ude00\"")).doesNotContain(KEY);
        assertThat(masked(masks, "\"-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----\\n\""))
                .isEqualTo("\"•••\\n\"");
    }

    @Test
    void jsonWithinATextIsMaskedLikeJson() {
        Masks masks = new Configured(List.of(), List.of("apiKey"), List.of("all"), "•••").masks();
        String inner = "{\"api_key\":[1],\"k\":\"\\u0041KIAIOSFODNN7EXAMPLE\",\"n\":4111111111111111,\"m\":1.0}";
        String hidden = "{\"api_key\":\"•••\",\"k\":\"•••\",\"n\":\"•••\",\"m\":1.0}";

        assertThat(masks.masked(inner)).isEqualTo(hidden);
        assertThat(masked(masks, quoted(inner))).isEqualTo(quoted(hidden));
        assertThat(masked(masks, "{\"arguments\":" + quoted(" [" + quoted(inner) + "]") + "}"))
                .isEqualTo("{\"arguments\":" + quoted(" [" + quoted(hidden) + "]") + "}");
        assertThat(masks.masked(quoted(quoted(KEY)))).isEqualTo(quoted(quoted("•••")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"•••", "\"", "\\", "<\"hidden\">"})
    void maskIsSeenHoweverItIsWritten(String text) {
        Masks masks = new Configured(List.of(), List.of("apiKey"), List.of(), text).masks();
        Json value = new Json("{\"apiKey\":1}");

        assertThat(masks.hides(value)).isFalse();
        assertThat(masks.hides(masks.masked(value))).isTrue();
        assertThat(masks.hides(masks.masked(new Json("[" + quoted(value.text()) + "]")))).isTrue();
        assertThat(masks.hides(masks.masked(new Json("[" + quoted(quoted(value.text())) + "]")))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u2026", "\\u00AB", "\\u00ab"})
    void maskIsSeenInTextThatWasWrittenAnewInAscii(String form) {
        String mask = String.valueOf((char) Integer.parseInt(form.substring(2), 16));
        Masks masks = new Configured(List.of(), List.of("apiKey"), List.of(), mask).masks();

        assertThat(masks.hides(new Json("[" + quoted("{\"apiKey\":\"" + form + "\"}") + "]"))).isTrue();
    }

    @Test
    void jsonThatWasCutOffIsMaskedAsText() {
        assertThat(Configured.byDetectors("all").masked(
                "{\"key\":\"" + KEY + "\",\"card\":4111111111111111,\"x\":\"-----BEGIN RSA PRIVATE KEY-----\\nMIIE"))
                .isEqualTo("{\"key\":\"•••\",\"card\":•••,\"x\":\"•••");
    }

    @Test
    void textBelowTooManyTextsIsHiddenUnread() {
        String text = "[\"\\u0041KIAIOSFODNN7EXAMPLE\"]";
        for (int level = 0; level < 12; level++) text = "[" + quoted(text) + "]";

        assertThat(Configured.byDetectors("all").masked(text)).doesNotContain("KIAIOSFODNN7EXAMPLE").contains("•••");
    }

    @Test
    void memberNamesThatAreSecretsAreHiddenAndStayDifferent() {
        String value = "{\"••• 3\":0,\"" + KEY + "\":1,\"\\u0041KIAI44QH8DHBEXAMPLE\":{\"" + KEY
                + "\":2},\"•••\":3,\"Bearer abcdef0123\":4}";

        assertThat(masked(Configured.byDetectors("all"), value))
                .isEqualTo("{\"••• 3\":0,\"•••\":1,\"••• 2\":{\"•••\":2},\"••• 4\":3,\"Bearer •••\":4}");
    }

    @Test
    void secretOfAKeyThatAnotherRuleHidesIsHiddenToo() {
        Masks masks = new Configured(List.of("/x"), List.of(), List.of("aws-key"), "•••").masks();

        assertThat(
                masked(masks, "{\"x\":{\"y\":[\"" + KEY + "\"]},\"z\":\"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\"}"))
                .isEqualTo("{\"x\":\"•••\",\"z\":\"•••\"}");
    }

    @Test
    void whatBecomesJsonByMaskingIsMaskedAsJson() {
        Masks masks = new Configured(List.of(), List.of("password"), List.of("all"), "•••").masks();

        assertThat(masks
                .masked("{\"password\":\"x\",\"k\":\"-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\"}"))
                .isEqualTo("{\"password\":\"•••\",\"k\":\"•••\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"a\"}", "{\"a\":}", "[1,]", "[1 2]", "{\"a\":1,}", "1 2", "01", "1.", "1e", "-",
        "tru", "\"\\x\"", "\"\\u00g0\"", "\"\n\"", "\"", "]", "[}", "NaN"})
    void whatIsNotJsonIsHiddenWhole(String broken) {
        assertThat(masked(Configured.byNames("a"), broken)).isEqualTo("\"•••\"");
    }

    @Test
    void withoutConfigurationNothingIsHidden() {
        Json value = new Json("{\"password\":\"" + KEY + "\"}");

        assertThat(Configured.byDetectors().isEmpty()).isTrue();
        assertThat(Configured.byDetectors().masked(value)).isSameAs(value);
        assertThat(Masks.NONE.isEmpty()).isTrue();
        assertThat(Masks.NONE.masked(value)).isSameAs(value);
        assertThat(Masks.NONE.masked(KEY)).isSameAs(KEY);
        assertThat(Configured.byPointers("/a").isEmpty()).isFalse();
        assertThat(Configured.byNames("a").isEmpty()).isFalse();
        assertThat(Configured.byDetectors("pem").isEmpty()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[masked]", "REDACTED", "A \"quoted\" \\ text", "REDACTED 0 VALUE", "{}", "12", "x"})
    void replacementIsConfigured(String text) {
        Masks masks = new Configured(List.of(), List.of("password"), List.of("all"), text).masks();
        String expected = "{\"password\":" + quoted(text) + ",\"h\":" + quoted("Bearer " + text) + "}";

        assertThat(masked(masks, "{\"password\":1,\"h\":\"Bearer abcdef0123\"}")).isEqualTo(expected);
        assertThat(masked(masks, expected)).isEqualTo(expected);
    }

    @Test
    void nothingHidesBehindTheReplacement() {
        Masks masks = new Configured(List.of(), List.of(), List.of("all"), "REDACTED").masks();

        assertThat(masks.masked("Bearer REDACTED0123456789")).isEqualTo("Bearer REDACTED");
        assertThat(masks.masked("REDACTED " + KEY)).isEqualTo("REDACTED REDACTED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "#/a", "/a~", "/a~2b", "/~", "a/b", "$.a"})
    void malformedPointerStopsTheStart(String pointer) {
        assertThatThrownBy(() -> Configured.byPointers("/fine", pointer)).isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "holdpoint.mask.pointers must be JSON pointers, which begin with / and have ~ only in ~0 and ~1, but one is "
                                + pointer + ".");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cards", "AWS-KEY", "", "aws_key"})
    void unknownDetectorStopsTheStart(String word) {
        assertThatThrownBy(() -> Configured.byDetectors("pem", word)).isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "holdpoint.mask.detectors must be of aws-key, pem, jwt, bearer, card and all, but one is "
                                + word + ".");
    }

    @Test
    void nameOfNothingStopsTheStart() {
        assertThatThrownBy(() -> Configured.byNames("a", "_-")).isInstanceOf(IllegalStateException.class)
                .hasMessage("holdpoint.mask.names must not have a name without anything but - and _.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "123456789012345678901234567890123", "a\nb", "\u0000", "\ud83d"})
    void unprintableReplacementStopsTheStart(String text) {
        assertThatThrownBy(() -> new Configured(List.of(), List.of("a"), List.of(), text).masks())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "holdpoint.mask.text must have 1 to 32 characters, none of them a control character or half a surrogate pair.");
    }

    @Test
    void replacementThatLooksLikeASecretStopsTheStart() {
        assertThatThrownBy(() -> new Configured(List.of(), List.of(), List.of("bearer"), "Bearer abcdef0123").masks())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("holdpoint.mask.text must not look like a secret itself.");
    }

    private static MaskConfig read(Map<String, String> options) {
        return new SmallRyeConfigBuilder().withMapping(MaskConfig.class)
                .withSources(new PropertiesConfigSource(options, "test", 100)).build()
                .getConfigMapping(MaskConfig.class);
    }

    @Test
    void optionsAreRead() {
        Masks masks =
                Masks.of(read(Map.of("holdpoint.mask.pointers", "/a/*,/b~1c", "holdpoint.mask.names", "pin, api_key",
                        "holdpoint.mask.detectors", "card,pem", "holdpoint.mask.text", "[masked]")));

        assertThat(masked(masks, "{\"a\":[1],\"b/c\":2,\"apiKey\":3,\"pin\":4,\"d\":\"" + KEY + " 4111111111111111\"}"))
                .isEqualTo(
                        "{\"a\":[\"[masked]\"],\"b/c\":\"[masked]\",\"apiKey\":\"[masked]\",\"pin\":\"[masked]\",\"d\":\""
                                + KEY + " [masked]\"}");
        assertThat(Masks.of(read(Map.of())).isEmpty()).isTrue();
        assertThat(read(Map.of()).text()).isEqualTo("•••");
    }

    @Test
    void spacesAroundListedWordsDoNotMatter() {
        Masks masks =
                new Configured(List.of("/a", " /b"), List.of("c", " d "), List.of("pem", " aws-key"), "•••").masks();

        assertThat(masked(masks, "{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":\"" + KEY + "\"}"))
                .isEqualTo("{\"a\":\"•••\",\"b\":\"•••\",\"c\":\"•••\",\"d\":\"•••\",\"e\":\"•••\"}");
    }
}

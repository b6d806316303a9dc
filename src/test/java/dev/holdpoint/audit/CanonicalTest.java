package dev.holdpoint.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.audit.Canonical.Unreadable;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalTest {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    @Test
    void textIsTheOneOfTheLibrary() throws IOException, Unreadable {
        Random random = new Random(8785);

        for (int round = 0; round < 2_000; round++) {
            String json = object(random, 4).toString();

            assertThat(Canonical.text(Canonical.object(json)))
                    .isEqualTo(new JsonCanonicalizer(json).getEncodedString());
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1.0", "1000,1e3", "0,-0", "0.1,0.10", "1e21,1000000000000000000000", "100,1E+2"})
    void spellingsOfOneNumberAreOneText(String one, String other) throws Unreadable {
        assertThat(Canonical.text(Canonical.value(one))).isEqualTo(Canonical.text(Canonical.value(other)));
    }

    /** Its exponent needs fewer digits than the zeros that take its place. */
    @Test
    void numberThatIsLongerWrittenOutThanAsItCameIsReadAgain() throws Unreadable {
        JsonNode came = Canonical.value("1".repeat(996) + "e-1001");

        assertThat(Canonical.value(came.toString())).isEqualTo(came);
    }

    @ParameterizedTest
    @CsvSource({"9007199254740992,9007199254740993", "0.1,0.1000000000000000055511151231257827", "1e400,1e401",
        "1e-400,0",
        "123456789012345678901234567890,123456789012345678901234567891", "1e999999999,1e999999998"})
    void numbersThatNoDoubleTellsApartAreTwoTexts(String one, String other) throws Unreadable {
        assertThat(Canonical.text(Canonical.value(one))).isNotEqualTo(Canonical.text(Canonical.value(other)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "{", "{}{}", "{} x", "[1,]", "{\"a\":1,\"a\":1}", "{\"a\":1,\"\\u0061\":1}", "{'a':1}",
                "{\"a\":NaN}", "{\"a\":01}", "{\"a\":1e99999999999}", "{\"a\":\"\u0001\"}", "{\"a\":1}/**/", "\uFEFF{}",
                "[]", "null"})
    void whatIsNotOneObjectIsUnreadable(String json) {
        assertThatThrownBy(() -> Canonical.text(Canonical.object(json))).isInstanceOf(Unreadable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":\"\\ud800\"}", "{\"\\udc00\":1}", "{\"a\":\"\\udc00\\ud800\"}"})
    void halfASurrogatePairHasNoText(String json) {
        assertThatThrownBy(() -> Canonical.text(Canonical.object(json))).isInstanceOf(Unreadable.class);
    }

    private static JsonNode value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> NODES.textNode(text(random));
            case 1 -> NODES.numberNode(random.nextInt());
            case 2 -> NODES.numberNode(random.nextLong() >> 11);
            case 3 -> NODES.numberNode(random.nextGaussian() * Math.pow(10, random.nextInt(60) - 30));
            case 4 -> NODES.booleanNode(random.nextBoolean());
            case 5 -> NODES.nullNode();
            case 6 -> object(random, depth - 1);
            default -> array(random, depth - 1);
        };
    }

    private static ObjectNode object(Random random, int depth) {
        ObjectNode object = NODES.objectNode();
        for (int members = random.nextInt(6); members > 0; members--) object.set(text(random), value(random, depth));
        return object;
    }

    private static ArrayNode array(Random random, int depth) {
        ArrayNode array = NODES.arrayNode();
        for (int elements = random.nextInt(6); elements > 0; elements--) array.add(value(random, depth));
        return array;
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(5); length > 0; length--) {
            switch (random.nextInt(4)) {
                case 0 -> text.append((char) random.nextInt(0x80));
                case 1 -> text.append((char) (0x80 + random.nextInt(0xd700)));
                case 2 -> text.append((char) (0xe000 + random.nextInt(0x2000)));
                default -> text.appendCodePoint(0x10000 + random.nextInt(0x1000));
            }
        }
        return text.toString();
    }
}

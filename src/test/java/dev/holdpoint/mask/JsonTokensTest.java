package dev.holdpoint.mask;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.holdpoint.mask.JsonTokens.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Takes and refuses what another parser takes and refuses, and says the same. */
class JsonTokensTest {
    private static final JsonFactory OTHER = new JsonFactory();
    private static final List<String> PIECES = List.of("{", "}", "[", "]", ",", ":", "\"a\"", "\"\\n\"", "\"\\u00e9\"",
            "\"\\ud83d\\ude00\"", "\"\\", "\"", "\\u00g0", "0", "1", "-1", "01",
            "1.5", "1.", "1e5", "1E+", "true", "false", "null", "nul", " ", "\n", "\t", "\"\\/\"", "{\"a\":", "[1,",
            "é", "\u0000");

    static IntStream seeds() { return IntStream.range(0, 20); }

    @ParameterizedTest
    @MethodSource("seeds")
    void agreesWithAnotherParser(int seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 5_000; run++) {
            StringBuilder text = new StringBuilder();
            for (int count = random.nextInt(10); count >= 0; count--)
                text.append(PIECES.get(random.nextInt(PIECES.size())));

            assertThat(read(text.toString())).as(text.toString()).isEqualTo(readByOther(text.toString()));
        }
    }

    private static String read(String text) {
        JsonTokens tokens = new JsonTokens(text);
        StringBuilder said = new StringBuilder();
        for (Kind kind = tokens.next(); kind != Kind.END; kind = tokens.next()) {
            if (kind == Kind.BROKEN) return "broken";
            said.append(kind == Kind.NAME || kind == Kind.STRING ? tokens.string() : tokens.raw()).append('|');
        }
        return said.toString();
    }

    private static String readByOther(String text) {
        StringBuilder said = new StringBuilder();
        try (JsonParser tokens = OTHER.createParser(text)) {
            int values = 0;
            for (JsonToken token = tokens.nextToken(); token != null; token = tokens.nextToken()) {
                said.append(tokens.getText()).append('|');
                if (tokens.getParsingContext().inRoot() && !token.isStructStart()) values++;
            }
            return values == 1 ? said.toString() : "broken";
        } catch (IOException broken) {
            return "broken";
        }
    }
}

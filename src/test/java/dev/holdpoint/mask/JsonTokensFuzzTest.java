package dev.holdpoint.mask;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;

/** Any text, of which the masks take for JSON what is JSON. */
class JsonTokensFuzzTest {
    /** The other one takes a letter for a digit whose lower eight bits it has. */
    private static final Pattern LENIENT = Pattern.compile("\\\\u[0-9A-Fa-f]{0,3}[^\\x00-\\x7f]");
    private static final JsonFactory OTHER = JsonFactory.builder().streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(Integer.MAX_VALUE).maxNumberLength(Integer.MAX_VALUE).build()).build();

    @FuzzTest(maxDuration = "5s")
    void readsAsAnotherParserDoes(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        JsonTokens tokens = new JsonTokens(text);
        if (LENIENT.matcher(text).find()) {
            for (int token = 0; token <= text.length(); token++) tokens.next();
            return;
        }
        try (JsonParser other = OTHER.createParser(text)) {
            boolean whole = false;
            for (JsonToken token = other.nextToken(); token != null; token = other.nextToken()) {
                String said = other.getText();
                JsonTokens.Kind kind = tokens.next();
                // The other one would go on to a second value.
                assertThat(kind).isEqualTo(whole ? JsonTokens.Kind.BROKEN : kind(token));
                if (whole) return;
                if (kind == JsonTokens.Kind.NAME || kind == JsonTokens.Kind.STRING)
                    assertThat(tokens.string()).isEqualTo(said);
                if (kind == JsonTokens.Kind.NUMBER) assertThat(tokens.raw()).isEqualTo(said);
                whole = other.getParsingContext().inRoot();
            }
            assertThat(tokens.next()).isEqualTo(whole ? JsonTokens.Kind.END : JsonTokens.Kind.BROKEN);
        } catch (JsonProcessingException malformed) {
            for (int token = 0; token <= text.length(); token++) tokens.next();
            assertThat(tokens.next()).isEqualTo(JsonTokens.Kind.BROKEN);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static JsonTokens.Kind kind(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> JsonTokens.Kind.BEGIN_OBJECT;
            case END_OBJECT -> JsonTokens.Kind.END_OBJECT;
            case START_ARRAY -> JsonTokens.Kind.BEGIN_ARRAY;
            case END_ARRAY -> JsonTokens.Kind.END_ARRAY;
            case FIELD_NAME -> JsonTokens.Kind.NAME;
            case VALUE_STRING -> JsonTokens.Kind.STRING;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> JsonTokens.Kind.NUMBER;
            case VALUE_TRUE, VALUE_FALSE, VALUE_NULL -> JsonTokens.Kind.LITERAL;
            case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> throw new IllegalArgumentException("no JSON: " + token);
        };
    }
}

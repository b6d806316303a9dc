package dev.holdpoint.door.json;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.holdpoint.job.Json;
import org.jspecify.annotations.Nullable;

/**
 * Reads request bodies and forgives nothing: unknown or repeated members, other types than asked for, anything behind
 * the value. Opaque values become {@link Json} with every digit as it was sent.
 */
public final class StrictJson {
    private final ObjectMapper mapper;

    /**
     * @param depth most levels of nesting in an opaque value
     * @param keys  most member names in an opaque value
     */
    public StrictJson(int depth, int keys) {
        mapper = JsonMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(LogicalType.Textual,
                        config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .addModule(new SimpleModule().addDeserializer(Json.class, new Opaque(depth, keys))
                        .addDeserializer(String.class, new Text()))
                .build();
    }

    /** One value. An empty body counts as an object without members. Throws {@link BadJson}. */
    public <T> T read(byte[] body, Class<T> type) {
        try {
            T value = mapper.readValue(body.length == 0 ? "{}" : text(body), type);
            if (value == null) throw new BadJson("The body must not be null.");
            return value;
        } catch (IOException unreadable) {
            throw bad(unreadable);
        }
    }

    /** An array of values. Throws {@link BadJson}. */
    public <T> List<T> readArray(byte[] body, Class<T> element) {
        try {
            List<T> values =
                    mapper.readValue(text(body),
                            mapper.getTypeFactory().constructCollectionType(ArrayList.class, element));
            if (values == null) throw new BadJson("The body must not be null.");
            return values;
        } catch (IOException unreadable) {
            throw bad(unreadable);
        }
    }

    /** Values one after the other, as in NDJSON. Throws {@link BadJson}. */
    public <T> List<T> readLines(byte[] body, Class<T> element) {
        ObjectReader reader = mapper.readerFor(element).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        try (JsonParser lines = mapper.createParser(text(body))) {
            List<T> values = new ArrayList<>();
            // Not readValues: it would take a line that is an array for several lines.
            while (lines.nextToken() != null) values.add(reader.readValue(lines));
            return values;
        } catch (IOException unreadable) {
            throw bad(unreadable);
        }
    }

    /**
     * The parser would guess another encoding from zeros and take overlong forms, so that two spellings were one text.
     */
    private static String text(byte[] body) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    }

    private static BadJson bad(IOException unreadable) {
        return switch (unreadable) {
            case UnrecognizedPropertyException unknown -> new BadJson("Unknown member at " + pointer(unknown) + ".");
            case Objection objection -> new BadJson(objection.getOriginalMessage() + " at " + pointer(objection) + ".");
            case JsonMappingException mismatch when mismatch.getCause() instanceof JsonProcessingException cause
                    && !(cause instanceof JsonMappingException) -> bad(cause);
            case JsonMappingException mismatch ->
                    new BadJson("Missing or of the wrong type: " + pointer(mismatch) + ".");
            case JsonProcessingException malformed when String.valueOf(malformed.getOriginalMessage())
                    .startsWith("Duplicate") ->
                    new BadJson("A member name is repeated" + place(malformed) + ".");
            case JsonProcessingException malformed -> new BadJson("Malformed JSON" + place(malformed) + ".");
            default -> new BadJson("The body is not JSON in UTF-8.");
        };
    }

    private static String pointer(JsonMappingException mismatch) {
        String path = mismatch.getPath().stream()
                .map(step -> "/"
                        + (step.getFieldName() == null ? String.valueOf(step.getIndex()) : step.getFieldName()))
                .collect(Collectors.joining());
        return path.isEmpty() ? "the body" : path;
    }

    private static String place(JsonProcessingException malformed) {
        return malformed.getLocation() == null
                ? ""
                : " at line " + malformed.getLocation().getLineNr() + ", column "
                        + malformed.getLocation().getColumnNr();
    }

    /** Something that is well-formed JSON and still can't be taken. */
    private static final class Objection extends JsonMappingException {
        private static final long serialVersionUID = 1;

        Objection(JsonParser parser, String message) { super(parser, message); }
    }

    private static final class Text extends StdDeserializer<String> {
        private static final long serialVersionUID = 1;

        Text() { super(String.class); }

        @Override
        public String deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                context.handleUnexpectedToken(String.class, parser);
            }
            return paired(parser, parser.getText());
        }
    }

    /** UTF-8 can't carry half a surrogate pair: it would leave as another text than it came. */
    private static String paired(JsonParser parser, String text) throws Objection {
        if (text.codePoints().anyMatch(point -> Character.getType(point) == Character.SURROGATE)) {
            throw new Objection(parser, "Half a surrogate pair");
        }
        return text;
    }

    /** Copies a value token by token into compact text, so that no number is ever turned into a binary one. */
    private static final class Opaque extends StdDeserializer<Json> {
        private static final long serialVersionUID = 1;
        private final int mostDepth;
        private final int mostKeys;

        Opaque(int depth, int keys) {
            super(Json.class);
            this.mostDepth = depth;
            this.mostKeys = keys;
        }

        @Override
        public Json getNullValue(DeserializationContext context) { return Json.NULL; }

        @Override
        public @Nullable Object getAbsentValue(DeserializationContext context) { return null; }

        @Override
        public Json deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            StringWriter text = new StringWriter();
            try (JsonGenerator copy = context.getParser().getCodec().getFactory().createGenerator(text)) {
                int depth = 0;
                int keys = 0;
                do {
                    JsonToken token = parser.currentToken();
                    if (token == null) throw new Objection(parser, "The value ends too early");
                    depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                    keys += token == JsonToken.FIELD_NAME ? 1 : 0;
                    if (depth > mostDepth) throw new Objection(parser, "More than " + mostDepth + " levels of nesting");
                    if (keys > mostKeys) throw new Objection(parser, "More than " + mostKeys + " member names");
                    copy(parser, token, copy);
                } while (depth > 0 && parser.nextToken() != null);
            }
            return new Json(text.toString());
        }

        private static void copy(JsonParser parser, JsonToken token, JsonGenerator copy) throws IOException {
            switch (token) {
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> copy.writeNumber(parser.getText());
                case VALUE_STRING -> copy.writeString(paired(parser, parser.getText()));
                case FIELD_NAME -> copy.writeFieldName(paired(parser, parser.currentName()));
                default -> copy.copyCurrentEvent(parser);
            }
        }
    }
}

package dev.holdpoint.door.json;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.holdpoint.job.InstantText;
import dev.holdpoint.job.Json;
import org.jspecify.annotations.Nullable;

/** Writes the members of one JSON object. A member whose value is null is left out. */
public final class Members {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonGenerator json;

    private Members(JsonGenerator json) { this.json = json; }

    /** An object as UTF-8. */
    public static byte[] bytes(Consumer<Members> content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            content.accept(new Members(json));
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    public static Json json(Consumer<Members> content) {
        return new Json(new String(bytes(content), StandardCharsets.UTF_8));
    }

    private interface Write {
        void run() throws IOException;
    }

    private Members write(Write write) {
        try {
            write.run();
            return this;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Writes the {@code toString} form of {@code value} as a string. */
    public Members text(String name, @Nullable Object value) {
        return value == null ? this : write(() -> json.writeStringField(name, value.toString()));
    }

    public Members number(String name, long value) { return write(() -> json.writeNumberField(name, value)); }

    public Members flag(String name, @Nullable Boolean value) {
        return value == null ? this : write(() -> json.writeBooleanField(name, value));
    }

    public Members instant(String name, @Nullable Instant value) {
        return value == null ? this : text(name, InstantText.of(value));
    }

    /** Writes the value as it was received. */
    public Members json(String name, @Nullable Json value) {
        return value == null ? this : write(() -> {
            json.writeFieldName(name);
            json.writeRawValue(value.text());
        });
    }

    /** An array of values as they were received. */
    public Members jsons(String name, Iterable<Json> values) {
        return write(() -> {
            json.writeArrayFieldStart(name);
            for (Json value : values) json.writeRawValue(value.text());
            json.writeEndArray();
        });
    }

    public Members object(String name, Consumer<Members> content) {
        return write(() -> {
            json.writeObjectFieldStart(name);
            content.accept(this);
            json.writeEndObject();
        });
    }

    public <T> Members object(String name, @Nullable T value, BiConsumer<Members, T> content) {
        return value == null ? this : object(name, members -> content.accept(members, value));
    }

    public <T> Members objects(String name, Iterable<T> values, BiConsumer<Members, T> content) {
        return array(name, items -> values.forEach(value -> items.element(one -> content.accept(one, value))));
    }

    /** An array of objects; each is written by {@link Elements#element}. */
    public Members array(String name, Consumer<Elements> content) {
        return write(() -> {
            json.writeArrayFieldStart(name);
            content.accept(new Elements());
            json.writeEndArray();
        });
    }

    public final class Elements {
        private Elements() {}

        public void element(Consumer<Members> content) {
            write(() -> {
                json.writeStartObject();
                content.accept(Members.this);
                json.writeEndObject();
            });
        }
    }

    public Members texts(String name, Iterable<?> values) {
        return write(() -> {
            json.writeArrayFieldStart(name);
            for (Object value : values) json.writeString(value.toString());
            json.writeEndArray();
        });
    }
}

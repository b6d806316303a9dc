package dev.holdpoint.dialect.mcp;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.holdpoint.door.json.BadJson;
import dev.holdpoint.door.json.StrictJson;
import dev.holdpoint.job.Json;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * A message of JSON-RPC 2.0 as a client sends it. Members that a later protocol may add are
 * passed over; everything else is strict.
 */
sealed interface Message {
    /** @param id a string or a whole number, as it was written */
    record Request(Json id, String method, Json params) implements Message {}

    record Notification(String method, Json params) implements Message {}

    /** To a request that this server never makes. */
    record Response() implements Message {}

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Envelope(@Nullable String jsonrpc, @Nullable Json id, @Nullable String method, @Nullable Json params,
            @Nullable Json result, @Nullable Json error) {}

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record InitializeParams(@Nullable String protocolVersion) {}

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record CallParams(@Nullable String name, @Nullable Json arguments, @JsonProperty("_meta") @Nullable Meta meta) {}

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Meta(@Nullable Json progressToken) {}

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record CancelledParams(@Nullable Json requestId) {}

    /** Throws {@link BadJson} when it is no message. */
    static Message read(StrictJson json, byte[] body) {
        if (body.length == 0) throw new BadJson("The body is empty.");
        Envelope read = json.read(body, Envelope.class);
        if (!"2.0".equals(read.jsonrpc())) throw new BadJson("jsonrpc must be 2.0; batches are not taken.");
        if (read.method() == null) {
            if (read.result() == null && read.error() == null) throw new BadJson("method is missing.");
            return new Response();
        }
        Json params = read.params() == null ? Json.EMPTY_OBJECT : read.params();
        if (!params.isObject()) throw new BadJson("params must be an object.");
        return read.id() == null
                ? new Notification(read.method(), params)
                : new Request(Names.checked(read.id(), "id"), read.method(), params);
    }

    static <T> T params(StrictJson json, Json params, Class<T> type) {
        return json.read(params.text().getBytes(StandardCharsets.UTF_8), type);
    }

    /** Request ids and progress tokens. */
    final class Names {
        private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,18}");
        private static final int LONGEST = 256;

        private Names() {}

        static Json checked(Json name, String what) {
            boolean fits = name.text().length() <= LONGEST
                    && (name.text().startsWith("\"") || WHOLE_NUMBER.matcher(name.text()).matches());
            if (!fits) throw new BadJson(what + " must be a short string or a whole number.");
            return name;
        }
    }
}

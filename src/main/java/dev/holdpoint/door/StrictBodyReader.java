package dev.holdpoint.door;

import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;

import dev.holdpoint.door.json.Requests;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.Provider;

/**
 * Reads every body of ours, in place of the framework's lenient reader, and keeps its bytes for the idempotency key.
 */
@Provider
public class StrictBodyReader implements MessageBodyReader<Requests.Body> {
    private static final String NDJSON_SUBTYPE = "x-ndjson";

    private final Bodies bodies;

    StrictBodyReader(Bodies bodies) { this.bodies = bodies; }

    @Override
    public boolean isReadable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return Requests.Body.class.isAssignableFrom(type);
    }

    @Override
    public Requests.Body readFrom(Class<Requests.Body> type, Type genericType, Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, String> headers, InputStream entity) throws IOException {
        byte[] body = entity.readAllBytes();
        // The framework lets a body without a type pass; a browser sends one across sites without asking first.
        if (body.length > 0 && !headers.containsKey(HttpHeaders.CONTENT_TYPE)) throw new NotSupportedException();
        return bodies.read(type, body, mediaType.getSubtype().equals(NDJSON_SUBTYPE));
    }
}

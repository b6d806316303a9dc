package dev.holdpoint.door;

import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.List;

import dev.holdpoint.door.json.Requests;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyReader;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/**
 * Reads every body of ours, in place of the framework's lenient reader, and keeps its bytes for the idempotency key.
 * By the framework's own kind of reader: for any other it looks a method's annotations up by reflection, twice for
 * every request.
 */
@Provider
public class StrictBodyReader implements ServerMessageBodyReader<Requests.Body> {
    private static final String NDJSON_SUBTYPE = "x-ndjson";

    private final Bodies bodies;

    StrictBodyReader(Bodies bodies) { this.bodies = bodies; }

    @Override
    public boolean isReadable(Class<?> type, Type genericType, ResteasyReactiveResourceInfo method,
            MediaType mediaType) {
        return isReadable(type);
    }

    @Override
    public boolean isReadable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return isReadable(type);
    }

    @Override
    public Requests.Body readFrom(Class<Requests.Body> type, Type genericType, MediaType mediaType,
            ServerRequestContext request) throws IOException {
        return read(type, mediaType, request.getRequestHeaders().getRequestHeaders(), request.getInputStream());
    }

    @Override
    public Requests.Body readFrom(Class<Requests.Body> type, Type genericType, Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, String> headers, InputStream entity) throws IOException {
        return read(type, mediaType, headers, entity);
    }

    private static boolean isReadable(Class<?> type) { return Requests.Body.class.isAssignableFrom(type); }

    private Requests.Body read(Class<Requests.Body> type, MediaType mediaType, MultivaluedMap<String, String> headers,
            InputStream entity) throws IOException {
        byte[] body = bodies.bytes(type, entity);
        // The framework lets a body without a type pass; a browser sends one across sites without asking first.
        if (body.length > 0 && !headers.containsKey(HttpHeaders.CONTENT_TYPE)) throw new NotSupportedException();
        List<String> codings = headers.getOrDefault(HttpHeaders.CONTENT_ENCODING, List.of());
        if (body.length > 0 && !codings.stream().allMatch("identity"::equalsIgnoreCase))
            throw new Problem(ProblemType.UNSUPPORTED_MEDIA_TYPE, "Send a body as it is, without a Content-Encoding.")
                    .refused();
        return bodies.read(type, body, mediaType.getSubtype().equals(NDJSON_SUBTYPE));
    }
}

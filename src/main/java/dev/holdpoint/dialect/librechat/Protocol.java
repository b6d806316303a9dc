package dev.holdpoint.dialect.librechat;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.vertx.core.http.HttpServerRequest;

/**
 * Which version of LibreChat's generation protocol a client speaks. Every job here is fenced by its
 * generation, so the client alone decides.
 */
enum Protocol {
    /** Clients that know no generations. */
    PLAIN(1),
    /** Clients that know frames which tell them to ask for what is stored. */
    FENCED(2);

    static final String HEADER = "x-librechat-generation-protocol";
    static final String MEMBER = "generationProtocolVersion";

    private final int number;

    Protocol(int number) { this.number = number; }

    int number() { return number; }

    static Protocol of(HttpServerRequest request) { return of(request, MissingNode.getInstance()); }

    /** Marks may be lost on their way, so one that is missing says nothing, and one that says less decides. */
    static Protocol of(HttpServerRequest request, JsonNode body) {
        JsonNode inBody = body.path(MEMBER);
        List<String> marks = Stream.of(request.getHeader(HEADER), request.getParam(MEMBER),
                inBody.isMissingNode() || inBody.isNull() ? null : inBody.asText()).filter(Objects::nonNull).toList();
        return !marks.isEmpty() && marks.stream().allMatch(String.valueOf(FENCED.number)::equals) ? FENCED : PLAIN;
    }
}

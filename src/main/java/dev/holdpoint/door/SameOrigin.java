package dev.holdpoint.door;

import java.net.URI;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** Whether a browser sends a request on behalf of a page of this service; no other page may use its cookie. */
final class SameOrigin {
    private SameOrigin() {}

    static boolean holds(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        boolean reads = request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        if (site != null) return site.equals("same-origin") || reads && site.equals("none");
        String origin = request.getHeader("Origin");
        return origin == null ? reads : isOf(origin, request.getHeader("Host"));
    }

    /** The scheme isn't compared: behind a proxy that ends TLS this service doesn't know its own. */
    private static boolean isOf(String origin, @Nullable String host) {
        try {
            String authority = URI.create(origin).getAuthority();
            return authority != null && authority.equalsIgnoreCase(host);
        } catch (IllegalArgumentException opaque) {
            return false;
        }
    }
}

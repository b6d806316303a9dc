package dev.holdpoint.door;

import static io.vertx.core.http.HttpHeaders.createOptimized;

import java.util.Map;

import io.vertx.core.MultiMap;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Tells browsers, on every answer, that nothing of this service may be framed, sniffed, shared
 * across origins or run as another's script.
 */
@Singleton
class AnswerHeaders {
    /** Before every other route, so that no refusal goes out without them. */
    static final int ORDER = Integer.MIN_VALUE;

    private static final Map<CharSequence, CharSequence> ALWAYS = Map.of(
            createOptimized("Content-Security-Policy"),
            createOptimized("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                    + " img-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
                    + " require-trusted-types-for 'script'; trusted-types holdpoint"),
            createOptimized("X-Content-Type-Options"), createOptimized("nosniff"),
            createOptimized("Referrer-Policy"), createOptimized("no-referrer"),
            createOptimized("Cross-Origin-Resource-Policy"), createOptimized("same-origin"),
            createOptimized("Cross-Origin-Opener-Policy"), createOptimized("same-origin"),
            createOptimized("Permissions-Policy"),
            createOptimized("accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(),"
                    + " magnetometer=(), microphone=(), midi=(), payment=(), usb=()"));
    private static final CharSequence TRANSPORT_SECURITY = createOptimized("Strict-Transport-Security");
    private static final CharSequence A_YEAR = createOptimized("max-age=31536000");
    private static final CharSequence CACHE_CONTROL = createOptimized("Cache-Control");
    private static final CharSequence NO_STORE = createOptimized("no-store");

    void install(@Observes Router router) {
        // A request that can't be understood never comes to a handler, only to one of failures.
        router.route().order(ORDER).handler(AnswerHeaders::put).failureHandler(AnswerHeaders::put);
    }

    private static void put(RoutingContext context) {
        MultiMap headers = context.response().headers();
        ALWAYS.forEach(headers::set);
        if (context.request().isSSL()) headers.set(TRANSPORT_SECURITY, A_YEAR);
        // A stream says otherwise, and later.
        if (isOfTheApi(context.normalizedPath()) && !headers.contains(CACHE_CONTROL))
            headers.set(CACHE_CONTROL, NO_STORE);
        context.next();
    }

    private static boolean isOfTheApi(String path) {
        return path.startsWith("/v1/") || Dialects.isOne(path) || path.equals(SignIn.PATH)
                || path.startsWith(Management.PATH + "/");
    }
}

package dev.holdpoint.door;

import java.time.Duration;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * The cookie of a browser that is signed in. Its prefix makes browsers refuse it from
 * other hosts, paths and plain connections.
 */
public final class SessionCookie {
    private static final String NAME = "__Host-holdpoint";

    private SessionCookie() {}

    /** The secret that the browser sent; null when it sent none. */
    public static @Nullable String of(HttpServerRequest request) {
        Cookie cookie = request.getCookie(NAME);
        return cookie == null ? null : cookie.getValue();
    }

    public static String keeping(String secret, Duration age) { return cookie(secret, Math.max(0, age.toSeconds())); }

    public static String gone() { return cookie("", 0); }

    private static String cookie(String value, long seconds) {
        return Cookie.cookie(NAME, value).setPath("/").setMaxAge(seconds).setSecure(true).setHttpOnly(true)
                .setSameSite(CookieSameSite.STRICT).encode();
    }
}

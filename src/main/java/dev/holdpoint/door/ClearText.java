package dev.holdpoint.door;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;

/**
 * Without TLS only HTTP/1.1 is spoken. An upgrade to HTTP/2 would take requests past a proxy in front that looks at
 * nothing but the first, and a malformed one leaves the connection without an answer.
 */
@Singleton
class ClearText implements HttpServerOptionsCustomizer {
    @Override
    public void customizeHttpServer(HttpServerOptions options) { options.setHttp2ClearTextEnabled(false); }
}

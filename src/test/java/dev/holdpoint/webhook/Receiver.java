package dev.holdpoint.webhook;

import static dev.holdpoint.store.Bench.got;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;

/** A receiver of webhooks on loopback that remembers what it got. */
public final class Receiver implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final List<Received> all = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private volatile Consumer<HttpServerRequest> manners = request -> request.response().setStatusCode(204).end();

    /** @param headers by their lower-case names */
    public record Received(String path, Map<String, String> headers, String body) {}

    Receiver() { this(0); }

    public Receiver(int port) { this(new HttpServerOptions().setPort(port)); }

    Receiver(HttpServerOptions options) {
        server = got(UniHelper.toUni(vertx.createHttpServer(new HttpServerOptions(options).setHost("127.0.0.1"))
                .requestHandler(this::receive).listen()));
    }

    private void receive(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            Map<String, String> headers = new TreeMap<>();
            request.headers().forEach(header -> headers.put(header.getKey().toLowerCase(Locale.ROOT),
                    header.getValue()));
            all.add(new Received(request.uri(), headers, body.toString()));
            manners.accept(request);
        });
    }

    /** How it answers from now on. */
    public Receiver answering(Consumer<HttpServerRequest> how) {
        manners = how;
        return this;
    }

    Receiver answering(int status, String... header) {
        return answering(request -> {
            if (header.length == 2) request.response().putHeader(header[0], header[1]);
            request.response().setStatusCode(status).end("thanks");
        });
    }

    public int port() { return server.actualPort(); }

    public List<Received> received() { return List.copyOf(all); }

    @Override
    public void close() { got(UniHelper.toUni(vertx.close())); }
}

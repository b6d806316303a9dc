package dev.holdpoint.store.redis.wire;

import java.net.URI;
import java.util.List;
import java.util.function.Supplier;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;

/** Asks the sentinels which server is the primary; the first that answers is believed. */
final class Sentinels implements Supplier<Future<String>> {
    private final List<Link> links;
    private final String scheme;
    private final String master;

    Sentinels(Vertx vertx, RedisOptions options, Settings settings) {
        this.links = options.getEndpoints().stream()
                .map(address -> new Link(vertx, Server.sentinel(vertx, options, address), settings.patience(), null))
                .toList();
        this.scheme = URI.create(options.getEndpoints().getFirst()).getScheme();
        this.master = options.getMasterName();
    }

    @Override
    public Future<String> get() {
        Promise<String> first = Promise.promise();
        Future.join(links.stream().map(link -> ask(link).onSuccess(first::tryComplete)).toList())
                .onFailure(first::tryFail);
        return first.future();
    }

    private Future<String> ask(Link link) {
        return link.send(Request.cmd(Command.SENTINEL).arg("GET-MASTER-ADDR-BY-NAME").arg(master))
                .compose(answer -> answer == null
                        ? Future.failedFuture("no sentinel knows the master " + master)
                        : Future.succeededFuture(address(answer)));
    }

    private String address(Response answer) { return scheme + "://" + answer.get(0) + ":" + answer.get(1); }
}

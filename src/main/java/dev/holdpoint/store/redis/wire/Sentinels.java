package dev.holdpoint.store.redis.wire;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;

/**
 * Asks the sentinels which server is the primary; the first that answers is believed, unless it
 * tells of an older time than another did.
 */
final class Sentinels implements Supplier<Future<String>> {
    private final List<Link> links;
    private final String scheme;
    private final String master;
    private final AtomicLong newest = new AtomicLong();

    Sentinels(Vertx vertx, RedisOptions options, Settings settings) {
        this.links = options.getEndpoints().stream()
                .map(address -> new Link(vertx, Server.sentinel(vertx, options, address, settings.patience()),
                        settings.patience(), null))
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
        return link.send(Request.cmd(Command.SENTINEL).arg("MASTER").arg(master)).compose(this::believed);
    }

    /** A sentinel that was cut off tells of an older time. */
    private Future<String> believed(Response answer) {
        Map<String, String> told = Replies.pairs(answer);
        long of = Long.parseLong(told.getOrDefault("config-epoch", "0"));
        if (of < newest.getAndUpdate(known -> Math.max(known, of)))
            return Future.failedFuture("a sentinel tells of an older primary");
        return Future.succeededFuture(scheme + "://" + told.get("ip") + ":" + told.get("port"));
    }
}

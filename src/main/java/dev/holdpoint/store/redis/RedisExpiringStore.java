package dev.holdpoint.store.redis;

import java.time.Duration;
import java.util.List;

import dev.holdpoint.job.ExpiringStore;
import dev.holdpoint.store.redis.Keys.Placed;
import dev.holdpoint.store.redis.wire.Commands;
import dev.holdpoint.store.redis.wire.Commands.Kindness;
import dev.holdpoint.store.redis.wire.Script;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import org.jspecify.annotations.Nullable;

/** Small values that Redis forgets by itself, shared by every replica. */
final class RedisExpiringStore implements ExpiringStore {
    private final Commands commands;
    private final Keys keys;

    RedisExpiringStore(Commands commands, Keys keys) {
        this.commands = commands;
        this.keys = keys;
    }

    @Override
    public Uni<Put> putIfAbsent(String key, String value, Duration ttl) {
        Placed place = keys.value(key);
        return commands.send(place.bucket(), Kindness.REPEATABLE, Command.SET, place.key(), value, "NX", "GET", "PX",
                StoredJson.millis(ttl))
                .map(present -> present == null || present.toString().equals(value) ? new Put.Stored()
                        : new Put.Present(present.toString()));
    }

    @Override
    public Uni<Put> put(String key, String value, Duration ttl) {
        Placed place = keys.value(key);
        return commands.send(place.bucket(), Kindness.REPEATABLE, Command.SET, place.key(), value, "PX",
                StoredJson.millis(ttl)).replaceWith(new Put.Stored());
    }

    @Override
    public Uni<@Nullable String> take(String key) {
        Placed place = keys.value(key);
        return commands.send(place.bucket(), Kindness.ONCE, Command.GETDEL, place.key())
                .map(RedisExpiringStore::text);
    }

    @Override
    public Uni<Void> remove(String key, String expected) {
        Placed place = keys.value(key);
        return commands.run(Script.REMOVE, place.bucket(), Kindness.FLEETING, List.of(place.key()), List.of(expected))
                .replaceWithVoid();
    }

    @Override
    public Uni<@Nullable String> get(String key) {
        Placed place = keys.value(key);
        return commands.send(place.bucket(), Kindness.READS, Command.GET, place.key()).map(RedisExpiringStore::text);
    }

    @Override
    public Uni<Replaced> replace(String key, @Nullable String expected, String value, Duration ttl) {
        Placed place = keys.value(key);
        return commands.run(Script.REPLACE, place.bucket(), Kindness.FLEETING, List.of(place.key()),
                List.of(expected == null ? "" : expected, value, StoredJson.millis(ttl)))
                .map(answer -> answer.get(0).toString().equals("replaced")
                        ? new Replaced.Done()
                        : new Replaced.Other(text(answer.get(1))));
    }

    private static @Nullable String text(@Nullable Response value) { return value == null ? null : value.toString(); }
}

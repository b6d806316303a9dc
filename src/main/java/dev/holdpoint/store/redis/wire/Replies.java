package dev.holdpoint.store.redis.wire;

import java.util.HashMap;
import java.util.Map;

import io.vertx.redis.client.Response;

/** Names and values in what servers tell of themselves. */
public final class Replies {
    private Replies() {}

    /** A map, which the older protocol tells as a list of names and values. */
    public static Map<String, String> pairs(Response reply) {
        Map<String, String> pairs = new HashMap<>();
        if (reply.isArray()) {
            for (int at = 0; at + 1 < reply.size(); at += 2)
                pairs.put(reply.get(at).toString(), reply.get(at + 1).toString());
        } else {
            reply.getKeys().forEach(name -> pairs.put(name, reply.get(name).toString()));
        }
        return pairs;
    }

    /** The lines of an {@code INFO}, one name and value each. */
    public static Map<String, String> lines(Response info) {
        Map<String, String> lines = new HashMap<>();
        info.toString().lines().filter(line -> line.contains(":")).forEach(line -> lines
                .put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1).strip()));
        return lines;
    }
}

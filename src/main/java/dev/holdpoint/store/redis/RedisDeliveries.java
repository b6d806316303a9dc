package dev.holdpoint.store.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.holdpoint.job.Json;
import dev.holdpoint.store.redis.Keys.Placed;
import dev.holdpoint.store.redis.wire.Commands;
import dev.holdpoint.store.redis.wire.Commands.Kindness;
import dev.holdpoint.store.redis.wire.Script;
import dev.holdpoint.webhook.DeadLetter;
import dev.holdpoint.webhook.Deliveries;
import dev.holdpoint.webhook.Message;
import dev.holdpoint.webhook.Queue;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import org.jspecify.annotations.Nullable;

/** What is still to be sent, shared by every replica; all of one endpoint lies in one slot. */
final class RedisDeliveries implements Deliveries {
    /** Longer than any message is tried; what belongs to endpoints that are configured no more goes by itself. */
    private static final Duration KEPT = Duration.ofDays(40);
    /** {@code <failed attempts> <at> <type>}, and on the next line the body. */
    private static final Pattern HELD = Pattern.compile("(\\d{1,9}) (\\d{1,15}) ([a-z.]+)\\n(.*)", Pattern.DOTALL);
    /** {@code <attempts> <died at> <why>}, and then the message. */
    private static final Pattern LETTER =
            Pattern.compile("(\\d{1,9}) (\\d{1,15}) ([^\\n]*)\\n(\\d{1,15}) ([a-z.]+)\\n(.*)", Pattern.DOTALL);

    private final Commands commands;
    private final Keys keys;
    private final RedisSettings settings;

    RedisDeliveries(Commands commands, Keys keys, RedisSettings settings) {
        this.commands = commands;
        this.keys = keys;
        this.settings = settings;
    }

    @Override
    public Uni<Void> add(Queue queue, List<Message> messages) {
        List<String> arguments = new ArrayList<>(List.of(settings.now(), Integer.toString(MOST_WAITING),
                Integer.toString(MOST_DEAD), StoredJson.millis(KEPT)));
        messages.forEach(message -> {
            arguments.add(message.id());
            arguments.add(message.at().toEpochMilli() + " " + message.type() + "\n" + message.body().text());
        });
        Placed place = keys.webhook(queue);
        return commands.run(Script.ANNOUNCE, place.bucket(), Kindness.REPEATABLE, keys.ofWebhook(place), arguments)
                .replaceWithVoid();
    }

    @Override
    public Uni<List<Taken>> take(Queue queue, int limit, Duration lease) {
        Placed place = keys.webhook(queue);
        return commands.run(Script.TAKE, place.bucket(), Kindness.FLEETING, keys.ofWebhook(place).subList(0, 3),
                List.of(settings.now(), Integer.toString(limit), StoredJson.millis(lease)))
                .map(answer -> answer.get(1).stream().map(RedisDeliveries::taken).filter(Objects::nonNull).toList());
    }

    /** Null for what no script wrote. */
    private static @Nullable Taken taken(Response entry) {
        Matcher held = HELD.matcher(entry.get(1).toString());
        return held.matches()
                ? new Taken(message(entry.get(0).toString(), held.group(2), held.group(3), held.group(4)),
                        Integer.parseInt(held.group(1)))
                : null;
    }

    private static Message message(String id, String at, String type, String body) {
        return new Message(id, type, instant(at), new Json(body));
    }

    private static Instant instant(String millis) { return Instant.ofEpochMilli(Long.parseLong(millis)); }

    @Override
    public Uni<Void> settle(Queue queue, Taken taken, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Delivered delivered -> settle(queue, taken, "delivered", "", "");
            case Outcome.Again again -> settle(queue, taken, "again", StoredJson.millis(again.in()), again.why());
            case Outcome.Dead dead -> settle(queue, taken, "dead", "", dead.why());
        };
    }

    private Uni<Void> settle(Queue queue, Taken taken, String outcome, String pause, String why) {
        Placed place = keys.webhook(queue);
        return commands.run(Script.SETTLE, place.bucket(), Kindness.REPEATABLE, keys.ofWebhook(place),
                List.of(settings.now(), taken.message().id(), Integer.toString(taken.attempt()), outcome, pause, why,
                        StoredJson.millis(REMEMBERED), Integer.toString(MOST_REMEMBERED), Integer.toString(MOST_DEAD),
                        StoredJson.millis(KEPT)))
                .replaceWithVoid();
    }

    @Override
    public Uni<List<DeadLetter>> dead(Queue queue, @Nullable String after, int limit) {
        Placed place = keys.webhook(queue);
        return commands.send(place.bucket(), Kindness.READS, Command.ZRANGE, keys.ofWebhook(place).get(4),
                after == null ? "+" : "(" + after, "-", "BYLEX", "REV", "LIMIT", "0", Integer.toString(limit))
                .chain(places -> places == null || places.size() == 0 ? Uni.createFrom().item(List.of())
                        : letters(queue, place, places.stream().map(Response::toString).map(RedisDeliveries::id)
                                .toList()));
    }

    private static String id(String place) { return place.substring(place.indexOf('.') + 1); }

    private Uni<List<DeadLetter>> letters(Queue queue, Placed place, List<String> ids) {
        return commands.send(place.bucket(), Kindness.READS, Command.HMGET,
                Stream.concat(Stream.of(keys.ofWebhook(place).get(5)), ids.stream()).toArray(String[]::new))
                .map(found -> found == null ? List.of()
                        : IntStream.range(0, ids.size()).mapToObj(at -> letter(queue, ids.get(at), found.get(at)))
                                .filter(Objects::nonNull).toList());
    }

    /** Null for what is gone meanwhile, and for what no script wrote. */
    private static @Nullable DeadLetter letter(Queue queue, String id, @Nullable Response stored) {
        Matcher letter = LETTER.matcher(stored == null ? "" : stored.toString());
        return letter.matches()
                ? new DeadLetter(queue.endpoint(), message(id, letter.group(4), letter.group(5), letter.group(6)),
                        instant(letter.group(2)), Integer.parseInt(letter.group(1)), letter.group(3))
                : null;
    }

    @Override
    public Uni<Boolean> replay(Queue queue, String id) {
        Placed place = keys.webhook(queue);
        return commands.run(Script.REPLAY, place.bucket(), Kindness.ONCE, keys.ofWebhook(place),
                List.of(settings.now(), id, StoredJson.millis(KEPT)))
                .map(answer -> answer.get(0).toString().equals("replayed"));
    }

    @Override
    public Uni<Standing> standing(Queue queue) {
        Placed place = keys.webhook(queue);
        List<String> all = keys.ofWebhook(place);
        return commands.run(Script.STANDING, place.bucket(), Kindness.READS,
                List.of(all.get(2), all.get(4), all.get(6)), List.of(settings.now()))
                .map(answer -> new Standing(Long.parseLong(answer.get(1).toString()),
                        Long.parseLong(answer.get(2).toString()), StoredJson.instant(answer.get(3).toString()),
                        StoredJson.instant(answer.get(4).toString()), text(answer.get(5).toString())));
    }

    private static @Nullable String text(String said) { return said.isEmpty() ? null : said; }
}

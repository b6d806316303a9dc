package dev.holdpoint.door;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import dev.holdpoint.access.Caller;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.door.problem.Refused;
import dev.holdpoint.job.BadCursor;
import dev.holdpoint.job.ExpiringStore;
import dev.holdpoint.job.ExpiringStore.Put;
import dev.holdpoint.job.Ids;
import dev.holdpoint.job.InvalidName;
import dev.holdpoint.job.Sha256;
import dev.holdpoint.job.ShortLived;
import dev.holdpoint.job.StoreTrouble;
import dev.holdpoint.job.StoreTrouble.Kind;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * Turns work into answers: refusals into problems, and a repeated {@code Idempotency-Key} into the first answer again.
 */
@Singleton
public class Calls {
    private static final String KEY_HEADER = "Idempotency-Key";
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,128}");
    private static final Duration KEPT = Duration.ofHours(24);
    /** Longer than any call takes; what has no answer after it, because its process died, never will have one. */
    private static final Duration UNDER_WAY = Duration.ofMinutes(2);
    /** Longer than what waits for nobody usually takes; a key that can't be freed isn't held for longer. */
    private static final Duration MOSTLY_OVER = Duration.ofSeconds(15);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final String IN_PROGRESS = "in-progress";
    private static final Problem UNANSWERED =
            new Problem(ProblemType.IN_PROGRESS, "The first call with this key has no answer yet.").retryAfter(SOON);
    private static final Problem UNKNOWN = new Problem(ProblemType.OUTCOME_UNKNOWN,
            "Whether the first call with this key was done is not known, and it is not done again. Look before it is sent under another.")
            .retryAfter(Duration.ofHours(1));

    private final ExpiringStore answers;
    private final Ids ids;
    private final InstantSource clock;
    private final CurrentCall call;
    private final Problems problems;

    /** What it comes to when the same work is done again because nobody knows whether it was done. */
    public enum Repeat {
        /** It finds what was done, or does no harm. So it goes without a key where there is no room for one. */
        HARMLESS,
        /** It would be done twice, so it isn't: whoever sends it again is told that nobody knows. */
        HARMFUL;

        /** @param findsItself whether the request names what it is known again by */
        public static Repeat harmlessIf(boolean findsItself) {
            return findsItself ? HARMLESS : HARMFUL;
        }
    }

    Calls(ShortLived values, Ids ids, InstantSource clock, CurrentCall call, Problems problems) {
        this.answers = values.answers();
        this.ids = ids;
        this.clock = clock;
        this.call = call;
        this.problems = problems;
    }

    /** Work that changes nothing. */
    public Uni<RestResponse<byte[]>> answer(HttpServerRequest request, Supplier<Uni<Answer>> work) {
        return attempt(work, asDocument(request)).map(Calls::response);
    }

    /** @param refused how a refusal is said */
    public Uni<RestResponse<byte[]>> answer(HttpServerRequest request, Supplier<Uni<Answer>> work,
            Function<Problem, Answer> refused) {
        return attempt(work, refused).map(Calls::response);
    }

    private static Function<Problem, Answer> asDocument(HttpServerRequest request) {
        return problem -> Answer.of(problem, request.path());
    }

    /**
     * Work that a client may want done once, however often it asks. It goes on when the client hangs up: nothing is
     * done by halves, and under a key its answer is found.
     */
    public Uni<RestResponse<byte[]>> once(HttpServerRequest request, Repeat repeat, Supplier<Uni<Answer>> work) {
        return once(request, repeat, work, asDocument(request));
    }

    /** @param refused how a refusal is said */
    public Uni<RestResponse<byte[]>> once(HttpServerRequest request, Repeat repeat, Supplier<Uni<Answer>> work,
            Function<Problem, Answer> refused) {
        return toItsEnd(kept(request, repeat, MOSTLY_OVER, work, refused)).map(Calls::response);
    }

    /**
     * The same for work that waits for somebody or only tells something: it is for nobody once the client has hung up,
     * and harmless to repeat.
     */
    public Uni<RestResponse<byte[]>> onceWhileThere(HttpServerRequest request, Supplier<Uni<Answer>> work) {
        return kept(request, Repeat.HARMLESS, UNDER_WAY, work, asDocument(request)).map(Calls::response);
    }

    /**
     * Work done once, and what is then made of its answer. Only the work is kept under a key, so that neither what
     * follows it nor a client that hangs up meanwhile frees the key; whoever asks again gets what follows anew.
     *
     * @param then of a 200; a refusal is answered as it is
     */
    public Uni<RestResponse<byte[]>> onceAndThen(HttpServerRequest request, Repeat repeat, Supplier<Uni<Answer>> work,
            Function<Answer, Uni<RestResponse<byte[]>>> then) {
        return toItsEnd(kept(request, repeat, MOSTLY_OVER, work, asDocument(request)))
                .chain(answer -> answer.status() == 200 ? then.apply(answer)
                        : Uni.createFrom().item(response(answer)));
    }

    private static <T> Uni<T> toItsEnd(Uni<T> work) {
        return Uni.createFrom().emitter(waiting -> work.subscribe().with(waiting::complete, waiting::fail));
    }

    /** @param usual how long a key is held for an answer where a repetition is harmless */
    private Uni<Answer> kept(HttpServerRequest request, Repeat repeat, Duration usual, Supplier<Uni<Answer>> work,
            Function<Problem, Answer> refused) {
        String key = request.getHeader(KEY_HEADER);
        if (key == null) return attempt(work, refused);
        if (!KEY.matcher(key).matches()) {
            return attempt(() -> refuse(Refusals.invalid("Idempotency-Key must be 1 to 128 visible ASCII characters.")),
                    refused);
        }
        Caller caller = call.caller();
        String tenant = caller.space().tenant() == null ? "" : caller.space().tenant().value();
        // No part can hold a line break, so no two scopes can look the same. What was
        // answered to other roles isn't for these.
        String scope = Sha256.of(String.join("\n", tenant, caller.subject(), String.join(",", caller.roleWords()),
                request.method().name(), request.path(), key));
        String digest = Sha256.of(call.body());
        Place place = new Place("idempotency:" + scope, digest, placeholder(digest, clock.instant()),
                repeat == Repeat.HARMLESS);
        return first(place, place.isHarmless() ? usual : KEPT, work, refused);
    }

    /**
     * @param key of the store
     * @param digest of the body
     * @param placeholder this call's alone, until there is an answer
     */
    private record Place(String key, String digest, String placeholder, boolean isHarmless) {}

    private String placeholder(String digest, Instant since) {
        return String.join(" ", digest, IN_PROGRESS, Long.toString(since.toEpochMilli()), ids.next());
    }

    private Uni<Answer> first(Place place, Duration held, Supplier<Uni<Answer>> work,
            Function<Problem, Answer> refused) {
        return reserved(place, held).chain(put -> switch (put) {
            case Put.Stored stored -> attempt(work, refused)
                    .onItem().call(answer -> keep(place, answer))
                    .onFailure().call(failure -> place.isHarmless() || isUndone(failure) ? free(place) : hold(place))
                    // Who gave up waiting must be able to ask again.
                    .onCancellation().call(() -> free(place));
            case Put.Present present -> Uni.createFrom().item(replay(present.value(), place.digest(), refused));
            case Put.Full full when place.isHarmless() -> attempt(work, refused);
            case Put.Full full -> Uni.createFrom().item(problems.said(Refusals.storeFull(), refused));
        });
    }

    /** Seen to its end, so that the key is free again when nobody waits for it any more. */
    private Uni<Put> reserved(Place place, Duration held) {
        return Uni.createFrom().emitter(waiting -> {
            AtomicBoolean over = new AtomicBoolean();
            waiting.onTermination(() -> over.set(true));
            answers.putIfAbsent(place.key(), place.placeholder(), held)
                    .call(put -> over.get() && put instanceof Put.Stored ? free(place) : Uni.createFrom().voidItem())
                    .onFailure(trouble -> isOf(Kind.OUTCOME_UNKNOWN, trouble)).call(() -> free(place))
                    .onFailure(trouble -> isOf(Kind.OVERLOADED, trouble) && place.isHarmless())
                    .recoverWithUni(() -> present(place))
                    .subscribe().with(waiting::complete, waiting::fail);
        });
    }

    /** A store that has no room or no time for a key may still tell what is there. */
    private Uni<Put> present(Place place) {
        return answers.get(place.key()).map(there -> there == null ? new Put.Full() : new Put.Present(there));
    }

    private static boolean isOf(Kind kind, Throwable failure) {
        return failure instanceof StoreTrouble trouble && trouble.kind() == kind;
    }

    private static boolean isUndone(Throwable failure) {
        return failure instanceof StoreTrouble && !isOf(Kind.OUTCOME_UNKNOWN, failure);
    }

    /** Trouble on this side is not an answer to hold the client to: the key is free for another try. */
    private Uni<?> keep(Place place, Answer answer) {
        boolean settles = answer.status() < 500 && answer.status() != 429;
        if (!settles) return free(place);
        return answers.put(place.key(), place.digest() + " " + stored(answer), KEPT)
                .onFailure().recoverWithItem(new Put.Full())
                // What was done and must not be done again stays held, though it will be called unknown.
                .call(put -> put instanceof Put.Stored || !place.isHarmless() && answer.status() < 400
                        ? Uni.createFrom().voidItem()
                        : free(place));
    }

    /** Never to be done again under this key. Where that can't be put down now, the placeholder says so later. */
    private Uni<?> hold(Place place) {
        return answers.put(place.key(), placeholder(place.digest(), Instant.EPOCH), KEPT).onFailure().recoverWithNull();
    }

    /** A key that another call holds by now stays that call's. */
    private Uni<Void> free(Place place) {
        return answers.remove(place.key(), place.placeholder()).onFailure().recoverWithNull();
    }

    private Answer replay(String stored, String digest, Function<Problem, Answer> refused) {
        int space = stored.indexOf(' ');
        if (!stored.substring(0, space).equals(digest)) {
            return problems.said(
                    new Problem(ProblemType.IDEMPOTENCY_KEY_REUSED, "The key came with another body before."),
                    refused);
        }
        String answer = stored.substring(space + 1);
        return answer.startsWith(IN_PROGRESS)
                ? problems.said(isOver(answer) ? UNKNOWN : UNANSWERED, refused)
                : parse(answer).with("Idempotent-Replayed", "true");
    }

    private boolean isOver(String placeholder) {
        Instant since = Instant.ofEpochMilli(Long.parseLong(placeholder.split(" ", -1)[1]));
        return since.plus(UNDER_WAY).isBefore(clock.instant());
    }

    private Uni<Answer> attempt(Supplier<Uni<Answer>> work, Function<Problem, Answer> refused) {
        return Uni.createFrom().deferred(work::get)
                .onFailure(Refused.class)
                .recoverWithItem(why -> problems.said(why.problem(), refused))
                .onFailure(failure -> failure instanceof InvalidName || failure instanceof BadCursor)
                .recoverWithItem(invalid -> problems.said(Refusals.invalid(String.valueOf(invalid.getMessage())),
                        refused));
    }

    public static Uni<Answer> refuse(Problem problem) { return Uni.createFrom().failure(problem.refused()); }

    public static RestResponse<byte[]> response(Answer answer) {
        ResponseBuilder<byte[]> response = ResponseBuilder.create(answer.status());
        if (answer.status() != 204) response.entity(answer.body()).type(answer.mediaType());
        answer.headers().forEach(response::header);
        return response.build();
    }

    private static String stored(Answer answer) {
        StringBuilder text = new StringBuilder().append(answer.status()).append(' ').append(answer.mediaType());
        answer.headers().forEach((name, value) -> text.append(' ').append(name).append('=')
                .append(encoded(value.getBytes(StandardCharsets.UTF_8))));
        return text.append(' ').append(encoded(answer.body())).toString();
    }

    private static Answer parse(String text) {
        String[] parts = text.split(" ", -1);
        Map<String, String> headers = new LinkedHashMap<>();
        for (int at = 2; at < parts.length - 1; at++) {
            int equals = parts[at].indexOf('=');
            headers.put(parts[at].substring(0, equals),
                    new String(decoded(parts[at].substring(equals + 1)), StandardCharsets.UTF_8));
        }
        return new Answer(Integer.parseInt(parts[0]), parts[1], decoded(parts[parts.length - 1]), headers);
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] decoded(String text) { return Base64.getUrlDecoder().decode(text); }
}

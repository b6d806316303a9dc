package dev.holdpoint.store.redis.wire;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import dev.holdpoint.job.StoreTrouble;
import dev.holdpoint.job.StoreTrouble.Kind;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import org.jspecify.annotations.Nullable;

/**
 * Runs scripts and plain commands where their bucket lives. A command that was certainly not run is tried again for a
 * while; one that may have been run only when repeating it does no harm. Every failure is a {@link StoreTrouble}.
 */
public final class Commands {
    /** Together about two seconds: long enough for a restart, short enough for somebody who waits. */
    private static final List<Long> PAUSES_MILLIS = List.of(10L, 20L, 50L, 100L, 200L, 300L, 400L, 500L, 500L);

    /** Where each attempt itself takes long, as with a server that hangs, there are fewer of them. */
    private static final long LATE_MILLIS = 3_000;

    private final Vertx vertx;
    private final Nodes nodes;

    Commands(Vertx vertx, Nodes nodes) {
        this.vertx = vertx;
        this.nodes = nodes;
    }

    /** What repeating a command does. */
    public enum Kindness {
        /** Changes nothing. */
        READS,
        /** Done twice is done once. */
        REPEATABLE,
        /** Done twice is done twice. */
        ONCE,
        /** Done twice does no harm, and it may be lost: nobody waits for its confirmation. */
        FLEETING;

        boolean isConfirmed() { return this == REPEATABLE || this == ONCE; }
    }

    /**
     * Runs the script with as many keys and arguments as its header names.
     *
     * @param bucket where all the keys live
     */
    public Uni<Response> run(Script script, int bucket, Kindness kindness, List<String> keys, List<String> arguments) {
        script.check(keys.size(), arguments.size());
        return attempt(bucket, kindness, link -> eval(script, link, kindness, keys, arguments));
    }

    /** Runs a plain command, unconfirmed. */
    public Uni<@Nullable Response> send(int bucket, Kindness kindness, Command command, String... arguments) {
        return attempt(bucket, kindness, link -> link.send(request(command, arguments)));
    }

    static Request request(Command command, String... arguments) {
        Request request = Request.cmd(command);
        for (String argument : arguments) request.arg(argument);
        return request;
    }

    private static Future<Response> eval(Script script, Way way, Kindness kindness, List<String> keys,
            List<String> arguments) {
        return way.send(request(Command.EVALSHA, script.sha(), keys, arguments), kindness).recover(
                // A restart, a promotion and SCRIPT FLUSH all forget scripts; EVAL teaches it again.
                failure -> "NOSCRIPT".equals(Troubles.code(failure))
                        ? way.send(request(Command.EVAL, script.source(), keys, arguments), kindness)
                        : Future.failedFuture(failure));
    }

    private static Request request(Command command, String script, List<String> keys, List<String> arguments) {
        Request request = Request.cmd(command).arg(script).arg(keys.size());
        keys.forEach(request::arg);
        arguments.forEach(request::arg);
        return request;
    }

    /** A link, and whether a command over it is to be confirmed. */
    private record Way(Link link, boolean asking) {
        Future<Response> send(Request request, Kindness kindness) {
            if (asking) return link.sendAsking(request, kindness.isConfirmed());
            return kindness.isConfirmed() ? link.sendConfirmed(request) : link.send(request);
        }

        /** Unconfirmed. */
        Future<Response> send(Request request) {
            return asking ? link.sendAsking(request, false) : link.send(request);
        }
    }

    private <T> Uni<T> attempt(int bucket, Kindness kindness, Function<Way, Future<T>> command) {
        return Uni.createFrom().deferred(() -> {
            // Whoever called is called back where he stands, however often and over whatever connection it was tried.
            Promise<T> promise = ((ContextInternal) vertx.getOrCreateContext()).promise();
            AtomicBoolean late = new AtomicBoolean();
            long timer = vertx.setTimer(LATE_MILLIS, none -> late.set(true));
            promise.future().onComplete(done -> vertx.cancelTimer(timer));
            nodes.primary(bucket).onComplete(
                    found -> attempt(new Try<>(bucket, kindness, command, promise, late), 0, false, found.result(),
                            found.cause()));
            return UniHelper.toUni(promise.future());
        });
    }

    /** @param late set when there is no time left for another attempt */
    private record Try<T>(int bucket, Kindness kindness, Function<Way, Future<T>> command, Promise<T> promise,
            AtomicBoolean late) {}

    private <T> void attempt(Try<T> one, int number, boolean maybeDone, @Nullable Primary primary,
            @Nullable Throwable unknown) {
        Future<T> answer = primary == null
                ? Future.failedFuture(unknown == null ? new Link.NotSent("no primary", null) : unknown)
                : one.command().apply(new Way(one.kindness().isConfirmed()
                        ? primary.writes(one.bucket())
                        : primary.reads(one.bucket()), false));
        answer.onSuccess(one.promise()::complete)
                .onFailure(failure -> failed(one, number, maybeDone, primary, failure));
    }

    private <T> void failed(Try<T> one, int number, boolean maybeDone, @Nullable Primary primary, Throwable failure) {
        if (failure instanceof Link.Unconfirmable) {
            one.promise().fail(Troubles.trouble(Kind.OUTCOME_UNKNOWN, failure));
            return;
        }
        String code = Troubles.code(failure);
        if ("ASK".equals(code)) {
            follow(one, number, maybeDone, String.valueOf(failure.getMessage()), failure);
            return;
        }
        Kind refusal = Troubles.refusal(failure);
        boolean cut = refusal == null && Troubles.isCut(failure);
        if (refusal == null && !cut) {
            // The server ran into something that no repetition mends.
            one.promise().fail(failure);
            return;
        }
        boolean done = maybeDone || cut && one.kindness() != Kindness.READS;
        nodes.doubt();
        if ("READONLY".equals(code) && primary != null) primary.cut();
        // Memory that is full stays so for longer than anybody should wait for that to be said.
        boolean hopeless = "OOM".equals(code) || cut && one.kindness() == Kindness.ONCE;
        if (hopeless || number >= PAUSES_MILLIS.size() || one.late().get()) {
            Kind kind = done ? Kind.OUTCOME_UNKNOWN : refusal == null ? Kind.UNAVAILABLE : refusal;
            one.promise().fail(Troubles.trouble(kind, failure));
            return;
        }
        vertx.setTimer(PAUSES_MILLIS.get(number), again -> nodes.primary(one.bucket()).onComplete(
                found -> attempt(one, number + 1, done, found.result(), found.cause())));
    }

    /** {@code ASK slot host:port}: the slot is on its way; this one command is taken there. */
    private <T> void follow(Try<T> one, int number, boolean maybeDone, String message, Throwable failure) {
        Primary there = nodes.pointedTo(message.substring(message.lastIndexOf(' ') + 1));
        if (there == null) {
            one.promise().fail(Troubles.trouble(Kind.UNAVAILABLE, failure));
            return;
        }
        one.command().apply(new Way(there.writes(one.bucket()), true)).onSuccess(one.promise()::complete)
                .onFailure(again -> failed(one, number, maybeDone, there,
                        "ASK".equals(Troubles.code(again)) ? new Link.NotSent("asked in circles", failure) : again));
    }
}

package dev.holdpoint.api;

import java.util.function.Supplier;

import dev.holdpoint.door.Answer;
import dev.holdpoint.door.Calls;
import dev.holdpoint.door.Departures;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.Traces;
import dev.holdpoint.door.json.Shapes;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.job.Continuation;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.Transition;
import dev.holdpoint.job.WorkerId;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** What all claims have in common: they may wait, and they end in a continuation, in nothing, or in a refusal. */
@Singleton
class ClaimCalls {
    private final Calls calls;

    ClaimCalls(Calls calls) { this.calls = calls; }

    Uni<RestResponse<byte[]>> claim(HttpServerRequest request, RoutingContext context,
            Supplier<Uni<Transition>> claim) {
        Traces trace = Traces.of(request);
        return whileConnected(context, calls.onceWhileThere(request,
                () -> claim.get().invoke(outcome -> follow(trace, outcome)).map(ClaimCalls::answer)));
    }

    private static void follow(Traces trace, Transition outcome) {
        if (!(outcome instanceof Transition.Won won)) return;
        Resolution decided = won.job().continuation().orElseThrow().resolution();
        trace.concern(won.job().key(), decided.action().id());
        trace.follow(decided);
    }

    static WorkerId worker(@Nullable String name) { return new WorkerId(Inputs.present(name, "workerId")); }

    private static Answer answer(Transition outcome) {
        return switch (outcome) {
            case Transition.Won won -> claimed(won.job());
            case Transition.StillUndecided undecided -> Answer.noContent();
            case Transition.ActionClosed closed -> throw Refusals.actionClosed(closed.outcome()).refused();
            case Transition.Lost lost -> throw Refusals.of(lost).refused();
        };
    }

    private static Answer claimed(Job job) {
        Continuation continuation = job.continuation().orElseThrow();
        return Answer.ok(json -> Shapes.claim(json, job, continuation));
    }

    /** Whoever hangs up while waiting must not be handed a continuation that nobody will ever see. */
    private static Uni<RestResponse<byte[]>> whileConnected(RoutingContext context, Uni<RestResponse<byte[]>> waiting) {
        return Uni.createFrom().emitter(emitter -> follow(context, waiting, emitter));
    }

    private static void follow(RoutingContext context, Uni<RestResponse<byte[]>> waiting,
            UniEmitter<? super RestResponse<byte[]>> emitter) {
        Cancellable running = waiting.subscribe().with(emitter::complete, emitter::fail);
        Departures.whenOver(context, running::cancel);
    }
}

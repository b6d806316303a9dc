package dev.holdpoint.webhook;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import dev.holdpoint.cloudevents.CloudEvents;
import dev.holdpoint.webhook.Deliveries.Outcome;
import dev.holdpoint.webhook.Deliveries.Standing;
import dev.holdpoint.webhook.Deliveries.Taken;
import dev.holdpoint.webhook.Postman.Reception;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import org.jboss.logging.Logger;

/**
 * Sends what is due. Each endpoint has lanes of its own, so that one that is slow or away keeps nobody else waiting.
 */
public final class Courier {
    private static final Logger LOG = Logger.getLogger(Courier.class);
    private static final int LANES = 4;
    /** Longer than any attempt takes; should this process die, somebody else tries after it. */
    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final String GONE = "gone";

    private final Endpoints endpoints;
    private final Deliveries deliveries;
    private final Postman postman;
    private final InstantSource clock;
    private final Counter delivered;
    private final Counter failed;
    private final Counter died;
    private final Map<String, Lanes> lanes = new ConcurrentHashMap<>();
    private final Set<String> gone = ConcurrentHashMap.newKeySet();
    private volatile double due = Double.NaN;
    private volatile double dead = Double.NaN;

    Courier(Endpoints endpoints, Deliveries deliveries, Postman postman, InstantSource clock, MeterRegistry meters) {
        this.endpoints = endpoints;
        this.deliveries = deliveries;
        this.postman = postman;
        this.clock = clock;
        this.delivered = attempts("delivered", meters);
        this.failed = attempts("failed", meters);
        this.died = attempts("dead", meters);
        Gauge.builder("holdpoint.webhook.due", this, courier -> courier.due)
                .description("Webhooks that are still to be delivered").register(meters);
        Gauge.builder("holdpoint.webhook.dead", this, courier -> courier.dead)
                .description("Webhooks that were given up").register(meters);
    }

    /**
     * There from the start: a counter that is born with its first event hides that
     * one from whoever asks for the increase.
     */
    private static Counter attempts(String outcome, MeterRegistry meters) {
        return Counter.builder("holdpoint.webhook.deliveries").tag("outcome", outcome)
                .description("Attempts to deliver a webhook").register(meters);
    }

    public static Courier on(Vertx vertx, Endpoints endpoints, Deliveries deliveries, InstantSource clock,
            MeterRegistry meters) {
        return new Courier(endpoints, deliveries, HttpPostman.on(vertx, clock), clock, meters);
    }

    /** Whether the receiver said that it wants nothing more; until the next start it gets nothing from this process. */
    public boolean isGone(Endpoint endpoint) {
        return gone.contains(endpoint.name());
    }

    /** Begins to send what is due. Returns at once. */
    public void run() {
        for (Endpoint endpoint : endpoints.all()) {
            serve(endpoint).subscribe().with(served -> LOG.trace("served"), failure -> LOG.debugf(failure,
                    "webhook: endpoint=%s isn't served; the next pass tries again", endpoint.name()));
        }
    }

    /** Sends to one endpoint until nothing is due, on as many lanes as are free. */
    Uni<Void> serve(Endpoint endpoint) {
        Lanes own = lanes.computeIfAbsent(endpoint.name(), none -> new Lanes());
        return Uni.createFrom().deferred(() -> {
            int free = own.takeAll();
            if (free == 0) return Uni.createFrom().voidItem();
            return deliveries.take(endpoint.queue(), free, LEASE)
                    .onFailure().invoke(failure -> own.give(free))
                    .invoke(first -> own.give(free - first.size()))
                    .chain(first -> first.isEmpty() ? Uni.createFrom().voidItem()
                            : Uni.join().all(first.stream().map(taken -> lane(endpoint, taken)
                                    .onTermination().invoke(() -> own.give(1))).toList())
                                    .andCollectFailures().replaceWithVoid());
        });
    }

    /** The lanes of one endpoint that nothing is sent on. */
    private static final class Lanes {
        private final AtomicInteger free = new AtomicInteger(LANES);

        int takeAll() { return free.getAndSet(0); }

        void give(int back) { free.addAndGet(back); }
    }

    private Uni<Void> lane(Endpoint endpoint, Taken first) {
        // Repeated, not recursive: a long queue would be too much for one stack.
        return send(endpoint, first).chain(() -> Multi.createBy().repeating()
                .uni(() -> deliveries.take(endpoint.queue(), 1, LEASE)
                        .call(next -> next.isEmpty() ? Uni.createFrom().voidItem() : send(endpoint, next.getFirst())))
                .until(List::isEmpty)
                .onItem().ignoreAsUni());
    }

    private Uni<Void> send(Endpoint endpoint, Taken taken) {
        return attempt(endpoint, taken)
                .invoke(outcome -> tell(endpoint, taken, outcome))
                .chain(outcome -> deliveries.settle(endpoint.queue(), taken, outcome));
    }

    private Uni<Outcome> attempt(Endpoint endpoint, Taken taken) {
        if (isGone(endpoint)) return Uni.createFrom().item(new Outcome.Dead(GONE));
        Message message = taken.message();
        long seconds = clock.instant().getEpochSecond();
        Map<String, String> headers = new LinkedHashMap<>();
        // What was queued before the format was changed goes as what it is.
        headers.put("Content-Type", CloudEvents.isOne(message.body()) ? CloudEvents.MEDIA_TYPE : "application/json");
        headers.put("User-Agent", "Holdpoint");
        headers.put("webhook-id", message.id());
        headers.put("webhook-timestamp", Long.toString(seconds));
        if (!endpoint.keys().isEmpty())
            headers.put("webhook-signature", endpoint.keys().sign(message.id(), seconds, message.body().text()));
        return postman.carry(endpoint, headers, message.body().text(), taken.attempt())
                .map(reception -> outcome(endpoint, taken, reception));
    }

    private Outcome outcome(Endpoint endpoint, Taken taken, Reception reception) {
        return switch (reception) {
            case Reception.Accepted accepted -> new Outcome.Delivered();
            case Reception.Failed failed -> Retries.after(taken.message().id(), taken.attempt(), failed.asked())
                    .<Outcome>map(pause -> new Outcome.Again(pause, failed.why()))
                    .orElseGet(() -> new Outcome.Dead(failed.why()));
            case Reception.Gone nothingMore -> {
                if (gone.add(endpoint.name()))
                    LOG.warnf("webhook: endpoint=%s answered 410 and gets nothing more until the next start",
                            endpoint.name());
                yield new Outcome.Dead(GONE);
            }
        };
    }

    private void tell(Endpoint endpoint, Taken taken, Outcome outcome) {
        switch (outcome) {
            case Outcome.Delivered done -> delivered.increment();
            case Outcome.Again again -> failed.increment();
            case Outcome.Dead ended -> died.increment();
        }
        switch (outcome) {
            case Outcome.Delivered done -> LOG.debugf("webhook: endpoint=%s id=%s delivered", endpoint.name(),
                    taken.message().id());
            case Outcome.Again again -> LOG.infof("webhook: endpoint=%s id=%s attempt=%d why=%s again in %s",
                    endpoint.name(), taken.message().id(), taken.attempt() + 1, again.why(), again.in());
            case Outcome.Dead ended -> LOG.warnf("webhook: endpoint=%s id=%s attempt=%d why=%s is a dead letter",
                    endpoint.name(), taken.message().id(), taken.attempt() + 1, ended.why());
        }
    }

    /**
     * Looks how much waits and how much is dead, for the metrics. Who isn't answered tells no number:
     * an old one would look like a good one.
     */
    public Uni<Void> look() {
        return Multi.createFrom().iterable(endpoints.all())
                .onItem().transformToUniAndConcatenate(endpoint -> deliveries.standing(endpoint.queue()))
                .collect().asList()
                .onFailure().invoke(unknown -> tell(Double.NaN, Double.NaN))
                .invoke(all -> tell(all.stream().mapToDouble(Standing::waiting).sum(),
                        all.stream().mapToDouble(Standing::dead).sum()))
                .replaceWithVoid();
    }

    private void tell(double waiting, double given) {
        due = waiting;
        dead = given;
    }
}

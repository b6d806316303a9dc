package dev.holdpoint.webhook;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.holdpoint.cloudevents.CloudEvents;
import dev.holdpoint.job.Debt;
import dev.holdpoint.job.Ids;
import dev.holdpoint.mask.Masks;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.jboss.logging.Logger;

/**
 * Queues what each receiver is to be told of what the outbox holds. Nothing is sent
 * here, so no receiver holds up the outbox.
 */
public final class Announcements {
    private static final Logger LOG = Logger.getLogger(Announcements.class);

    private final Endpoints endpoints;
    private final Deliveries deliveries;
    private final Messages messages;
    private final Ids ids;
    private final InstantSource clock;

    public Announcements(Endpoints endpoints, Deliveries deliveries, Masks masks, CloudEvents cloudEvents, Ids ids,
            InstantSource clock) {
        this.endpoints = endpoints;
        this.deliveries = deliveries;
        this.messages = new Messages(masks, cloudEvents);
        this.ids = ids;
        this.clock = clock;
    }

    /** Safe to repeat: what is queued already, or was lately, is known by its id. */
    public Uni<Void> announce(List<Debt> debts) {
        if (endpoints.isEmpty()) return Uni.createFrom().voidItem();
        Map<Queue, List<Message>> fresh = new LinkedHashMap<>();
        for (Debt debt : debts) {
            for (Endpoint endpoint : endpoints.of(debt.space())) {
                List<Message> told = told(debt, endpoint);
                if (!told.isEmpty()) fresh.computeIfAbsent(endpoint.queue(), none -> new ArrayList<>()).addAll(told);
            }
        }
        return Multi.createFrom().iterable(fresh.entrySet())
                .onItem().transformToUniAndConcatenate(one -> deliveries.add(one.getKey(), one.getValue()))
                .onItem().ignoreAsUni();
    }

    /** One entry that can't be told of must not stand before all the others for ever. */
    private List<Message> told(Debt debt, Endpoint endpoint) {
        try {
            return messages.of(debt, endpoint);
        } catch (IllegalArgumentException unwritable) {
            LOG.errorf(unwritable, "webhook: endpoint=%s isn't told of a %s, which can't be written", endpoint.name(),
                    debt.getClass().getSimpleName());
            return List.of();
        }
    }

    /** Queues a message that tells of nothing, and answers its id. */
    public Uni<String> test(Endpoint endpoint) {
        Message message = messages.test(endpoint, ids.next(), clock.instant());
        return deliveries.add(endpoint.queue(), List.of(message)).replaceWith(message.id());
    }
}

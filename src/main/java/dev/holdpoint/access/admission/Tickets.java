package dev.holdpoint.access.admission;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

import dev.holdpoint.access.Caller;
import dev.holdpoint.job.ExpiringStore;
import dev.holdpoint.job.ExpiringStore.Put;
import dev.holdpoint.job.Ids;
import dev.holdpoint.job.Sha256;
import dev.holdpoint.job.ShortLived;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/**
 * Single-use stand-ins for a credential where a browser can't send one: event
 * streams. Any replica of a store redeems them.
 */
@ApplicationScoped
public class Tickets {
    static final Duration TTL = Duration.ofSeconds(60);

    private final ExpiringStore store;
    private final Ids ids;
    private final InstantSource clock;

    Tickets(ShortLived values, Ids ids, InstantSource clock) {
        this.store = values.tickets();
        this.ids = ids;
        this.clock = clock;
    }

    public record Ticket(String secret, Instant expiresAt) {}

    /** A ticket for this caller; empty when the store has no room for it. */
    public Uni<Optional<Ticket>> issue(Caller caller) {
        Ticket ticket = new Ticket(ids.secret(), clock.instant().plus(TTL));
        return store.putIfAbsent(key(ticket.secret()), WrittenCaller.text(caller), TTL).map(put -> switch (put) {
            case Put.Stored stored -> Optional.of(ticket);
            case Put.Present present -> throw new IllegalStateException("a fresh secret was there already");
            case Put.Full full -> Optional.empty();
        });
    }

    /** Looked for first: strangers who make tickets up cost the store a read, and no confirmed write. */
    Uni<Optional<Caller>> redeem(String secret) {
        return store.get(key(secret))
                .chain(there -> there == null ? Uni.createFrom().<@Nullable String>nullItem() : store.take(key(secret)))
                .map(text -> Optional.ofNullable(text).map(WrittenCaller::read));
    }

    private static String key(String secret) { return "ticket:" + Sha256.of(secret); }
}

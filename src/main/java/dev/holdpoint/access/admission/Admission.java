package dev.holdpoint.access.admission;

import java.time.InstantSource;
import java.util.Optional;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Credential;
import dev.holdpoint.access.keys.KeyRing;
import dev.holdpoint.access.tokens.Tokens;
import dev.holdpoint.job.TenantId;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** Tells who calls from what they show. In doubt nobody does. */
@ApplicationScoped
public class Admission {
    private static final String BEARER = "Bearer ";

    private final KeyRing keys;
    private final Tokens tokens;
    private final Sessions sessions;
    private final Tickets tickets;
    private final InstantSource clock;

    Admission(KeyRing keys, Tokens tokens, Sessions sessions, Tickets tickets, InstantSource clock) {
        this.keys = keys;
        this.tokens = tokens;
        this.sessions = sessions;
        this.tickets = tickets;
        this.clock = clock;
    }

    public sealed interface Outcome {
        record Known(Caller caller) implements Outcome {}

        /** No credential, or none that is in force. */
        record Unknown() implements Outcome {}

        /** The credential doesn't reach the tenant that the call names. */
        record WrongTenant() implements Outcome {}
    }

    /**
     * @param authorization the {@code Authorization} header
     * @param tenant        the {@code Holdpoint-Tenant} header
     */
    public Uni<Outcome> byBearer(String authorization, @Nullable String tenant) {
        if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length()))
            return Uni.createFrom().item(new Outcome.Unknown());
        String secret = authorization.substring(BEARER.length()).strip();
        Optional<Caller> key = keys.find(secret);
        return (key.isPresent() ? Uni.createFrom().item(key) : tokens.read(secret))
                .map(caller -> outcome(caller, tenant));
    }

    /** @param secret from the cookie of a browser */
    public Uni<Outcome> bySession(String secret, @Nullable String tenant) {
        return sessions.find(secret).map(found -> outcome(found.filter(this::holdsByItself), tenant));
    }

    /** @param secret from the query; it is used up, whatever comes of it */
    public Uni<Outcome> byTicket(String secret) {
        return tickets.redeem(secret).chain(found -> found.isEmpty() ? Uni.createFrom().item(found)
                : stillHolds(found.get()).map(holds -> found.filter(caller -> holds)))
                .map(found -> outcome(found, null));
    }

    private static Outcome outcome(Optional<Caller> caller, @Nullable String tenant) {
        if (caller.isEmpty()) return new Outcome.Unknown();
        return caller.get().in(tenant == null ? null : new TenantId(tenant)).<Outcome>map(Outcome.Known::new)
                .orElseGet(Outcome.WrongTenant::new);
    }

    /** Whether a caller who was let in would be let in again with what he showed then. */
    public Uni<Boolean> stillHolds(Caller caller) {
        if (!holdsByItself(caller)) return Uni.createFrom().item(false);
        return caller.credential() instanceof Credential.Session session
                ? sessions.isOpen(session)
                : Uni.createFrom().item(true);
    }

    /** As far as this process knows, without asking the store. */
    public boolean holdsByItself(Caller caller) {
        return !isOver(caller.credential()) && switch (caller.credential().root()) {
            case Credential.Key key -> keys.stillMakes(caller, key);
            case Credential.Token token -> !isOver(token);
        };
    }

    private boolean isOver(Credential credential) {
        return switch (credential) {
            case Credential.Key key -> false;
            case Credential.Token token -> !clock.instant().isBefore(token.expiresAt());
            case Credential.Session session -> !clock.instant().isBefore(session.expiresAt());
        };
    }
}

package dev.holdpoint.access.admission;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

import dev.holdpoint.access.AuthConfig;
import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Credential;
import dev.holdpoint.access.Credential.Session;
import dev.holdpoint.job.ExpiringStore;
import dev.holdpoint.job.ExpiringStore.Put;
import dev.holdpoint.job.Ids;
import dev.holdpoint.job.Sha256;
import dev.holdpoint.job.ShortLived;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Browsers that are signed in. The store knows each by the digest of its secret, so nobody
 * who reads the store can be one of them.
 */
@ApplicationScoped
public class Sessions {
    private final ExpiringStore store;
    private final Ids ids;
    private final InstantSource clock;
    private final Duration ttl;

    Sessions(ShortLived values, Ids ids, InstantSource clock, AuthConfig config) {
        this.store = values.answers();
        this.ids = ids;
        this.clock = clock;
        this.ttl = config.auth().sessionTtl();
    }

    /** @param caller as from now on, by his session */
    public record Opened(String secret, Caller caller, Instant expiresAt) {}

    /** A session that ends with what it was opened with, at the latest; empty when the store has no room for it. */
    public Uni<Optional<Opened>> open(Caller caller) {
        Instant until = switch (caller.credential().root()) {
            case Credential.Key key -> clock.instant().plus(ttl);
            case Credential.Token token -> earlier(clock.instant().plus(ttl), token.expiresAt());
        };
        return open(caller, until);
    }

    /** As {@link #open}, for somebody who signed in: that holds for as long as a session does. */
    public Uni<Optional<Opened>> openSignedIn(Caller caller) {
        Instant until = clock.instant().plus(ttl);
        return open(caller.holding(new Credential.Token(until)), until);
    }

    private Uni<Optional<Opened>> open(Caller caller, Instant until) {
        String secret = ids.secret();
        Caller known = caller.holding(new Session(Sha256.of(secret), until, caller.credential().root()));
        Duration left = Duration.between(clock.instant(), until);
        if (!left.isPositive()) return Uni.createFrom().item(Optional.empty());
        return store.putIfAbsent(key(Sha256.of(secret)), WrittenCaller.text(known), left).map(put -> switch (put) {
            case Put.Stored stored -> Optional.of(new Opened(secret, known, until));
            case Put.Present present -> throw new IllegalStateException("a fresh secret was there already");
            case Put.Full full -> Optional.empty();
        });
    }

    private static Instant earlier(Instant one, Instant other) { return one.isBefore(other) ? one : other; }

    Uni<Optional<Caller>> find(String secret) {
        return store.get(key(Sha256.of(secret))).map(text -> Optional.ofNullable(text).map(WrittenCaller::read));
    }

    Uni<Boolean> isOpen(Session session) { return store.get(key(session.digest())).map(text -> text != null); }

    public Uni<Void> end(Session session) { return store.take(key(session.digest())).replaceWithVoid(); }

    private static String key(String digest) { return "session:" + digest; }
}

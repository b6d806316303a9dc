package dev.holdpoint.api;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Role;
import dev.holdpoint.api.problem.Refusals;
import dev.holdpoint.job.ExpiringStore;
import dev.holdpoint.job.ExpiringStore.Put;
import dev.holdpoint.job.Ids;
import dev.holdpoint.job.ShortLived;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** Single-use stand-ins for a credential where a browser can't send one: event streams. */
@ApplicationScoped
class Tickets {
    static final Duration TTL = Duration.ofSeconds(60);

    private final ExpiringStore store;
    private final Ids ids;
    private final InstantSource clock;

    Tickets(ShortLived values, Ids ids, InstantSource clock) {
        this.store = values.tickets();
        this.ids = ids;
        this.clock = clock;
    }

    record Ticket(String secret, Instant expiresAt) {}

    /** Only event streams take tickets; elsewhere a credential in the URL is as good as none. */
    static boolean admitTo(HttpServerRequest request) {
        return request.method().equals(HttpMethod.GET) && request.path().endsWith("/events");
    }

    Uni<Ticket> issue(Caller caller) {
        Ticket ticket = new Ticket(ids.secret(), clock.instant().plus(TTL));
        return store.putIfAbsent(key(ticket.secret()), text(caller), TTL).map(put -> switch (put) {
            case Put.Stored stored -> ticket;
            case Put.Present present -> throw new IllegalStateException("a fresh secret was there already");
            case Put.Full full -> throw Refusals.storeFull().refused();
        });
    }

    Uni<Optional<Caller>> redeem(String secret) {
        return store.take(key(secret)).map(text -> Optional.ofNullable(text).map(Tickets::caller));
    }

    private static String key(String secret) { return "ticket:" + secret; }

    private static String text(Caller caller) {
        return String.join(" ", encoded(caller.subject()), encoded(name(caller.tenant())),
                encoded(name(caller.space().tenant())),
                String.join(",", caller.roles().stream().map(Role::name).toList()));
    }

    private static Caller caller(String text) {
        String[] parts = text.split(" ", -1);
        Set<Role> roles = Arrays.stream(parts[3].split(",")).map(Role::valueOf)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Role.class)));
        return new Caller(decoded(parts[0]), roles, tenant(decoded(parts[1])), new Space(tenant(decoded(parts[2]))));
    }

    /** Empty for no tenant, which no tenant can be named. */
    static String name(@Nullable TenantId tenant) {
        return tenant == null ? "" : tenant.value();
    }

    private static @Nullable TenantId tenant(String name) { return name.isEmpty() ? null : new TenantId(name); }

    static String encoded(String text) {
        return Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String text) {
        return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
    }
}

package dev.holdpoint.access;

import java.util.Optional;

import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import org.jspecify.annotations.Nullable;

/** Tells who calls from what they show. */
public final class Authentication {
    private static final String BEARER = "Bearer ";

    private final ApiKeys keys;

    Authentication(ApiKeys keys) { this.keys = keys; }

    public sealed interface Outcome {
        record Known(Caller caller) implements Outcome {}

        /** No credential, or none that is in force. */
        record Unknown() implements Outcome {}

        /** The credential is bound to another tenant than the call names. */
        record WrongTenant() implements Outcome {}
    }

    /**
     * @param authorization the {@code Authorization} header
     * @param tenant        the {@code Holdpoint-Tenant} header
     */
    public Outcome authenticate(@Nullable String authorization, @Nullable String tenant) {
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length()))
            return new Outcome.Unknown();
        Optional<ApiKey> key = keys.find(authorization.substring(BEARER.length()).strip());
        return key.isEmpty() ? new Outcome.Unknown() : inSpace(key.get(), tenant == null ? null : new TenantId(tenant));
    }

    private static Outcome inSpace(ApiKey key, @Nullable TenantId named) {
        if (key.tenant() != null && named != null && !named.equals(key.tenant())) return new Outcome.WrongTenant();
        Space space = new Space(key.tenant() == null ? named : key.tenant());
        return new Outcome.Known(new Caller(key.subject(), key.roles(), key.tenant(), space));
    }
}

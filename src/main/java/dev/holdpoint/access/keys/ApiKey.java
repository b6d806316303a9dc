package dev.holdpoint.access.keys;

import java.time.Instant;
import java.util.Set;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Credential;
import dev.holdpoint.access.Role;
import dev.holdpoint.job.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * What a keys file says of one key. The key itself is never kept.
 *
 * @param sha256    lower-case hex digest of the key
 * @param caller    whoever shows it
 * @param expiresAt null when it never ends by itself
 */
record ApiKey(String id, String sha256, Caller caller, @Nullable Instant expiresAt) {
    ApiKey(String id, String sha256, String subject, Set<Role> roles, @Nullable TenantId tenant,
            @Nullable Instant expiresAt) {
        this(id, sha256, new Caller(subject, roles, tenant, new Credential.Key(sha256)), expiresAt);
    }

    boolean isInForce(Instant now) { return expiresAt == null || now.isBefore(expiresAt); }
}

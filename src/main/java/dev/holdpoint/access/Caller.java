package dev.holdpoint.access;

import java.util.List;
import java.util.Set;

import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * Who calls.
 *
 * @param subject who it is; for people, their user id
 * @param roles   not empty
 * @param tenant  the tenant that the credential is bound to; null when it is bound to none
 * @param space   where this call works
 */
public record Caller(String subject, Set<Role> roles, @Nullable TenantId tenant, Space space) {
    public Caller {
        roles = Set.copyOf(roles);
    }

    public boolean is(Role role) { return roles.contains(role); }

    public List<String> roleWords() { return roles.stream().map(Role::word).sorted().toList(); }
}

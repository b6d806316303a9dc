package dev.holdpoint.access;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * Who calls.
 *
 * @param subject    who it is; for people, their user id
 * @param roles      not empty
 * @param tenant     the tenant that the credential is bound to; null when it is bound to none
 * @param space      where this call works
 * @param credential what all of it hangs on
 */
public record Caller(String subject, Set<Role> roles, @Nullable TenantId tenant, Space space, Credential credential) {
    public Caller {
        roles = Set.copyOf(roles);
    }

    /** Somebody in the space that his credential is bound to. */
    public Caller(String subject, Set<Role> roles, @Nullable TenantId tenant, Credential credential) {
        this(subject, roles, tenant, new Space(tenant), credential);
    }

    public boolean is(Role role) { return roles.contains(role); }

    public List<String> roleWords() { return roles.stream().map(Role::word).sorted().toList(); }

    /** The door that the caller came through, as it is told of his decisions. */
    public String via() {
        return credential instanceof Credential.Session ? "inbox" : "api";
    }

    /**
     * The same caller where he wants to work; empty when his credential doesn't reach there. A key that is bound to no
     * tenant reaches all of them, a token reaches its own: whoever issues tokens says who belongs where.
     */
    public Optional<Caller> in(@Nullable TenantId named) {
        if (named == null || named.equals(tenant)) return Optional.of(this);
        if (tenant != null || !(credential.root() instanceof Credential.Key)) return Optional.empty();
        return Optional.of(new Caller(subject, roles, null, new Space(named), credential));
    }

    public Caller holding(Credential other) { return new Caller(subject, roles, tenant, space, other); }
}

package dev.holdpoint.access.tokens;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.holdpoint.access.AuthConfig;
import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Credential;
import dev.holdpoint.access.Role;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.job.UserId;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** What the claims of a verified token make of its bearer. A claim in doubt admits nobody. */
@Singleton
class Claims {
    private static final Pattern SPACE = Pattern.compile(" ");

    private final AuthConfig.Oidc names;

    Claims(AuthConfig config) { this.names = config.auth().oidc(); }

    Optional<Caller> caller(JsonNode claims) {
        try {
            return Optional.of(new Caller(new UserId(text(at(claims, names.subjectClaim()))).value(), roles(claims),
                    tenant(claims), new Credential.Token(expiry(claims))));
        } catch (IllegalArgumentException | DateTimeException doubtful) {
            return Optional.empty();
        }
    }

    private static Instant expiry(JsonNode claims) {
        if (!claims.path("exp").isNumber()) throw new IllegalArgumentException("never expires");
        return Instant.ofEpochSecond(claims.path("exp").asLong());
    }

    private @Nullable TenantId tenant(JsonNode claims) {
        if (names.tenantClaim().isEmpty()) return null;
        JsonNode tenant = at(claims, names.tenantClaim().get());
        return tenant.isMissingNode() ? null : new TenantId(text(tenant));
    }

    /** Whoever has a token is a user, but for agents: one that owned its jobs could decide on them. */
    private Set<Role> roles(JsonNode claims) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        JsonNode said = at(claims, names.rolesClaim());
        if (said.isTextual()) SPACE.splitAsStream(said.asText()).forEach(word -> add(roles, word));
        said.forEach(word -> add(roles, word.asText()));
        if (!roles.contains(Role.AGENT)) roles.add(Role.USER);
        return roles;
    }

    /** Providers put the roles of other services beside ours, so one that isn't known is nobody's mistake. */
    private void add(Set<Role> roles, String word) {
        String prefix = names.rolesPrefix().orElse("");
        if (word.startsWith(prefix)) Role.parse(word.substring(prefix.length())).ifPresent(roles::add);
    }

    /** A claim by its name, or by a path of names; providers have claims whose names are URLs. */
    private static JsonNode at(JsonNode claims, String path) {
        if (claims.has(path)) return claims.path(path);
        JsonNode at = claims;
        for (String name : path.split("/", -1)) at = at.path(name);
        return at.isNull() ? MissingNode.getInstance() : at;
    }

    private static String text(JsonNode claim) {
        if (!claim.isTextual()) throw new IllegalArgumentException("not a text");
        return claim.asText();
    }
}

package dev.holdpoint.access.admission;

import java.io.IOException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Credential;
import dev.holdpoint.access.Role;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import org.jspecify.annotations.Nullable;

/** A caller as text that any replica can read again. */
final class WrittenCaller {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private WrittenCaller() {}

    static String text(Caller caller) {
        ObjectNode json = MAPPER.createObjectNode().put("subject", caller.subject());
        caller.roles().forEach(role -> json.withArray("roles").add(role.word()));
        if (caller.tenant() != null) json.put("tenant", caller.tenant().value());
        if (caller.space().tenant() != null) json.put("space", caller.space().tenant().value());
        if (caller.credential() instanceof Credential.Session session)
            json.put("session", session.digest()).put("until", session.expiresAt().toString());
        switch (caller.credential().root()) {
            case Credential.Key key -> json.put("key", key.sha256());
            case Credential.Token token -> json.put("tokenUntil", token.expiresAt().toString());
        }
        return json.toString();
    }

    static Caller read(String text) {
        JsonNode json = tree(text);
        Set<Role> roles = EnumSet.noneOf(Role.class);
        json.path("roles").forEach(word -> roles.add(Role.parse(word.asText()).orElseThrow()));
        return new Caller(json.path("subject").asText(), roles, tenant(json.path("tenant")),
                new Space(tenant(json.path("space"))), credential(json));
    }

    private static Credential credential(JsonNode json) {
        Credential.Bearer root = json.has("key") ? new Credential.Key(json.path("key").asText())
                : new Credential.Token(Instant.parse(json.path("tokenUntil").asText()));
        return json.has("session")
                ? new Credential.Session(json.path("session").asText(), Instant.parse(json.path("until").asText()),
                        root)
                : root;
    }

    private static @Nullable TenantId tenant(JsonNode name) {
        return name.isMissingNode() ? null : new TenantId(name.asText());
    }

    private static JsonNode tree(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException foreign) {
            throw new IllegalStateException("what is kept of a caller is not what was written", foreign);
        }
    }
}

package dev.holdpoint.audit;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.job.InstantText;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Sha256;
import dev.holdpoint.job.Space;
import org.jspecify.annotations.Nullable;

/**
 * Something that must stay provable.
 *
 * @param id      names the record for ever; a record that comes again under its id is the same record
 * @param at      to the millisecond, which is what every archive can hold
 * @param body    a JSON object with everything that is hashed but the record's place in the chain
 * @param content what people wrote or saw; kept beside the hashed record, which holds only its digest,
 *                so that it can be erased
 */
public record AuditRecord(String id, Kind kind, Instant at, Json body, @Nullable Json content) {
    /** What the record tells of. */
    public enum Kind {
        /** A prompt that was closed, in whatever way. */
        RESOLUTION,
        /** A refused attempt to decide. */
        ATTEMPT,
        /** A change of the rules. */
        POLICY,
        /** A grant given or revoked. */
        GRANT,
        /** Content that was erased. */
        ERASURE,
        /** A signature over the chain so far. */
        CHECKPOINT;

        public String word() { return name().toLowerCase(Locale.ROOT); }

        public static Optional<Kind> parse(String word) {
            for (Kind kind : values()) {
                if (kind.word().equals(word)) return Optional.of(kind);
            }
            return Optional.empty();
        }
    }

    private static final Set<String> SET_HERE = Set.of("recordId", "kind", "tenantId", "at", "contentDigest");

    public AuditRecord {
        if (id.isEmpty()) throw new IllegalArgumentException("record id must not be empty");
        if (!body.isObject() || !oneLine(body)) throw new IllegalArgumentException("body must be one line, an object");
        if (content != null && !oneLine(content)) throw new IllegalArgumentException("content must be one line");
        at = at.truncatedTo(ChronoUnit.MILLIS);
    }

    /** @param members what the record says, as a JSON object, beyond what every record says */
    public static AuditRecord of(Space space, String id, Kind kind, Instant at, Json members, @Nullable Json content) {
        try {
            return of(space, id, kind, at, Canonical.object(members.text()), content,
                    content == null ? null : Canonical.value(content.text()));
        } catch (Canonical.Unreadable unreadable) {
            throw new IllegalArgumentException(unreadable.getMessage());
        }
    }

    /** @param content empty where there is none */
    static AuditRecord of(Space space, String id, Kind kind, Instant at, ObjectNode members, ObjectNode content) {
        try {
            return content.isEmpty() ? of(space, id, kind, at, members, null, null)
                    : of(space, id, kind, at, members, new Json(content.toString()), content);
        } catch (Canonical.Unreadable unreadable) {
            throw new IllegalArgumentException(unreadable.getMessage());
        }
    }

    private static AuditRecord of(Space space, String id, Kind kind, Instant at, ObjectNode members,
            @Nullable Json content, @Nullable JsonNode read) throws Canonical.Unreadable {
        ObjectNode body = Canonical.emptyObject();
        body.put("recordId", id);
        body.put("kind", kind.word());
        if (space.tenant() != null) body.put("tenantId", space.tenant().value());
        body.put("at", InstantText.of(at));
        for (Map.Entry<String, JsonNode> member : members.properties()) {
            if (SET_HERE.contains(member.getKey()) || Link.OUTSIDE_THE_BODY.contains(member.getKey())) {
                throw new IllegalArgumentException("a record sets its " + member.getKey() + " itself");
            }
            body.set(member.getKey(), member.getValue());
        }
        if (read != null) body.put("contentDigest", Sha256.of(Canonical.text(read)));
        return new AuditRecord(id, kind, at, new Json(body.toString()), content);
    }

    private static boolean oneLine(Json json) { return json.text().indexOf('\n') < 0 && json.text().indexOf('\r') < 0; }
}

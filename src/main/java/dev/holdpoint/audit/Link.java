package dev.holdpoint.audit;

import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.audit.Canonical.Unreadable;
import dev.holdpoint.job.InstantText;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Sha256;
import org.jspecify.annotations.Nullable;

/** A record taken apart into what is hashed and what stands beside it. */
record Link(ObjectNode hashed, long seq, String prevHash, String hash, @Nullable JsonNode content, boolean erased) {
    /** Members of a line that no body may have. */
    static final Set<String> OUTSIDE_THE_BODY = Set.of("seq", "content", "erased", "prevHash", "hash");

    /** Takes a line's object apart, which is used up by that. */
    static Link of(ObjectNode line) throws Unreadable {
        JsonNode content = line.remove("content");
        JsonNode erased = line.remove("erased");
        if (erased != null && !(erased.isBoolean() && erased.booleanValue()))
            throw new Unreadable("erased is not true");
        String prevHash = text(line.remove("prevHash"), "prevHash");
        String hash = text(line.remove("hash"), "hash");
        return new Link(line, whole(line, "seq"), prevHash, hash, content, erased != null);
    }

    static Link of(ChainedRecord chained) throws Unreadable {
        return of(chained, hashed(chained.record(), chained.seq()));
    }

    /** @param hashed the record's body with its place */
    static Link of(ChainedRecord chained, ObjectNode hashed) throws Unreadable {
        Json words = chained.record().content();
        JsonNode content = words == null ? null : Canonical.value(words.text());
        return new Link(hashed, chained.seq(), chained.prevHash(), chained.hash(), content, chained.erased());
    }

    /** The body with its place. What stands beside the body must say the same as the body. */
    static ObjectNode hashed(AuditRecord record, long seq) throws Unreadable {
        ObjectNode hashed = Canonical.object(record.body().text());
        for (String name : OUTSIDE_THE_BODY) {
            if (hashed.has(name)) throw new Unreadable("its body has a member " + name);
        }
        if (!record.id().equals(hashed.path("recordId").textValue())
                || !record.kind().word().equals(hashed.path("kind").textValue())
                || !InstantText.of(record.at()).equals(hashed.path("at").textValue())) {
            throw new Unreadable("its body has another id, kind or time");
        }
        hashed.put("seq", seq);
        return hashed;
    }

    static String hash(String prevHash, ObjectNode hashed) throws Unreadable {
        return Sha256.of(prevHash + Canonical.text(hashed));
    }

    boolean hasItsHash() throws Unreadable { return hash(prevHash, hashed).equals(hash); }

    boolean follows(Head head) { return seq == head.seq() + 1 && prevHash.equals(head.hash()); }

    boolean isCheckpoint() { return AuditRecord.Kind.CHECKPOINT.word().equals(hashed.path("kind").textValue()); }

    @Nullable
    String tenant() throws Unreadable { return tenant(hashed); }

    /** Whether a checkpoint is one, and of the chain that it stands in. */
    boolean tellsOf(Head head) throws Unreadable {
        return whole(hashed, "upToSeq") == head.seq() && head.hash().equals(hashed.path("headHash").textValue())
                && hashed.path("keyId").isTextual() && hashed.path("signature").isTextual();
    }

    /** What is wrong with the content, or null. */
    @Nullable
    String contentFault() throws Unreadable {
        JsonNode digest = hashed.get("contentDigest");
        if (digest == null) {
            return content != null ? "it has content without a digest"
                    : erased ? "it is marked as erased, but never had content" : null;
        }
        if (content == null) return erased ? null : "its content is missing and was not erased";
        if (erased) return "it is marked as erased, but has content";
        return Sha256.of(Canonical.text(content)).equals(digest.textValue()) ? null
                : "its content does not have the digest that the record holds";
    }

    static @Nullable String tenant(ObjectNode object) throws Unreadable {
        JsonNode tenant = object.get("tenantId");
        return tenant == null ? null : text(tenant, "tenantId");
    }

    static String text(@Nullable JsonNode value, String name) throws Unreadable {
        if (value == null || !value.isTextual()) throw new Unreadable(name + " is missing or not a text");
        return value.textValue();
    }

    static long whole(ObjectNode object, String name) throws Unreadable {
        JsonNode value = object.path(name);
        if (!value.isNumber() || !value.canConvertToExactIntegral() || !value.canConvertToLong()) {
            throw new Unreadable(name + " is missing or not a whole number");
        }
        return value.longValue();
    }
}

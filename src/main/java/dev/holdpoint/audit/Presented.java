package dev.holdpoint.audit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.job.Json;

/** A resolution as its reader wants it: with people's words where they belong, as long as they are kept. */
public final class Presented {
    private static final List<String> ONLY_FOR_THE_CHAIN = List.of("recordId", "kind", "at", "contentDigest");

    private Presented() {}

    /** Other kinds of records, and what can't be read, are told as they stand. */
    public static Json of(ChainedRecord record) {
        if (record.record().kind() != AuditRecord.Kind.RESOLUTION) return record.flat();
        try {
            ObjectNode shown = Canonical.object(record.record().body().text());
            ONLY_FOR_THE_CHAIN.forEach(shown::remove);
            Json content = record.record().content();
            if (content != null) merge(shown, Canonical.object(content.text()));
            if (record.erased()) shown.put("erased", true);
            shown.put("seq", record.seq());
            shown.put("prevHash", record.prevHash());
            shown.put("hash", record.hash());
            return new Json(shown.toString());
        } catch (Canonical.Unreadable unreadable) {
            return record.flat();
        }
    }

    private static void merge(ObjectNode shown, ObjectNode content) {
        join(shown.path("requests"), content.path("requests"));
        join(shown.path("decisions"), content.path("decisions"));
        for (String name : List.of("questions", "answer", "answers")) {
            if (content.has(name)) shown.set(name, content.get(name));
        }
    }

    /** By {@code tool_call_id}, never by position. */
    private static void join(JsonNode entries, JsonNode words) {
        Map<String, JsonNode> byCall = new HashMap<>();
        words.forEach(one -> byCall.put(one.path("tool_call_id").asText(), one));
        for (JsonNode entry : entries) {
            JsonNode said = byCall.get(entry.path("tool_call_id").asText());
            if (said instanceof ObjectNode more && entry instanceof ObjectNode one) one.setAll(more);
        }
    }
}

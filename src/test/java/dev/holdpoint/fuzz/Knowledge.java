package dev.holdpoint.fuzz;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** What one lane learnt from answers: ids, fences, cursors, tickets, by the name under which requests want them. */
final class Knowledge {
    private static final int MOST = 24;
    private static final Set<String> NAMES = Set.of("actionId", "fence", "lastEventId", "firstEventId", "nextCursor",
            "resolutionId", "recordId", "grantId", "arguments_digest", "conversationId", "tool_call_id",
            "generation", "userId", "workerId", "expiresAt", "name", "hash");
    /** Requests and answers have different names for the same. */
    private static final Map<String, List<String>> SOURCES = Map.ofEntries(
            Map.entry("id", List.of("job", "grantId", "resolutionId", "conversationId", "recordId")),
            Map.entry("jobId", List.of("job")), Map.entry("cursor", List.of("nextCursor")),
            Map.entry("Holdpoint-Fence", List.of("fence")), Map.entry("after", List.of("lastEventId", "firstEventId")),
            Map.entry("Last-Event-ID", List.of("lastEventId", "firstEventId")),
            Map.entry("If-Match", List.of("etag")), Map.entry("argumentsDigest", List.of("arguments_digest")),
            Map.entry("expectedGeneration", List.of("generation")), Map.entry("toolCallId", List.of("tool_call_id")),
            Map.entry("from", List.of("expiresAt")), Map.entry("to", List.of("expiresAt")),
            Map.entry("tool", List.of("name")), Map.entry("q", List.of("name")),
            Map.entry("decidedBy", List.of("userId")), Map.entry("threadId", List.of("conversationId")));

    private final Map<String, List<String>> known = new HashMap<>();
    private final List<Ticket> tickets = new ArrayList<>();
    private final Random chance;

    /** Lets in where its owner is. */
    record Ticket(String word, Space space) {}

    Knowledge(Random chance) { this.chance = chance; }

    /** @param space where it is so */
    void learn(Space space, Answer answer) {
        String ticket = answer.isSuccess() ? answer.json().path("ticket").asText() : "";
        if (!ticket.isEmpty()) tickets.add(new Ticket(ticket, space));
        if (!answer.header("ETag").isEmpty()) remember("etag", answer.header("ETag"));
        if (answer.isSuccess()) learn(answer.json());
    }

    private void learn(JsonNode json) {
        if (json.isObject() && json.has("generation"))
            remember("job", json.path(json.has("jobId") ? "jobId" : "id").asText());
        json.properties().forEach(member -> {
            if (NAMES.contains(member.getKey()) && member.getValue().isValueNode())
                remember(member.getKey(), member.getValue().asText());
        });
        json.forEach(this::learn);
    }

    private void remember(String name, String value) {
        if (value.isEmpty()) return;
        List<String> values = known.computeIfAbsent(name, one -> new ArrayList<>());
        if (values.contains(value)) return;
        if (values.size() < MOST) values.add(value);
        else values.set(chance.nextInt(MOST), value);
    }

    /** Something for this parameter or member; null when nothing is known. */
    @Nullable
    String some(String name) {
        List<String> sources = SOURCES.getOrDefault(name, List.of(name));
        List<String> values = known.get(sources.get(chance.nextInt(sources.size())));
        return values == null ? null : values.get(chance.nextInt(values.size()));
    }

    /** One of the newest, which may have been used; null when there was none. */
    @Nullable
    Ticket ticket() {
        int newest = Math.min(3, tickets.size());
        return newest == 0 ? null : tickets.get(tickets.size() - 1 - chance.nextInt(newest));
    }

    /** Something for anything. */
    String any() {
        List<String> names = known.keySet().stream().sorted().toList();
        if (names.isEmpty()) return "none";
        List<String> values = known.get(names.get(chance.nextInt(names.size())));
        return values.get(chance.nextInt(values.size()));
    }
}

package dev.holdpoint.audit;

import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.job.Json;
import org.jspecify.annotations.Nullable;

/**
 * What a record can be searched by. Read from the hashed body ({@code jobId}, {@code userId},
 * {@code decidedBy.subject}, {@code requests[].name}, {@code decisions[].decision}), so that an index
 * can't tell another story than the chain.
 */
public record Facets(@Nullable String jobId, @Nullable String userId, @Nullable String decidedBy, List<String> tools,
        List<String> decisions) {
    public Facets {
        tools = List.copyOf(tools);
        decisions = List.copyOf(decisions);
    }

    public static Facets of(Json body) {
        try {
            JsonNode says = Canonical.object(body.text());
            return new Facets(says.path("jobId").textValue(), says.path("userId").textValue(),
                    says.path("decidedBy").path("subject").textValue(), each(says.path("requests"), "name"),
                    each(says.path("decisions"), "decision"));
        } catch (Canonical.Unreadable unreadable) {
            throw new IllegalArgumentException(unreadable.getMessage());
        }
    }

    private static List<String> each(JsonNode entries, String member) {
        return StreamSupport.stream(entries.spliterator(), false)
                .flatMap(entry -> Optional.ofNullable(entry.path(member).textValue()).stream()).distinct().toList();
    }
}

package dev.holdpoint.store.redis;

import java.time.Duration;
import java.time.Instant;

import dev.holdpoint.job.DecidedBy;
import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.References;
import dev.holdpoint.job.Submission;
import dev.holdpoint.text.Texts;
import dev.holdpoint.text.Unreadable;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/** Parts of a job that scripts carry but never look into. */
@RegisterForReflection(targets = {StoredJson.Prompt.class, StoredJson.Details.class, StoredJson.Decided.class,
    RedisRules.Rest.class})
final class StoredJson {
    private StoredJson() {}

    /** What a pause keeps beside the fields that scripts look at. */
    record Prompt(Interrupt payload, References references, @Nullable Json resumeContext,
            @Nullable Long policyVersion) {}

    /** What a creation keeps beside them. */
    record Details(@Nullable String runId, @Nullable String responseMessageId, @Nullable Json userMessage,
            Json metadata) {}

    /** What a resolution keeps beside them. */
    record Decided(DecidedBy decidedBy, Submission submission, String durability) {}

    static Details details(@Nullable String text) {
        Details details = Texts.read(text, Details.class);
        if (details.metadata() == null) throw new Unreadable("details without metadata", null);
        return details;
    }

    static String[] strings(String text) { return Texts.read(text, String[].class); }

    static @Nullable Instant instant(@Nullable String millis) {
        return millis == null || millis.isEmpty() ? null : Instant.ofEpochMilli(Long.parseLong(millis));
    }

    static String millis(Duration span) { return Long.toString(span.toMillis()); }
}

package dev.holdpoint.dialect.mcp;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.holdpoint.door.json.BadJson;
import dev.holdpoint.door.json.Members;
import dev.holdpoint.door.json.StrictJson;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Json;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * Tells, in a job's metadata, that an inquiry made it, and what was asked: the same call again must ask the same.
 *
 * @param tool   that was called
 * @param digest of what was asked
 */
@RegisterForReflection
record Marker(String tool, String digest) {
    /** What the ids of inquiries begin with. */
    static final String PREFIX = "mcp-";

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Metadata(@Nullable Marker mcp) {}

    Json metadata() {
        return Members.json(json -> json.object("mcp", one -> one.text("tool", tool).text("digest", digest)));
    }

    static boolean mayBeOn(JobKey job) {
        return job.id().value().startsWith(PREFIX);
    }

    /** Empty when the job is none of an inquiry. */
    static Optional<Marker> of(StrictJson json, Job job) {
        if (!mayBeOn(job.key())) return Optional.empty();
        try {
            return Optional.ofNullable(json
                    .read(job.details().metadata().text().getBytes(StandardCharsets.UTF_8), Metadata.class).mcp())
                    .filter(marker -> marker.tool() != null && marker.digest() != null);
        } catch (BadJson ofSomebodyElse) {
            return Optional.empty();
        }
    }
}

package dev.holdpoint.api.problem;

import java.time.Duration;
import java.util.function.Consumer;

import dev.holdpoint.api.json.Members;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is refused.
 *
 * @param detail     a sentence for whoever sent the request; never names what is inside this service
 * @param members    writes what the type adds
 * @param retryAfter when to try again, if that may help
 */
public record Problem(ProblemType type, String detail, Consumer<Members> members, @Nullable Duration retryAfter) {
    public static final String MEDIA_TYPE = "application/problem+json";

    public Problem(ProblemType type, String detail) {
        this(type, detail, none -> {
        }, null);
    }

    public Problem(ProblemType type, String detail, Consumer<Members> members) { this(type, detail, members, null); }

    public Problem retryAfter(Duration wait) { return new Problem(type, detail, members, wait); }

    public Refused refused() { return new Refused(this); }

    /** @param instance path of the request, without its query */
    public byte[] document(String instance) {
        return Members.bytes(json -> {
            json.text("type", type.uri()).text("title", type.title()).number("status", type.status())
                    .text("detail", detail)
                    .text("instance", instance);
            members.accept(json);
        });
    }
}

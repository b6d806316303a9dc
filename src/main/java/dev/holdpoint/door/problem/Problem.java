package dev.holdpoint.door.problem;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

import dev.holdpoint.door.json.Members;

/**
 * Why a request is refused.
 *
 * @param detail     a sentence for whoever sent the request; never names what is inside this service
 * @param members    writes what the type adds
 * @param headers what the answer's head tells beside it
 */
public record Problem(ProblemType type, String detail, Consumer<Members> members, Map<String, String> headers) {
    public static final String MEDIA_TYPE = "application/problem+json";

    public Problem(ProblemType type, String detail) {
        this(type, detail, none -> {
        }, Map.of());
    }

    public Problem(ProblemType type, String detail, Consumer<Members> members) {
        this(type, detail, members, Map.of());
    }

    /** The same problem with word of when to try again. */
    public Problem retryAfter(Duration wait) {
        return with("Retry-After", seconds(wait));
    }

    /** Whole seconds, rounded up: whoever waits that long isn't too early. */
    public static String seconds(Duration wait) {
        return String.valueOf(wait.plusMillis(999).toSeconds());
    }

    public Problem with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Problem(type, detail, members, more);
    }

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

package dev.holdpoint.dialect.mcp;

import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

import dev.holdpoint.door.json.BadJson;
import dev.holdpoint.door.json.Members;
import dev.holdpoint.door.json.StrictJson;
import dev.holdpoint.job.Json;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * All that an answer under way needs to go on elsewhere. It travels as the id of the events, so any
 * replica takes a broken stream up, and none has to remember it. Nothing in it lets anybody do more:
 * whoever shows it is admitted as on any call.
 *
 * @param approval what is waited for
 * @param digest   of what the call asks; null when it only names an id
 * @param request  the id of the request that is to be answered
 * @param progress the token of its progress notifications; null when it wants none
 * @param since    when it began to wait, in milliseconds
 * @param until    how long it waits
 * @param now      makes each id another
 */
@RegisterForReflection
record Place(String approval, @Nullable String digest, Json request, @Nullable Json progress, long since, long until,
        long now) {
    private static final int LONGEST = 4096;

    Place at(Instant instant) {
        return new Place(approval, digest, request, progress, since, until, instant.toEpochMilli());
    }

    /** Whoever takes this up is answered at once. */
    Place over(Instant instant) {
        return new Place(approval, digest, request, progress, since, instant.toEpochMilli(), instant.toEpochMilli());
    }

    String eventId() {
        byte[] written = Members.bytes(json -> json.text("approval", approval).text("digest", digest)
                .json("request", request).json("progress", progress).number("since", since).number("until", until)
                .number("now", now));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(written);
    }

    static Optional<Place> parse(StrictJson json, String eventId) {
        if (eventId.length() > LONGEST) return Optional.empty();
        try {
            Place place = json.read(Base64.getUrlDecoder().decode(eventId), Place.class);
            if (place.approval() == null || place.request() == null) return Optional.empty();
            Message.Names.checked(place.request(), "request");
            if (place.progress() != null) Message.Names.checked(place.progress(), "progress");
            return Optional.of(place);
        } catch (IllegalArgumentException | BadJson malformed) {
            return Optional.empty();
        }
    }

    long secondsWaited() { return Math.max(0, (now - since) / 1000); }

}

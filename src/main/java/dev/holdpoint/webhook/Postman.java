package dev.holdpoint.webhook;

import java.time.Duration;
import java.util.Map;

import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/** Carries one message to its receiver, once. Never fails: whatever goes wrong is an answer. */
interface Postman {
    /** @param attempt how often it was tried before */
    Uni<Reception> carry(Endpoint endpoint, Map<String, String> headers, String body, int attempt);

    /** What became of it. */
    sealed interface Reception {
        record Accepted() implements Reception {}

        /**
         * @param why   a word
         * @param asked for how long the receiver asked to be left alone
         */
        record Failed(String why, @Nullable Duration asked) implements Reception {}

        /** The receiver wants nothing more, ever. */
        record Gone() implements Reception {}
    }
}

package dev.holdpoint.stream;

import java.util.Locale;
import java.util.Optional;

import dev.holdpoint.job.EventId;

/** What a reader gets for his cursor. */
public sealed interface Opening {
    record NoSuchJob() implements Opening {}

    /** The reader has everything, and nothing more will come. */
    record Over(EventId last) implements Opening {}

    /**
     * The reader goes on behind {@code after}.
     *
     * @param missing why the reader must be told the resume state first; empty when nothing is missing
     */
    record From(EventId after, Optional<Break> missing) implements Opening {}

    /** Why a reader's cursor doesn't connect to the log. */
    enum Break {
        GENERATION_REPLACED, LOG_TRIMMED;

        public String word() { return name().toLowerCase(Locale.ROOT); }
    }
}

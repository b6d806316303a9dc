package dev.holdpoint.webhook;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import dev.holdpoint.job.Space;

/**
 * One receiver and what he is told.
 *
 * @param name             unique among all
 * @param includeArguments whether content is told as well as ids
 * @param allowPrivate     whether he may be where only this network reaches
 */
public record Endpoint(String name, Space space, Target target, SigningKeys keys, Set<EventType> events, Format format,
        boolean includeArguments, boolean allowPrivate) {
    public Endpoint {
        events = Set.copyOf(events);
    }

    /** The shape of the bodies. */
    public enum Format {
        STANDARD, SLACK, CLOUDEVENTS;

        public String word() { return name().toLowerCase(Locale.ROOT); }

        static Optional<Format> parse(String word) {
            for (Format format : values()) {
                if (format.word().equals(word)) return Optional.of(format);
            }
            return Optional.empty();
        }
    }

    /** Where his messages wait. */
    public Queue queue() {
        return new Queue(space, name);
    }

    /** Scheme, host and port; what follows may be a secret. */
    public String shownUrl() { return target.toString(); }

    /** Names of the events that he is told of, in order. */
    public List<String> eventNames() {
        return events.stream().sorted().map(EventType::word).toList();
    }
}

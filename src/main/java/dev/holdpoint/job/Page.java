package dev.holdpoint.job;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Part of a list.
 *
 * @param next cursor of the part that follows; null at the end
 * @param at   the store's time of the look
 */
public record Page<T>(List<T> items, @Nullable String next, Instant at) {
    public Page {
        items = List.copyOf(items);
    }
}

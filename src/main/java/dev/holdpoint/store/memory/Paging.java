package dev.holdpoint.store.memory;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.holdpoint.job.BadCursor;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.Page;
import org.jspecify.annotations.Nullable;

/** Pages by position in an order, so that what comes and goes meanwhile neither repeats nor hides an item. */
final class Paging {
    private static final Pattern CURSOR = Pattern.compile("(-?[0-9]{1,18})\\.([0-9]{1,18})");

    private Paging() {}

    static Page<Job> page(Collection<Indexes.Entry> ordered, Comparator<Indexes.Entry> order, @Nullable String cursor,
            int limit,
            Instant now, Predicate<Job> wanted) {
        Position after = cursor == null ? null : position(cursor);
        List<Job> items = new ArrayList<>();
        Indexes.Entry last = null;
        for (Indexes.Entry entry : ordered) {
            if (after != null && order.compare(entry, new Indexes.Entry(after.at(), after.number(), entry.life())) <= 0)
                continue;
            Job job = entry.life().job;
            if (!wanted.test(job)) continue;
            if (items.size() == limit && last != null) return new Page<>(items, cursor(last), now);
            items.add(job);
            last = entry;
        }
        return new Page<>(items, null, now);
    }

    private record Position(Instant at, long number) {}

    private static String cursor(Indexes.Entry entry) { return entry.at().toEpochMilli() + "." + entry.number(); }

    private static Position position(String cursor) {
        Matcher parts = CURSOR.matcher(cursor);
        if (!parts.matches()) throw new BadCursor();
        try {
            return new Position(Instant.ofEpochMilli(Long.parseLong(parts.group(1))), Long.parseLong(parts.group(2)));
        } catch (DateTimeException outOfRange) {
            throw new BadCursor();
        }
    }
}

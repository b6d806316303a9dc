package dev.holdpoint.webhook;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

import dev.holdpoint.job.BadCursor;
import dev.holdpoint.job.Space;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/** What the receivers of a space did not get. */
public final class DeadLetters {
    private static final Pattern PLACE = Pattern.compile("[0-9]{1,15}\\.msg_[0-9a-f]{1,64}");

    private final Endpoints endpoints;
    private final Deliveries deliveries;

    public DeadLetters(Endpoints endpoints, Deliveries deliveries) {
        this.endpoints = endpoints;
        this.deliveries = deliveries;
    }

    /** The newest behind a place, of all endpoints together; one more than the limit when there are more. */
    public Uni<List<DeadLetter>> list(Space space, @Nullable String after, int limit) {
        if (after != null && !PLACE.matcher(after).matches()) throw new BadCursor();
        return Multi.createFrom().iterable(endpoints.of(space))
                .onItem().transformToUniAndConcatenate(one -> deliveries.dead(one.queue(), after, limit + 1))
                .collect().asList()
                .map(found -> found.stream().flatMap(List::stream)
                        .sorted(Comparator.comparing(DeadLetter::place).reversed()).limit(limit + 1L).toList());
    }

    /** False when there is none of that id. */
    public Uni<Boolean> replay(Space space, String id) {
        return Multi.createFrom().iterable(endpoints.of(space))
                .onItem().transformToUniAndConcatenate(one -> deliveries.replay(one.queue(), id))
                .filter(replayed -> replayed).toUni().map(replayed -> replayed != null);
    }
}

package dev.holdpoint.dialect.librechat;

import java.time.Duration;
import java.util.concurrent.Executor;

import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.door.problem.Refused;
import dev.holdpoint.job.EventId;
import dev.holdpoint.job.EventLog.Slice;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.LoggedEvent;
import dev.holdpoint.stream.Cursor;
import dev.holdpoint.stream.Follower;
import dev.holdpoint.stream.Opening;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Singleton;

/** Reads turns out of logs, a few at once. Many who ask for the same at once are answered by one reading. */
@Singleton
class Turns {
    private static final int BATCH = 256;
    /** A log may be long, and all that it says is held while it is read. */
    private static final int AT_ONCE = 4;
    private static final int WAITING = 64;
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Problem BUSY = later("Too many turns are being read.");

    private final Follower follower;
    private final Shared<Place, Turn> readings = new Shared<>();
    private final Line line = new Line(AT_ONCE, WAITING);

    Turns(Follower follower) { this.follower = follower; }

    private record Place(JobKey job, EventId upTo) {}

    /** Where a reading has come to. */
    private static final class Reading {
        final Turn.Listener listener = new Turn.Listener();
        EventId at;

        Reading(EventId start) { this.at = start; }
    }

    /**
     * The turn as it stood at an event. Fails with {@link Refused} when the log went on without
     * it, or {@link #isBusy too many} are read.
     */
    Uni<Turn> upTo(JobKey job, EventId event) {
        Place place = new Place(job, event);
        return readings.of(place, () -> line.through(() -> read(place), BUSY::refused));
    }

    /** Whether nothing was read because too many others are: the same can be had a moment later. */
    static boolean isBusy(Throwable failure) {
        return failure instanceof Refused refused && refused.problem().equals(BUSY);
    }

    private static Problem later(String why) { return new Problem(ProblemType.OVERLOADED, why).retryAfter(SOON); }

    private Uni<Turn> read(Place place) {
        return follower.open(place.job(), new Cursor.Start()).chain(opening -> read(place, start(place, opening)));
    }

    /** The generation before the current one can be read for a while, but only from its start. */
    private static EventId start(Place place, Opening opening) {
        return opening instanceof Opening.From from && from.after().generation() == place.upTo().generation()
                ? from.after()
                : new EventId(place.upTo().generation(), 0);
    }

    private Uni<Turn> read(Place place, EventId start) {
        // Folding takes its time, and must not take it from an event loop.
        Executor aside = Infrastructure.getDefaultExecutor();
        return Multi.createBy().repeating()
                .uni(() -> new Reading(start),
                        reading -> follower.read(place.job(), reading.at, BATCH).emitOn(aside)
                                .map(slice -> hear(reading, slice, place.upTo())))
                .whilst(reading -> reading.at.seq() < place.upTo().seq())
                .collect().last()
                .map(reading -> reading.listener.told(place.upTo(), start.seq() == 0));
    }

    private static Reading hear(Reading reading, Slice slice, EventId upTo) {
        if (!slice.kept() || slice.events().isEmpty() && reading.at.seq() < upTo.seq())
            throw later("The job went on while it was read.").refused();
        for (LoggedEvent event : slice.events()) {
            if (event.id().seq() > upTo.seq()) break;
            reading.listener.hear(event);
            reading.at = event.id();
        }
        return reading;
    }
}

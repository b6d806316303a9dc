package dev.holdpoint.door.sse;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.holdpoint.job.JobKey;
import dev.holdpoint.stream.Follower;
import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** All fans of this process. */
final class Fans {
    private final Map<Place, Fan> fans = new ConcurrentHashMap<>();
    private final Follower follower;
    private final InstantSource clock;

    Fans(Follower follower, InstantSource clock) {
        this.follower = follower;
        this.clock = clock;
    }

    private record Place(Context loop, JobKey job, Frames frames) {}

    /**
     * The fan of this event loop for readers of a job in these words; to be entered at
     * once, for it goes with its last reader.
     */
    Fan of(JobKey job, Frames frames) {
        return fans.computeIfAbsent(new Place(VertxContext.getRootContext(Vertx.currentContext()), job, frames),
                this::fan);
    }

    private Fan fan(Place place) {
        return new Fan(VertxContext.createNewDuplicatedContext(place.loop()), follower, place.frames(), place.job(),
                clock, () -> fans.remove(place));
    }
}

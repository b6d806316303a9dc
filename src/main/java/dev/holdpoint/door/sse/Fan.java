package dev.holdpoint.door.sse;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.holdpoint.job.EventId;
import dev.holdpoint.job.EventLog.Slice;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.LoggedEvent;
import dev.holdpoint.stream.Follower;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One job's log for all its readers on one event loop, who are told in the same words: woken once, read
 * once and encoded once for everybody who stands at the same position. Everything here runs on that
 * event loop, but for what says otherwise.
 */
final class Fan {
    private static final int BATCH = 128;
    /** How many positions are remembered at a time; readers who come back stand at as many as there are events. */
    private static final int POSITIONS = 64;
    /**
     * For how many milliseconds readers are served before the event loop has as long for others. A round that takes
     * longer than that is followed by a rest of its own length: what is written meanwhile comes with the next write to
     * each reader, so a fan that is wide takes few large writes where it would fall behind with many small ones.
     */
    private static final long TURN = 2;
    private static final long LONGEST_REST = 100;

    private final Context loop;
    private final Follower follower;
    private final Frames frames;
    private final JobKey job;
    private final InstantSource clock;
    private final Runnable whenEmpty;
    private final AtomicBoolean woken = new AtomicBoolean();
    /** Those who were served longest ago come first. */
    private final LinkedHashSet<Reader> readers = new LinkedHashSet<>();
    /** Those for whom a look has found something since they were served. */
    private final LinkedHashSet<Reader> found = new LinkedHashSet<>();
    /** What follows the positions where readers stand, as of the last wake. */
    private final Map<EventId, Passage> passages = new HashMap<>();
    /** Looks into the log that began after the last wake, by the position behind which they look. */
    private final Map<EventId, Look> looks = new HashMap<>();
    private @Nullable Cancellable wakes;
    private int unserved;
    /** How many of those for whom something was found have their turn though there is news again. */
    private int overdue;
    private boolean serving;
    private boolean news;
    private long begun;
    private long lasted;

    /** Somebody who stands at a position of the log. */
    interface Reader {
        /** There may be more for him, and it is his turn. */
        void advance();

        /** What he waited for, to be taken when his turn comes. */
        void found(Passage passage);

        /** The log has moved past him. */
        void lost();

        void broken(Throwable failure);
    }

    /** A look that is under way, itself and none that is like it. */
    private static final class Look {
        final List<Reader> waiting = new ArrayList<>();
    }

    /**
     * @param loop      the event loop that serves the readers, in a context that belongs to no request
     * @param whenEmpty called when the last reader has left; nobody enters after that
     */
    Fan(Context loop, Follower follower, Frames frames, JobKey job, InstantSource clock, Runnable whenEmpty) {
        this.loop = loop;
        this.follower = follower;
        this.frames = frames;
        this.job = job;
        this.clock = clock;
        this.whenEmpty = whenEmpty;
    }

    JobKey job() { return job; }

    Uni<Buffer> last(LoggedEvent event) { return frames.last(job, event); }

    /** From then on the reader is asked to advance whenever there may be more. */
    void enter(Reader reader) {
        // Woken before the first look, or what lands between the two would wait for the next wake.
        if (wakes == null) wakes = follower.wakes(job).subscribe().with(id -> wake(), this::broken);
        readers.addLast(reader);
    }

    /** From any thread. */
    void leave(Reader reader) { loop.runOnContext(now -> remove(reader)); }

    private void remove(Reader reader) {
        boolean wasHere = readers.remove(reader);
        found.remove(reader);
        tidy();
        if (!wasHere || !readers.isEmpty()) return;
        if (wakes != null) wakes.cancel();
        whenEmpty.run();
    }

    /** From any thread. */
    private void wake() {
        if (woken.compareAndSet(false, true)) loop.runOnContext(now -> wakened());
    }

    private void wakened() {
        woken.set(false);
        // A look that is still under way may have begun before what woke us was written:
        // whoever comes now takes one of his own.
        looks.clear();
        passages.clear();
        news = true;
        if (!serving) serveAll();
    }

    private void serveAll() {
        news = false;
        unserved = readers.size();
        begin();
    }

    private void begin() {
        serving = true;
        begun = clock.millis();
        lasted = 0;
        serve();
    }

    private void serve() {
        long begin = clock.millis();
        for (Reader reader = next(); reader != null; reader = next()) {
            reader.advance();
            if (clock.millis() - begin < TURN) continue;
            later(TURN, this::serve);
            return;
        }
        if (news) {
            later(Math.min(lasted, LONGEST_REST), this::serveAll);
            return;
        }
        serving = false;
        tidy();
    }

    /**
     * Whose turn it is. News is for everybody; what a look found is for those who waited for it and for nobody else, or
     * each of many who come to one job at once would have all the others served again. They go behind the news, for
     * they may find more for a long time; but each once, for there may be news for a long time.
     */
    private @Nullable Reader next() {
        if (unserved > 0 && !readers.isEmpty()) {
            unserved--;
            Reader reader = readers.getFirst();
            readers.addLast(reader);
            found.remove(reader);
            if (unserved == 0) {
                lasted = clock.millis() - begun;
                overdue = found.size();
            }
            return reader;
        }
        return found.isEmpty() || news && overdue-- <= 0 ? null : found.removeFirst();
    }

    private void later(long millis, Runnable next) {
        if (millis < TURN) loop.runOnContext(now -> next.run());
        else loop.owner().setTimer(millis, timer -> next.run());
    }

    /**
     * What follows a position: null when that is being looked up, and then the reader is told.
     *
     * @param fresh whether it must be all that is in the log, or was when a look began that is under way; what is
     *              only heard can lag behind
     */
    @Nullable
    Passage behind(EventId position, Reader reader, boolean fresh) {
        Look underWay = looks.get(position);
        if (underWay != null) {
            underWay.waiting.add(reader);
            return null;
        }
        Passage known = passages.get(position);
        if (known != null && !fresh) return known;
        Slice heard = fresh ? null : follower.heard(job, position, BATCH);
        if (heard != null && heard.kept()) return found(position, heard);
        Look look = new Look();
        look.waiting.add(reader);
        looks.put(position, look);
        follower.read(job, position, BATCH).subscribe().with(
                slice -> loop.runOnContext(now -> end(position, look, slice)),
                failure -> loop.runOnContext(now -> fail(position, look, failure)));
        return null;
    }

    private Passage found(EventId position, Slice slice) {
        List<Passage> found = Passage.of(job, position, slice, frames);
        found.forEach(this::remember);
        if (found.getFirst().isEmpty()) tidy();
        return found.getFirst();
    }

    private void remember(Passage passage) {
        if (passages.size() >= POSITIONS) passages.clear();
        passages.put(passage.after(), passage);
    }

    private void end(EventId position, Look look, Slice slice) {
        boolean isOfNow = looks.remove(position, look);
        try {
            if (slice.kept()) give(look, Passage.of(job, position, slice, frames), isOfNow);
            else look.waiting.forEach(Reader::lost);
        } catch (RuntimeException broken) {
            look.waiting.forEach(reader -> reader.broken(broken));
        }
        tidy();
    }

    /** Each of those who waited holds what was found for him, for the next wake may forget it before his turn comes. */
    private void give(Look look, List<Passage> following, boolean isOfNow) {
        // That nothing follows may have been true a wake ago; what follows does so for ever.
        following.stream().filter(passage -> isOfNow || !passage.isEmpty()).forEach(this::remember);
        for (Reader reader : look.waiting) {
            reader.found(following.getFirst());
            if (readers.contains(reader)) found.add(reader);
        }
        if (!serving) begin();
    }

    private void fail(EventId position, Look look, Throwable failure) {
        looks.remove(position, look);
        look.waiting.forEach(reader -> reader.broken(failure));
        tidy();
    }

    /** What nobody is about to ask for isn't kept, for there are as many fans as jobs that somebody follows. */
    private void tidy() {
        if (!serving && looks.isEmpty()) passages.clear();
    }

    private void broken(Throwable failure) {
        loop.runOnContext(now -> {
            // Whoever enters before the last of these has left would never be woken.
            wakes = null;
            List.copyOf(readers).forEach(reader -> reader.broken(failure));
        });
    }
}

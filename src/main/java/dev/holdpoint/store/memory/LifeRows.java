package dev.holdpoint.store.memory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;

import dev.holdpoint.disk.Disk;
import dev.holdpoint.disk.Scribe;
import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.ClosedAction;
import dev.holdpoint.job.Continuation;
import dev.holdpoint.job.Continuation.Hold;
import dev.holdpoint.job.EventId;
import dev.holdpoint.job.EventName;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobDetails;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.LoggedEvent;
import dev.holdpoint.job.Phase;
import dev.holdpoint.text.Texts;
import dev.holdpoint.text.Unreadable;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * Lives as rows of the disk, all of one life under its number. What a move leaves alone isn't written again: each
 * append and heartbeat writes only the head, however large the prompt and the details are.
 */
@RegisterForReflection(targets = {LifeRows.Head.class, LifeRows.Event.class, LifeRows.PhaseRow.class})
final class LifeRows {
    private static final String LIVES = "lives";
    private static final String HEAD = "head";
    private static final String DETAILS = "details";
    private static final String PHASE = "phase";
    private static final String CLOSED = "closed/";
    private static final String EVENT = "event/";
    private static final String RETAINED = "retained/";

    private final Scribe scribe;

    LifeRows(Scribe scribe) { this.scribe = scribe; }

    /**
     * What every move changes.
     *
     * @param farewell until when the readers of a replaced generation may read it to its end; null
     *                 while it isn't replaced
     */
    record Head(JobKey key, long generation, int execution, Instant createdAt, Instant lastActiveAt, long lastSeq,
            @Nullable Instant farewell) {
        static Head of(Job job, @Nullable Instant farewell) {
            return new Head(job.key(), job.generation(), job.execution(), job.createdAt(), job.lastActiveAt(),
                    job.lastSeq(), farewell);
        }
    }

    /** @param event null for the creation, which the details tell of */
    record Event(Instant at, @Nullable JobEvent event) {}

    private static String under(Life life) { return Scribe.key(life.number) + "/"; }

    private static String event(Life life, long seq) { return under(life) + EVENT + Scribe.key(seq); }

    /** A life that begins, before its first move. */
    void began(Life life) {
        if (!scribe.writes()) return;
        JobDetails details = life.job.details();
        scribe.put(LIVES, under(life) + DETAILS, () -> Texts.write(details));
        phase(life, life.job.phase());
        closed(life, List.of(), life.job.closed());
    }

    /** A life whose job was {@code before}. */
    void moved(Life life, Job before, List<LoggedEvent> added, long firstKeptBefore) {
        if (!scribe.writes()) return;
        head(life, null);
        if (isOther(before.phase(), life.job.phase())) phase(life, life.job.phase());
        if (isOther(before.closed(), life.job.closed())) closed(life, before.closed(), life.job.closed());
        for (LoggedEvent one : added) {
            scribe.put(LIVES, event(life, one.id().seq()), () -> Texts.write(row(one)));
            if (one.event() instanceof JobEvent.Reported reported && reported.retained())
                scribe.put(LIVES, under(life) + RETAINED + reported.name().value(), reported.data()::text);
        }
        for (long seq = firstKeptBefore; seq < life.firstKept(); seq++) scribe.remove(LIVES, event(life, seq));
    }

    private static Event row(LoggedEvent one) {
        return new Event(one.at(), one.event() instanceof JobEvent.JobCreated ? null : one.event());
    }

    @SuppressWarnings("ReferenceEquality") // what a move leaves alone is the same object; comparing contents would cost more than writing
    private static boolean isOther(Object before, Object after) {
        return before != after;
    }

    private void phase(Life life, Phase phase) {
        scribe.put(LIVES, under(life) + PHASE, () -> Texts.write(PhaseRow.of(phase)));
    }

    /**
     * A continuation is written without its resolution, which lies among the closed
     * prompts: each append renews its lease.
     *
     * @param phase    any other
     * @param resolved the action that the continuation follows
     */
    record PhaseRow(@Nullable Phase phase, @Nullable ActionId resolved, @Nullable Hold hold) {
        static PhaseRow of(Phase phase) {
            return phase instanceof Phase.Running running && running.continuation() != null
                    ? new PhaseRow(null, running.continuation().resolution().action().id(),
                            running.continuation().hold())
                    : new PhaseRow(phase, null, null);
        }

        Phase phase(List<ClosedAction> closed) {
            if (phase != null) return phase;
            if (hold == null) throw new Unreadable("a job without a phase", null);
            return closed.reversed().stream().filter(one -> one.id().equals(resolved)).map(ClosedAction::resolution)
                    .filter(Objects::nonNull).findFirst()
                    .map(resolution -> new Phase.Running(new Continuation(resolution, hold)))
                    .orElseThrow(() -> new Unreadable("a continuation without its resolution", null));
        }
    }

    /** The memory of closed prompts loses some at its front and gains some at its end; each keeps its row. */
    private void closed(Life life, List<ClosedAction> before, List<ClosedAction> after) {
        int gone = Life.forgotten(before, after);
        for (int at = 0; at < gone; at++)
            scribe.remove(LIVES, under(life) + CLOSED + Scribe.key(life.firstClosed + at));
        int stayed = before.size() - gone;
        life.firstClosed += gone;
        for (int at = stayed; at < after.size(); at++) {
            ClosedAction one = after.get(at);
            scribe.put(LIVES, under(life) + CLOSED + Scribe.key(life.firstClosed + at), () -> Texts.write(one));
        }
    }

    private void head(Life life, @Nullable Instant farewell) {
        Job job = life.job;
        scribe.put(LIVES, under(life) + HEAD, () -> Texts.write(Head.of(job, farewell)));
    }

    /** A life that was replaced, and may be read to its end until then. */
    void replaced(Life life, Instant farewell) {
        if (scribe.writes()) head(life, farewell);
    }

    void gone(Life life) {
        scribe.removeAll(LIVES, under(life));
    }

    // --- the start

    /** Every life in the order of numbers, with its farewell if it was replaced. */
    static void read(Disk disk, int keep, BiConsumer<Life, @Nullable Instant> reader) {
        Reading reading = new Reading(keep, reader);
        disk.read(LIVES, reading::row);
        reading.finish();
    }

    private static final class Reading {
        private final int keep;
        private final BiConsumer<Life, @Nullable Instant> reader;
        private final Map<String, String> rows = new TreeMap<>();
        private String number = "";

        Reading(int keep, BiConsumer<Life, @Nullable Instant> reader) {
            this.keep = keep;
            this.reader = reader;
        }

        void row(String key, String text) {
            int slash = key.indexOf('/');
            if (!key.substring(0, slash).equals(number)) finish();
            number = key.substring(0, slash);
            rows.put(key.substring(slash + 1), text);
        }

        void finish() {
            if (rows.isEmpty()) return;
            Head head = Texts.read(rows.get(HEAD), Head.class);
            JobDetails details = Texts.read(rows.get(DETAILS), JobDetails.class);
            List<ClosedAction> closed = new ArrayList<>();
            List<LoggedEvent> events = new ArrayList<>();
            Map<EventName, Json> retained = new LinkedHashMap<>();
            Sharing sharing = new Sharing();
            long firstClosed = 0;
            for (Map.Entry<String, String> row : rows.entrySet()) {
                String name = row.getKey();
                if (name.startsWith(CLOSED)) {
                    if (closed.isEmpty()) firstClosed = Scribe.number(name.substring(CLOSED.length()));
                    closed.add(sharing.of(Texts.read(row.getValue(), ClosedAction.class)));
                } else if (name.startsWith(EVENT)) {
                    events.add(event(head, details, Scribe.number(name.substring(EVENT.length())), row.getValue(),
                            sharing));
                } else if (name.startsWith(RETAINED)) {
                    EventName event = new EventName(name.substring(RETAINED.length()));
                    retained.put(event, sharing.retained(event, new Json(row.getValue())));
                }
            }
            if (events.isEmpty()) throw new Unreadable("a job without events", null);
            Phase phase = sharing.of(Texts.read(rows.get(PHASE), PhaseRow.class).phase(closed));
            Job job = new Job(head.key(), head.generation(), head.execution(), details, phase, head.createdAt(),
                    head.lastActiveAt(), head.lastSeq(), closed);
            reader.accept(new Life(Scribe.number(number), job, keep, events, retained, firstClosed), head.farewell());
            rows.clear();
        }

        private static LoggedEvent event(Head head, JobDetails details, long seq, String text, Sharing sharing) {
            Event row = Texts.read(text, Event.class);
            JobEvent event = row.event();
            return new LoggedEvent(new EventId(head.generation(), seq), row.at(), event != null ? sharing.of(event)
                    : new JobEvent.JobCreated(new Job(head.key(), head.generation(), 1, details,
                            new Phase.Running(null), head.createdAt(), head.createdAt(), 1, List.of())));
        }
    }
}

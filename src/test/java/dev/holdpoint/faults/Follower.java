package dev.holdpoint.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.faults.Fact.Event;
import dev.holdpoint.faults.Fact.Heard;
import dev.holdpoint.faults.Fact.Named;
import dev.holdpoint.faults.Fact.Source;
import dev.holdpoint.faults.Fact.Span;
import org.jspecify.annotations.Nullable;

/** Follows one job through one door, over every reconnect, until the job is over. */
final class Follower {
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Set<String> TERMINAL =
            Set.of("job.completed", "job.failed", "job.aborted", "job.expired", "job.replaced");

    private final String job;
    private final Door door;
    private final History history;
    private final Thread thread;
    private String lastEventId = "";
    private volatile boolean stopped;
    private volatile @Nullable InputStream open;

    Follower(String job, Door door, History history) {
        this.job = job;
        this.door = door;
        this.history = history;
        this.thread = Thread.ofVirtual().start(this::follow);
    }

    /** Cuts the connection; it comes back behind the last event that was heard. */
    void reconnect() {
        InputStream connection = open;
        if (connection == null) return;
        try {
            connection.close();
        } catch (IOException gone) {
            // That is what was wanted.
        }
    }

    boolean isOver() { return !thread.isAlive(); }

    void stop() {
        stopped = true;
        reconnect();
    }

    private void follow() {
        while (!stopped) {
            try {
                HttpResponse<InputStream> response = door.follow(job, Keys.VIEWER, lastEventId);
                try (InputStream body = response.body()) {
                    open = body;
                    if (response.statusCode() == 204 || response.statusCode() == 200 && hearsTheEnd(body)) return;
                } finally {
                    open = null;
                }
            } catch (IOException cut) {
                // Comes back below.
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private boolean hearsTheEnd(InputStream body) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        String id = "";
        String name = "";
        String data = "";
        for (String line = lines.readLine(); line != null && !stopped; line = lines.readLine()) {
            if (line.startsWith("id: ")) id = line.substring(4);
            if (line.startsWith("event: ")) name = line.substring(7);
            if (line.startsWith("data: ")) data = line.substring(6);
            if (!line.isEmpty() || name.isEmpty()) continue;
            hear(new Event(id, name, data));
            if (TERMINAL.contains(name)) return true;
            name = data = "";
        }
        return false;
    }

    private void hear(Event event) {
        long now = System.nanoTime();
        String who = "follower of " + job + " at " + door.name();
        history.add(new Heard(who, job, event, now));
        lastEventId = event.id();
        if (!event.name().equals("job.resumed")) return;
        JsonNode resumed = History.json(event.data());
        history.add(
                new Named(job, resumed.path("actionId").asText(), resumed.path("decidedBy").path("subject").asText(),
                        resumed.path("resolutionId").asText(), null, Source.EVENT, who, new Span(now, now)));
    }
}

package dev.holdpoint.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.faults.Caller.NoAnswer;
import dev.holdpoint.faults.Fact.Acknowledged;
import dev.holdpoint.faults.Fact.GaveUp;
import dev.holdpoint.faults.Fact.Named;
import dev.holdpoint.faults.Fact.Read;
import dev.holdpoint.faults.Fact.Refused;
import dev.holdpoint.faults.Fact.Source;
import dev.holdpoint.faults.Fact.Submitted;
import org.jspecify.annotations.Nullable;

/**
 * One job from its creation to its end: two batches of events, a prompt, people who
 * race to decide it, a worker who goes on.
 */
final class Life {
    private static final Duration BETWEEN_READS = Duration.ofMillis(100);
    private static final int BATCH = 2;

    private final int number;
    private final String job;
    private final List<Door> doors;
    private final Gate gate;
    private final History history;
    private final Caller driver;
    private String fence = "";

    /** @param gate stands between the prompt and the decisions */
    Life(int number, List<Door> doors, Gate gate, History history) {
        this.number = number;
        this.job = "j" + number;
        this.doors = doors;
        this.gate = gate;
        this.history = history;
        this.driver = new Caller("driver of " + job, doors, number, history);
    }

    String job() { return job; }

    /** Creates the job; false when it isn't known to exist. */
    boolean create() {
        Answer answer = driver.once(job, "create", Routes.create(job));
        if (!answer.isSuccess()) return false;
        fence = answer.text("fence");
        acknowledged("create", "job.created", "generation", answer.text("generation"), fence, answer);
        return true;
    }

    /** Drives the job until it is over, or until somebody says that it isn't there. */
    void run() {
        String action = "a" + number;
        try {
            if (!append(1) || !append(1 + BATCH)) return;
            Answer paused = driver.insist(job, "pause", Routes.pause(job, fence, action));
            if (!paused.isSuccess()) {
                refused("pause", fence, paused);
                return;
            }
            acknowledged("pause", "job.paused", "actionId", action, fence, paused);
            gate.pass();
            List<Thread> people = new ArrayList<>();
            for (String by : inTurn()) people.add(Thread.ofVirtual().start(() -> decide(action, by)));
            // Every other job has a worker of its own, who races with the others.
            if (number % 2 == 0) people.add(Thread.ofVirtual().start(() -> goOn(action)));
            for (Thread one : people) one.join();
            watch();
        } catch (NoAnswer gaveUp) {
            // The history knows.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Who comes first differs from job to job. */
    private List<String> inTurn() {
        List<String> turn = new ArrayList<>(Keys.DECIDERS);
        Collections.rotate(turn, number);
        return turn;
    }

    private boolean append(long behind) throws NoAnswer {
        String name = job + "/" + behind;
        Answer answer = driver.insist(job, "append", Routes.append(job, fence, behind,
                "[{\"event\":\"token\",\"data\":{\"n\":\"%1$s\"}},{\"event\":\"token\",\"data\":{\"n\":\"%1$s+\"}}]"
                        .formatted(name)));
        if (answer.isSuccess()) {
            acknowledged("append", "token", "n", name, fence, answer);
            acknowledged("append", "token", "n", name + "+", fence, answer);
            return true;
        }
        refused("append", fence, answer);
        // The answer to an earlier try was lost, and the batch was not.
        return answer.problem().equals("sequence-mismatch") && Routes.seq(answer.text("lastEventId")) == behind + BATCH;
    }

    private void decide(String action, String by) {
        String decisions = decisions(by);
        int place = Keys.DECIDERS.indexOf(by);
        // The first person has one way in only, as behind a load balancer that keeps people where they are.
        Caller person = place == 0 ? new Caller(by, List.of(doors.get(number % doors.size())), 0, history)
                : new Caller(by, doors, number + place, history);
        history.add(new Submitted(job, action, by, History.json(decisions).toString()));
        try {
            Answer answer = person.insist(job, "resolve", Routes.resolve(job, action, by, decisions));
            if (answer.isSuccess()) {
                JsonNode resolution = answer.body().path("resolution");
                String id = resolution.path("resolutionId").asText();
                history.add(new Named(job, action, resolution.path("decidedBy").path("subject").asText(), id,
                        resolution.path("decisions").toString(), Source.WON, by, answer.span()));
                acknowledged("resolve", "job.resumed", "resolutionId", id, null, answer);
            } else if (answer.problem().equals("already-decided")) {
                JsonNode winner = answer.body().path("winner");
                history.add(new Named(job, action, winner.path("by").asText(), null,
                        winner.path("decisions").toString(), Source.LOST, by, answer.span()));
            } else {
                refused("resolve", null, answer);
            }
        } catch (NoAnswer gaveUp) {
            // The history knows.
        }
    }

    /** Each person has another opinion, and everybody's differs from job to job. What is edited is awkward to copy. */
    private String decisions(String by) {
        return switch (Keys.DECIDERS.indexOf(by)) {
            case 0 -> "[{\"tool_call_id\":\"c1\",\"decision\":\"approve\"}]";
            case 1 -> "[{\"tool_call_id\":\"c1\",\"decision\":\"reject\",\"reason\":\"not for %s: „no“\"}]"
                    .formatted(job);
            default ->
                    "[{\"tool_call_id\":\"c1\",\"decision\":\"edit\",\"editedArguments\":{\"to\":\"%s\",\"b\":1.50,\"a\":[1e3,\"\\u0001\"]}}]"
                            .formatted(by + number);
        };
    }

    private void goOn(String action) {
        Worker own = new Worker("own worker of " + job, driver, history);
        try {
            var claim = own.claim(job, action);
            if (claim.isPresent()) own.perform(claim.get());
        } catch (NoAnswer gaveUp) {
            // The history knows.
        }
    }

    /** Reads the job at both doors in turn until it is over. */
    private void watch() throws NoAnswer {
        long end = System.nanoTime() + Caller.PATIENCE.toNanos();
        while (System.nanoTime() - end < 0) {
            Answer answer = driver.insist(job, "read", Routes.job(job));
            if (!answer.isSuccess()) return;
            String pending = answer.body().path("pendingAction").path("actionId").asText(null);
            history.add(new Read(job, driver.door().name(), answer.text("status"), pending, answer.text("lastEventId"),
                    answer.span()));
            if (!answer.body().path("active").asBoolean()) return;
            driver.otherDoor();
            LockSupport.parkNanos(BETWEEN_READS.toNanos());
        }
        history.add(new GaveUp(job, driver.who(), "see the end"));
    }

    private void acknowledged(String call, String event, String member, String value, @Nullable String under,
            Answer answer) {
        history.add(new Acknowledged(job, call, event, member, value, under, answer.span()));
    }

    private void refused(String call, @Nullable String under, Answer answer) {
        history.add(new Refused(job, call, answer.problem(), under, answer.span()));
    }
}

package dev.holdpoint.faults;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.faults.Caller.NoAnswer;
import dev.holdpoint.faults.Fact.Acknowledged;
import dev.holdpoint.faults.Fact.Claimed;
import dev.holdpoint.faults.Fact.Executed;
import dev.holdpoint.faults.Fact.Named;
import dev.holdpoint.faults.Fact.Refused;
import dev.holdpoint.faults.Fact.Source;

/**
 * Goes on with resolved jobs, and runs a tool once at most: only whoever has the mark in the job's log may run it, and
 * the log takes one mark only, because a mark lands right behind what its worker read or not at all.
 */
final class Worker {
    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final String MARK = "tool.started";

    private final String id;
    private final Caller caller;
    private final History history;

    record Claim(String job, String action, String fence, String resolution, String decisions) {}

    Worker(String id, Caller caller, History history) {
        this.id = id;
        this.caller = caller;
        this.history = history;
    }

    /** Takes over the oldest resolved job, if there is one. */
    Optional<Claim> claimAny() {
        return claimed("", caller.once("", "claim any", Routes.claimAny(id, WAIT)));
    }

    /** Takes over one job as soon as it is resolved, unless another worker does. */
    Optional<Claim> claim(String job, String action) throws NoAnswer {
        Answer answer = caller.insist(job, "claim", Routes.claim(job, action, id, WAIT));
        while (answer.status() == 204) answer = caller.insist(job, "claim", Routes.claim(job, action, id, WAIT));
        return claimed(job, answer);
    }

    private Optional<Claim> claimed(String wanted, Answer answer) {
        if (answer.status() != 200) {
            if (answer.isDefinite() && answer.status() != 204)
                history.add(new Refused(wanted, "claim", answer.problem(), null, answer.span()));
            return Optional.empty();
        }
        JsonNode resolution = answer.body().path("resolution");
        Claim claim = new Claim(answer.text("jobId"), resolution.path("actionId").asText(), answer.text("fence"),
                resolution.path("resolutionId").asText(), resolution.path("decisions").toString());
        String execution = claim.fence().substring(claim.fence().indexOf('.') + 1);
        history.add(new Claimed(claim.job(), claim.action(), id, claim.fence(), answer.span()));
        history.add(new Acknowledged(claim.job(), "claim", "job.claimed", "execution", execution, claim.fence(),
                answer.span()));
        history.add(new Named(claim.job(), claim.action(), resolution.path("decidedBy").path("subject").asText(),
                claim.resolution(), claim.decisions(), Source.CLAIM, id, answer.span()));
        return Optional.of(claim);
    }

    /** Runs what was approved, and completes the job. */
    void perform(Claim claim) throws NoAnswer {
        if (HistoryCheck.allowsToRun(claim.decisions()) && mayRun(claim)) {
            history.add(new Executed(claim.job(), claim.action(), id, claim.resolution(), System.nanoTime()));
        }
        complete(claim);
    }

    private boolean mayRun(Claim claim) throws NoAnswer {
        while (true) {
            List<Fact.Event> log = log(claim.job());
            Optional<Fact.Event> mark = log.stream().filter(event -> event.name().equals(MARK)).findFirst();
            if (mark.isPresent() || log.isEmpty()) return mark.isPresent() && isOurs(mark.get(), claim);
            Answer answer = mark(claim, Routes.seq(log.getLast().id()));
            if (answer.isSuccess()) return true;
            // Behind a lost answer the mark may have landed all the same.
            if (!answer.problem().equals("sequence-mismatch"))
                return log(claim.job()).stream().anyMatch(event -> event.name().equals(MARK) && isOurs(event, claim));
        }
    }

    Answer mark(Claim claim, long behind) throws NoAnswer {
        Answer answer = caller.insist(claim.job(), "mark", Routes.append(claim.job(), claim.fence(), behind,
                "[{\"event\":\"%s\",\"data\":{\"n\":\"%s\"}}]".formatted(MARK, claim.fence())));
        return told(claim, "mark", MARK, "n", claim.fence(), answer);
    }

    Answer complete(Claim claim) throws NoAnswer {
        Answer answer = caller.insist(claim.job(), "complete", Routes.complete(claim.job(), claim.fence()));
        return told(claim, "complete", "job.completed", "status", "complete", answer);
    }

    Answer heartbeat(Claim claim) throws NoAnswer {
        Answer answer = caller.insist(claim.job(), "heartbeat", Routes.heartbeat(claim.job(), claim.fence()));
        if (!answer.isSuccess())
            history.add(new Refused(claim.job(), "heartbeat", answer.problem(), claim.fence(), answer.span()));
        return answer;
    }

    private Answer told(Claim claim, String call, String event, String member, String value, Answer answer) {
        history.add(answer.isSuccess()
                ? new Acknowledged(claim.job(), call, event, member, value, claim.fence(), answer.span())
                : new Refused(claim.job(), call, answer.problem(), claim.fence(), answer.span()));
        return answer;
    }

    private static boolean isOurs(Fact.Event mark, Claim claim) {
        return mark.data().contains('"' + claim.fence() + '"');
    }

    private List<Fact.Event> log(String job) throws NoAnswer {
        Answer answer = caller.insist(job, "log", Routes.log(job));
        return StreamSupport.stream(answer.body().path("items").spliterator(), false).map(Routes::event).toList();
    }
}

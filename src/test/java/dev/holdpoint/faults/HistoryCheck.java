package dev.holdpoint.faults;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.faults.Fact.Acknowledged;
import dev.holdpoint.faults.Fact.Broken;
import dev.holdpoint.faults.Fact.Claimed;
import dev.holdpoint.faults.Fact.Event;
import dev.holdpoint.faults.Fact.Executed;
import dev.holdpoint.faults.Fact.GaveUp;
import dev.holdpoint.faults.Fact.Halted;
import dev.holdpoint.faults.Fact.Heard;
import dev.holdpoint.faults.Fact.Logged;
import dev.holdpoint.faults.Fact.Named;
import dev.holdpoint.faults.Fact.Read;
import dev.holdpoint.faults.Fact.Source;
import dev.holdpoint.faults.Fact.Submitted;
import org.jspecify.annotations.Nullable;

/** Finds out what went wrong in the history of one job. */
final class HistoryCheck {
    /** What must hold whatever breaks. */
    enum Rule {
        /** Everybody who ever names a winner of an action names the same one. */
        ONE_WINNER,
        /** The winner's decisions are what that very person submitted. */
        SUBMITTED_BY_THE_WINNER,
        /** No read that began after an answer named a winner says "pending". */
        NOT_PENDING_AGAIN,
        /** What was acknowledged is in the log at the end. */
        ACKNOWLEDGED_STAYS,
        /** What was seen once stays so, also when its caller was left in doubt. */
        SEEN_STAYS,
        /** An approved action runs once, a refused one never, and a worker that was replaced changes nothing. */
        RUNS_ONCE,
        /** What a subscriber heard over all its reconnects is the log, with holes only where they were announced. */
        STREAM_IS_THE_LOG,
        /** Every caller gets a definite answer in the end, and every job comes to its end. */
        COMES_TO_AN_END,
        /** Trouble has a name that tells the caller what to do. */
        TROUBLE_HAS_A_NAME
    }

    record Violation(Rule rule, String job, String what) {}

    private static final Comparator<String> EVENT_ID =
            Comparator.comparingLong(HistoryCheck::generation).thenComparingLong(HistoryCheck::seq);
    private static final Set<String> TERMINAL =
            Set.of("job.completed", "job.failed", "job.aborted", "job.expired", "job.replaced");

    private final String job;
    private final List<Fact> facts;
    private final List<Violation> found = new ArrayList<>();

    private HistoryCheck(String job, List<Fact> facts) {
        this.job = job;
        this.facts = facts;
    }

    static List<Violation> check(Collection<Fact> history) {
        return byJob(history).flatMap(one -> one.run().stream()).toList();
    }

    /** Acknowledged writes that some log doesn't hold at the end. */
    static List<Acknowledged> lost(Collection<Fact> history) {
        return byJob(history).flatMap(HistoryCheck::lost).toList();
    }

    private static Stream<HistoryCheck> byJob(Collection<Fact> history) {
        return history.stream().collect(groupingBy(Fact::job, LinkedHashMap::new, toList())).entrySet().stream()
                .map(one -> new HistoryCheck(one.getKey(), one.getValue()));
    }

    private List<Violation> run() {
        of(Named.class).collect(groupingBy(Named::action)).forEach((action, names) -> {
            oneWinner(action, names);
            names.forEach(this::submittedByTheWinner);
            names.forEach(this::notPendingAgain);
            names.forEach(this::ownDecisionIsNotSomebodyElses);
            names.stream().distinct().forEach(this::namedStaysNamed);
        });
        lost().forEach(write -> violated(Rule.ACKNOWLEDGED_STAYS, "not every log holds " + write));
        readsNeverGoBack();
        of(Executed.class).collect(groupingBy(Executed::action)).forEach(this::runsAtMostOnce);
        of(Named.class).map(Named::action).distinct().forEach(this::runsWhatWasApproved);
        of(Acknowledged.class).forEach(this::replacedWorkerChangesNothing);
        of(Heard.class).collect(groupingBy(Heard::subscriber)).forEach(this::streamIsTheLog);
        comesToAnEnd();
        of(Broken.class).forEach(broken -> violated(Rule.TROUBLE_HAS_A_NAME,
                broken.call() + " was answered with " + broken.status() + " " + broken.body()));
        return found;
    }

    private <T extends Fact> Stream<T> of(Class<T> kind) {
        return facts.stream().filter(kind::isInstance).map(kind::cast);
    }

    private void violated(Rule rule, String what) { found.add(new Violation(rule, job, what)); }

    private void oneWinner(String action, List<Named> names) {
        disagreement(action, "winner", names, Named::by);
        disagreement(action, "resolution", names, Named::resolution);
        disagreement(action, "decision", names, Named::decisions);
    }

    private void disagreement(String action, String what, List<Named> names, Function<Named, @Nullable String> part) {
        Map<String, Named> different = new LinkedHashMap<>();
        for (Named one : names) {
            String value = part.apply(one);
            if (value != null) different.putIfAbsent(value, one);
        }
        if (different.size() > 1)
            violated(Rule.ONE_WINNER, action + " has more than one " + what + ": " + different.values());
    }

    private void submittedByTheWinner(Named named) {
        if (named.decisions() == null) return;
        if (of(Submitted.class).noneMatch(sent -> sent.action().equals(named.action())
                && sent.by().equals(named.by()) && sent.decisions().equals(named.decisions())))
            violated(Rule.SUBMITTED_BY_THE_WINNER, "nobody submitted what is named here: " + named);
    }

    private void notPendingAgain(Named named) {
        if (named.source() == Source.EVENT) return;
        of(Read.class)
                .filter(read -> named.action().equals(read.pending()) && named.span().endedBefore(read.span()))
                .findFirst().ifPresent(read -> violated(Rule.NOT_PENDING_AGAIN,
                        named.action() + " was decided, as " + named + ", and then pending, as " + read));
    }

    private void ownDecisionIsNotSomebodyElses(Named named) {
        if (named.source() == Source.LOST && named.by().equals(named.to())
                && of(Submitted.class).anyMatch(sent -> sent.action().equals(named.action())
                        && sent.by().equals(named.to()) && sent.decisions().equals(named.decisions())))
            violated(Rule.SEEN_STAYS, "who won was told that somebody else did: " + named);
    }

    private void namedStaysNamed(Named named) {
        logs().forEach(log -> {
            if (eventsOf(log).noneMatch(event -> event.name().equals("job.resumed") && resumes(event, named)))
                violated(Rule.SEEN_STAYS, "the log at " + log.door() + " doesn't know this resolution: " + named);
        });
    }

    private static boolean resumes(Event event, Named named) {
        JsonNode data = History.json(event.data());
        return data.path("actionId").asText().equals(named.action())
                && data.path("decidedBy").path("subject").asText().equals(named.by())
                && (named.resolution() == null || data.path("resolutionId").asText().equals(named.resolution()));
    }

    private Stream<Acknowledged> lost() {
        return of(Acknowledged.class).filter(write -> logs().anyMatch(log -> eventsOf(log).noneMatch(
                event -> event.name().equals(write.event())
                        && History.json(event.data()).path(write.member()).asText().equals(write.value()))));
    }

    /** No read may show an older newest event than what anybody had seen before it began. */
    private void readsNeverGoBack() {
        record Sighting(String id, long at) {}
        List<Sighting> seen = Stream.concat(
                of(Heard.class).filter(heard -> !heard.event().id().isEmpty())
                        .map(heard -> new Sighting(heard.event().id(), heard.at())),
                of(Read.class).filter(read -> read.lastEventId() != null)
                        .map(read -> new Sighting(Objects.requireNonNull(read.lastEventId()), read.span().returned())))
                .sorted(Comparator.comparingLong(Sighting::at)).toList();
        List<Read> reads = of(Read.class).filter(read -> read.lastEventId() != null)
                .sorted(Comparator.comparingLong(read -> read.span().invoked())).toList();
        String newest = "0-0";
        int next = 0;
        for (Read read : reads) {
            for (; next < seen.size() && seen.get(next).at() < read.span().invoked(); next++) {
                if (EVENT_ID.compare(seen.get(next).id(), newest) > 0) newest = seen.get(next).id();
            }
            if (EVENT_ID.compare(Objects.requireNonNull(read.lastEventId()), newest) < 0)
                violated(Rule.SEEN_STAYS, newest + " was seen, and then " + read);
        }
    }

    private void runsAtMostOnce(String action, List<Executed> runs) {
        if (runs.size() > 1) violated(Rule.RUNS_ONCE, action + " ran " + runs.size() + " times: " + runs);
        for (Executed run : runs) {
            boolean approved = of(Named.class).anyMatch(
                    named -> named.action().equals(action) && run.resolution().equals(named.resolution())
                            && allowsToRun(named.decisions()));
            if (!approved) violated(Rule.RUNS_ONCE, "nobody approved this: " + run);
        }
    }

    private void runsWhatWasApproved(String action) {
        boolean approved = of(Named.class)
                .anyMatch(named -> named.action().equals(action) && allowsToRun(named.decisions()));
        if (!approved || of(Executed.class).anyMatch(run -> run.action().equals(action))) return;
        Set<String> halted = new HashSet<>(of(Halted.class).map(Halted::worker).toList());
        if (of(Claimed.class).anyMatch(claim -> claim.action().equals(action) && halted.contains(claim.worker())))
            return;
        violated(Rule.RUNS_ONCE, action + " was approved and never ran");
    }

    private void replacedWorkerChangesNothing(Acknowledged write) {
        String fence = write.fence();
        if (fence == null) return;
        of(Claimed.class).filter(claim -> claim.span().endedBefore(write.span()) && isNewer(claim.fence(), fence))
                .findFirst().ifPresent(claim -> violated(Rule.RUNS_ONCE,
                        "a replaced worker was let through: " + write + " after " + claim));
    }

    private static boolean isNewer(String fence, String than) {
        return EVENT_ID.compare(fence.replace('.', '-'), than.replace('.', '-')) > 0;
    }

    private void streamIsTheLog(String subscriber, List<Heard> heard) {
        List<Event> log = logs().findFirst().map(one -> eventsOf(one).toList()).orElse(List.of());
        Map<String, Event> byId = new HashMap<>();
        log.forEach(event -> byId.put(event.id(), event));
        String last = log.isEmpty() ? "0-0" : generation(log.getFirst().id()) + "-0";
        boolean announced = false;
        for (Heard one : heard) {
            Event event = one.event();
            if (event.name().equals("job.snapshot")) {
                announced = true;
                continue;
            }
            boolean next = generation(event.id()) == generation(last) && seq(event.id()) == seq(last) + 1;
            if (!next && !(announced && EVENT_ID.compare(event.id(), last) > 0)) {
                violated(Rule.STREAM_IS_THE_LOG, subscriber + " heard " + event.id() + " after " + last);
                return;
            }
            Event logged = byId.get(event.id());
            if (logged == null || !logged.name().equals(event.name())
                    || !History.json(logged.data()).equals(History.json(event.data()))) {
                violated(Rule.STREAM_IS_THE_LOG,
                        subscriber + " heard " + event + ", but the log "
                                + (logged == null ? "has none" : "has " + logged));
                return;
            }
            last = event.id();
            announced = false;
        }
        if (!announced && !log.isEmpty() && !last.equals(log.getLast().id()))
            violated(Rule.STREAM_IS_THE_LOG,
                    subscriber + " heard nothing after " + last + ", but the log goes on to " + log.getLast().id());
    }

    private void comesToAnEnd() {
        of(GaveUp.class).forEach(one -> violated(Rule.COMES_TO_AN_END,
                one.who() + " never got a definite answer to " + one.call()));
        if (of(Acknowledged.class).noneMatch(write -> write.call().equals("create"))) return;
        logs().filter(log -> log.events() != null
                && eventsOf(log).noneMatch(event -> TERMINAL.contains(event.name())))
                .forEach(log -> violated(Rule.COMES_TO_AN_END,
                        "the job never ended, as the log at " + log.door() + " says"));
    }

    private Stream<Logged> logs() { return of(Logged.class); }

    private static Stream<Event> eventsOf(Logged log) {
        return log.events() == null ? Stream.empty() : log.events().stream();
    }

    /** Whether any call may run; unknown decisions allow nothing. */
    static boolean allowsToRun(@Nullable String decisions) {
        if (decisions == null) return false;
        for (JsonNode decision : History.json(decisions)) {
            if (Set.of("approve", "edit").contains(decision.path("decision").asText())) return true;
        }
        return false;
    }

    private static long generation(String id) { return Long.parseLong(id.substring(0, id.indexOf('-'))); }

    private static long seq(String id) { return Long.parseLong(id.substring(id.indexOf('-') + 1)); }
}

package dev.holdpoint.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

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
import dev.holdpoint.faults.Fact.Span;
import dev.holdpoint.faults.Fact.Submitted;
import dev.holdpoint.faults.HistoryCheck.Rule;
import org.junit.jupiter.api.Test;

/** A sound history passes; each way to spoil it is found, and found as what it is. */
class HistoryCheckTest {
    private static final String JOB = "j1";
    private static final String APPROVE = "[{\"tool_call_id\":\"c1\",\"decision\":\"approve\"}]";
    private static final String REJECT = "[{\"tool_call_id\":\"c1\",\"decision\":\"reject\",\"reason\":\"no\"}]";

    private static final List<Event> LOG = List.of(
            event(1, "job.created", "{\"id\":\"j1\",\"generation\":7}"),
            event(2, "token", "{\"n\":\"j1/1\"}"),
            event(3, "job.paused", "{\"actionId\":\"a1\"}"),
            event(4, "job.resumed",
                    "{\"actionId\":\"a1\",\"resolutionId\":\"r1\",\"decidedBy\":{\"subject\":\"ada\"}}"),
            event(5, "job.claimed", "{\"workerId\":\"w1\",\"execution\":2}"),
            event(6, "job.completed", "{\"status\":\"complete\"}"));

    /** Ada approves and Bob, who rejects, learns it; one worker runs the tool; two subscribers hear it all. */
    private final List<Fact> history = new ArrayList<>(List.of(
            new Acknowledged(JOB, "create", "job.created", "generation", "7", "7.1", at(1)),
            new Acknowledged(JOB, "append", "token", "n", "j1/1", "7.1", at(2)),
            new Acknowledged(JOB, "pause", "job.paused", "actionId", "a1", "7.1", at(3)),
            new Read(JOB, "A", "requires_action", "a1", "7-3", at(4)),
            new Submitted(JOB, "a1", "ada", APPROVE),
            new Submitted(JOB, "a1", "bob", REJECT),
            new Named(JOB, "a1", "ada", "r1", APPROVE, Source.WON, "ada", at(5)),
            new Acknowledged(JOB, "resolve", "job.resumed", "resolutionId", "r1", null, at(5)),
            new Named(JOB, "a1", "ada", null, APPROVE, Source.LOST, "bob", at(6)),
            new Claimed(JOB, "a1", "w1", "7.2", at(7)),
            new Acknowledged(JOB, "claim", "job.claimed", "execution", "2", "7.2", at(7)),
            new Named(JOB, "a1", "ada", "r1", APPROVE, Source.CLAIM, "w1", at(7)),
            new Executed(JOB, "a1", "w1", "r1", 80),
            new Acknowledged(JOB, "complete", "job.completed", "status", "complete", "7.2", at(9)),
            new Read(JOB, "B", "complete", null, "7-6", at(10)),
            new Logged(JOB, "A", LOG), new Logged(JOB, "B", LOG)));

    HistoryCheckTest() {
        for (String subscriber : List.of("s1", "s2")) LOG.forEach(event -> history.add(heard(subscriber, event)));
    }

    private static Event event(int seq, String name, String data) { return new Event("7-" + seq, name, data); }

    private static Span at(long tick) { return new Span(10 * tick, 10 * tick + 5); }

    private static Heard heard(String subscriber, Event event) { return new Heard(subscriber, JOB, event, 95); }

    private void assertFound(Rule rule) {
        assertThat(HistoryCheck.check(history)).isNotEmpty().allSatisfy(
                violation -> assertThat(violation.rule()).as(violation.what()).isEqualTo(rule));
    }

    private void replace(UnaryOperator<Fact> change) { history.replaceAll(change); }

    private void remove(Class<? extends Fact> kind) { history.removeIf(kind::isInstance); }

    /** Changes the log at both doors, and what was heard of it. */
    private void rewrite(UnaryOperator<Event> change) {
        replace(fact -> switch (fact) {
            case Logged log -> new Logged(JOB, log.door(), log.events().stream().map(change).toList());
            case Heard heard -> heard(heard.subscriber(), change.apply(heard.event()));
            default -> fact;
        });
    }

    @Test
    void soundHistoryPasses() { assertThat(HistoryCheck.check(history)).isEmpty(); }

    @Test
    void twoAnswersThatNameDifferentWinnersAreFound() {
        history.add(new Named(JOB, "a1", "bob", "r2", REJECT, Source.WON, "bob", at(6)));

        assertThat(HistoryCheck.check(history)).extracting(HistoryCheck.Violation::rule).contains(Rule.ONE_WINNER);
    }

    @Test
    void eventThatNamesAnotherWinnerIsFound() {
        history.add(new Named(JOB, "a1", "bob", "r1", null, Source.EVENT, "s1", at(6)));

        assertThat(HistoryCheck.check(history)).extracting(HistoryCheck.Violation::rule).contains(Rule.ONE_WINNER);
    }

    @Test
    void decisionsThatNobodySubmittedAreFound() {
        history.removeIf(fact -> fact instanceof Submitted sent && sent.by().equals("ada"));

        assertFound(Rule.SUBMITTED_BY_THE_WINNER);
    }

    @Test
    void decisionsOfSomebodyElseAreFound() {
        history.removeIf(fact -> fact instanceof Submitted sent && sent.by().equals("ada"));
        history.add(new Submitted(JOB, "a1", "bob", APPROVE));

        assertFound(Rule.SUBMITTED_BY_THE_WINNER);
    }

    @Test
    void pendingAfterAnAnswerNamedTheWinnerIsFound() {
        history.add(new Read(JOB, "B", "requires_action", "a1", null, at(8)));

        assertFound(Rule.NOT_PENDING_AGAIN);
    }

    @Test
    void pendingInAReadThatBeganBeforeTheAnswerIsSound() {
        history.add(new Read(JOB, "B", "requires_action", "a1", null, new Span(54, 200)));

        assertThat(HistoryCheck.check(history)).isEmpty();
    }

    @Test
    void acknowledgedEventThatIsGoneIsFound() {
        history.add(new Acknowledged(JOB, "append", "token", "n", "j1/2", "7.1", at(2)));

        assertFound(Rule.ACKNOWLEDGED_STAYS);
    }

    @Test
    void acknowledgedJobThatIsGoneIsFound() {
        remove(Heard.class);
        remove(Named.class);
        remove(Executed.class);
        replace(fact -> fact instanceof Logged log ? new Logged(JOB, log.door(), null) : fact);

        assertFound(Rule.ACKNOWLEDGED_STAYS);
    }

    @Test
    void readThatFallsBehindAnEarlierReadIsFound() {
        history.add(new Read(JOB, "A", "running", null, "7-5", at(11)));

        assertFound(Rule.SEEN_STAYS);
    }

    @Test
    void readThatFallsBehindWhatASubscriberHeardIsFound() {
        remove(Read.class);
        history.add(new Read(JOB, "A", "running", null, "7-5", at(11)));

        assertFound(Rule.SEEN_STAYS);
    }

    @Test
    void doubtfulDecisionThatWasNamedAndIsGoneIsFound() {
        history.removeIf(fact -> fact instanceof Acknowledged write && write.call().equals("resolve"));
        rewrite(event -> event.name().equals("job.resumed") ? event(4, "job.resumed",
                "{\"actionId\":\"a1\",\"resolutionId\":\"r9\",\"decidedBy\":{\"subject\":\"ada\"}}") : event);

        assertFound(Rule.SEEN_STAYS);
    }

    @Test
    void winnerWhoIsToldThatSomebodyElseWonIsFound() {
        history.add(new Named(JOB, "a1", "ada", null, APPROVE, Source.LOST, "ada", at(6)));

        assertFound(Rule.SEEN_STAYS);
    }

    @Test
    void secondRunIsFound() {
        history.add(new Executed(JOB, "a1", "w2", "r1", 85));

        assertFound(Rule.RUNS_ONCE);
    }

    @Test
    void approvedActionThatNeverRanIsFound() {
        remove(Executed.class);

        assertFound(Rule.RUNS_ONCE);
    }

    @Test
    void approvedActionOfAKilledWorkerMayNeverRun() {
        remove(Executed.class);
        history.add(new Halted(JOB, "w1"));

        assertThat(HistoryCheck.check(history)).isEmpty();
    }

    @Test
    void runOfARefusedActionIsFound() {
        replace(fact -> switch (fact) {
            case Named named ->
                    new Named(JOB, "a1", "ada", named.resolution(), REJECT, named.source(), named.to(), named.span());
            case Submitted sent -> new Submitted(JOB, "a1", sent.by(), REJECT);
            default -> fact;
        });

        assertFound(Rule.RUNS_ONCE);
    }

    @Test
    void writeOfAReplacedWorkerThatIsLetThroughIsFound() {
        replace(fact -> fact instanceof Acknowledged write && write.call().equals("complete")
                ? new Acknowledged(JOB, "complete", write.event(), write.member(), write.value(), "7.1", write.span())
                : fact);

        assertFound(Rule.RUNS_ONCE);
    }

    @Test
    void writeUnderWayWhileTheWorkerIsReplacedIsSound() {
        replace(fact -> fact instanceof Acknowledged write && write.call().equals("append")
                ? new Acknowledged(JOB, "append", "token", "n", "j1/1", "7.1", new Span(20, 99)) : fact);

        assertThat(HistoryCheck.check(history)).isEmpty();
    }

    @Test
    void eventThatASubscriberMissedIsFound() {
        history.removeIf(fact -> fact instanceof Heard heard && heard.subscriber().equals("s2")
                && heard.event().id().equals("7-4"));

        assertFound(Rule.STREAM_IS_THE_LOG);
    }

    @Test
    void missedEventIsSoundBehindAnAnnouncement() {
        replace(fact -> fact instanceof Heard heard && heard.event().id().equals("7-4")
                ? heard(heard.subscriber(), new Event("7-4", "job.snapshot", "{\"reason\":\"log_trimmed\"}")) : fact);

        assertThat(HistoryCheck.check(history)).isEmpty();
    }

    @Test
    void eventThatCameTwiceIsFound() {
        history.add(heard("s1", LOG.getLast()));

        assertFound(Rule.STREAM_IS_THE_LOG);
    }

    @Test
    void eventThatIsNotInTheLogIsFound() {
        replace(fact -> fact instanceof Heard heard && heard.event().id().equals("7-2")
                ? heard(heard.subscriber(), event(2, "token", "{\"n\":\"j1/other\"}")) : fact);

        assertFound(Rule.STREAM_IS_THE_LOG);
    }

    @Test
    void streamThatStopsBeforeTheEndIsFound() {
        history.removeIf(fact -> fact instanceof Heard heard && heard.event().id().equals("7-6"));

        assertFound(Rule.STREAM_IS_THE_LOG);
    }

    @Test
    void jobThatNeverEndsIsFound() {
        history.removeIf(fact -> fact instanceof Acknowledged write && write.call().equals("complete")
                || fact instanceof Heard heard && heard.event().id().equals("7-6")
                || fact instanceof Read read && read.status().equals("complete"));
        replace(fact -> fact instanceof Logged log ? new Logged(JOB, log.door(), LOG.subList(0, 5)) : fact);

        assertFound(Rule.COMES_TO_AN_END);
    }

    @Test
    void callerWhoGivesUpIsFound() {
        history.add(new GaveUp(JOB, "ada", "resolve"));

        assertFound(Rule.COMES_TO_AN_END);
    }

    @Test
    void troubleWithoutANameIsFound() {
        history.add(new Broken(JOB, "resolve", 500, "{}"));

        assertFound(Rule.TROUBLE_HAS_A_NAME);
    }

    @Test
    void historyCanBeWrittenDownAndReadAgain() {
        assertThat(history.stream().map(History::line).map(History::fact)).isEqualTo(history);
    }
}

package dev.holdpoint.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.AgentId;
import dev.holdpoint.job.ClosedAction;
import dev.holdpoint.job.Continuation;
import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Debt;
import dev.holdpoint.job.DecidedBy;
import dev.holdpoint.job.Decision;
import dev.holdpoint.job.DecisionKind;
import dev.holdpoint.job.Ending;
import dev.holdpoint.job.EventId;
import dev.holdpoint.job.EventName;
import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobDetails;
import dev.holdpoint.job.JobError;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.JudgedCall;
import dev.holdpoint.job.PendingAction;
import dev.holdpoint.job.Phase;
import dev.holdpoint.job.References;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.ResolutionId;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.Submission;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.job.ToolCallId;
import dev.holdpoint.job.TraceParent;
import dev.holdpoint.job.UserId;
import dev.holdpoint.job.WorkerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever kind a value is of, it is read as it was written. */
class TextsTest {
    private static final TraceParent TRACE =
            new TraceParent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00.123Z");
    private static final Json NUMBERS =
            new Json("{\"n\":1.50,\"big\":123456789012345678901234567890,\"s\":\"\\u00e9 é\"}");
    private static final JobKey KEY = new JobKey(new Space(new TenantId("acme: 100%")), new JobId("job/1"));
    private static final UserId ANN = new UserId("ann");
    private static final ConversationId TALK = new ConversationId("talk");
    private static final ActionId ACTION = new ActionId("a1");

    private static final Interrupt TOOLS = new Interrupt.ToolApproval(List.of(
            new Interrupt.ActionRequest(new ToolCallId("c1"), "mail", NUMBERS, "digest", "about it",
                    new Interrupt.Review("mail", Set.of(DecisionKind.APPROVE, DecisionKind.EDIT), NUMBERS, false),
                    List.of("Mail"), "because"),
            new Interrupt.ActionRequest(new ToolCallId("c2"), "rm", Json.EMPTY_OBJECT, "digest", null,
                    new Interrupt.Review("rm", Set.of(DecisionKind.REJECT), null, null), List.of(), null)));
    private static final Interrupt QUESTIONS = new Interrupt.AskUserQuestion(true,
            List.of(new Interrupt.Question("q1", "head", "text", "more", List.of(new Interrupt.Option("L", "v")), true),
                    new Interrupt.Question(null, null, "text", null, List.of(), false)),
            new ToolCallId("c3"));

    private static PendingAction prompt(Interrupt payload) {
        return new PendingAction(ACTION, payload, NOW, NOW.plusNanos(1_234), NOW.plusSeconds(60),
                new References("int", "thread", null, "msg", TRACE), NUMBERS, 7L);
    }

    private static Map<String, String> answers() {
        Map<String, String> answers = new LinkedHashMap<>();
        answers.put("q2", "zwei");
        answers.put("q1", "eins");
        return answers;
    }

    private static Resolution resolution(Interrupt payload, Submission submission) {
        return new Resolution(new ResolutionId("r1"), KEY, NOW.toEpochMilli(), prompt(payload), TALK, ANN,
                new AgentId("agent"), new DecidedBy("bob", List.of("approver", "user"), "api", TRACE), NOW, submission,
                "fsync");
    }

    private static Job job(Phase phase) {
        return new Job(KEY, NOW.toEpochMilli(), 3,
                new JobDetails(ANN, TALK, null, "run", null, NUMBERS, Json.EMPTY_OBJECT), phase, NOW, NOW, 9,
                List.of(new ClosedAction(ACTION, 1, ClosedAction.Outcome.EXPIRED, null),
                        new ClosedAction(ACTION, 2, ClosedAction.Outcome.DECIDED,
                                resolution(TOOLS, new Submission.Answer("yes")))));
    }

    static Stream<Submission> submissions() {
        return Stream.of(new Submission.Answer("text"), new Submission.Answers(answers()),
                new Submission.Decisions(Stream.of(new Decision.Approve(Decision.Scope.ALWAYS), new Decision.Reject(),
                        new Decision.Edit(NUMBERS, "digest"), new Decision.Respond("instead"))
                        .map(verdict -> new Decision(new ToolCallId("c1"), verdict, "why", null)).toList()));
    }

    static Stream<Ending> endings() {
        return Stream.of(new Ending.Completed(NUMBERS), new Ending.Completed(null),
                new Ending.Failed(new JobError("code", "message")), new Ending.Aborted(JobError.ABORTED_BY_USER),
                new Ending.Expired(ACTION), new Ending.Expired(null), new Ending.Replaced());
    }

    static Stream<Phase> phases() {
        return Stream.of(
                Stream.of(new Phase.Running(null), new Phase.Waiting(null), new Phase.Waiting(prompt(TOOLS)),
                        new Phase.Waiting(prompt(QUESTIONS))),
                submissions().map(submission -> new Phase.Running(
                        new Continuation(resolution(TOOLS, submission), new Continuation.Hold.Open()))),
                Stream.of(new Phase.Running(new Continuation(resolution(QUESTIONS, new Submission.Answer("text")),
                        new Continuation.Hold.Claimed(new WorkerId("w"), NOW)))),
                endings().map(how -> new Phase.Ended(how, NOW))).flatMap(one -> one).map(Phase.class::cast);
    }

    static Stream<JobEvent> events() {
        return Stream.of(Stream.of(new JobEvent.Reported(new EventName("token"), NUMBERS, true),
                new JobEvent.JobCreated(job(new Phase.Running(null))), new JobEvent.JobPaused(prompt(TOOLS)),
                new JobEvent.JobPaused(prompt(QUESTIONS)), new JobEvent.JobClaimed(new WorkerId("w"), 4)),
                submissions().map(submission -> new JobEvent.JobResumed(resolution(TOOLS, submission))),
                endings().map(JobEvent.JobEnded::new)).flatMap(one -> one).map(JobEvent.class::cast);
    }

    static Stream<Debt> debts() {
        EventId event = new EventId(NOW.toEpochMilli(), 5);
        return Stream.of(phases().filter(Phase.Ended.class::isInstance).map(phase -> new Debt.EndedJob(job(phase))),
                Stream.of(
                        new Debt.ClosedPrompt(KEY, event, NOW, ANN, TALK, null, null, ClosedAction.Outcome.ABORTED,
                                null),
                        new Debt.ClosedPrompt(KEY, event, NOW, ANN, TALK, new AgentId("agent"), prompt(TOOLS),
                                ClosedAction.Outcome.DECIDED, resolution(TOOLS, new Submission.Answer("yes"))),
                        new Debt.JudgedCalls(KEY, 1, NOW, ANN, TALK,
                                List.of(new JudgedCall(new ToolCallId("c1"), "mail", List.of("Mail"), NUMBERS, "deny",
                                        "why", NUMBERS, "grant", 3))),
                        new Debt.News(KEY, event, NOW, ANN, TALK, new AgentId("agent"),
                                new JobEvent.JobPaused(prompt(TOOLS))),
                        new Debt.Note("n1", "policy", Space.TENANTLESS, NOW, NUMBERS, null),
                        new Debt.Note("n2", "policy", KEY.space(), NOW, NUMBERS, NUMBERS)))
                .flatMap(one -> one).map(Debt.class::cast);
    }

    /** Declared as the sealed type, which is where the word for the kind is written. */
    record Any(Phase phase, JobEvent event, Debt debt) {}

    static Stream<Any> everything() {
        return Stream.of(phases().map(phase -> new Any(phase, null, null)),
                events().map(event -> new Any(null, event, null)), debts().map(debt -> new Any(null, null, debt)))
                .flatMap(one -> one);
    }

    @ParameterizedTest
    @MethodSource("everything")
    void valueIsReadAsItWasWritten(Any value) {
        assertThat(Texts.read(Texts.write(value), Any.class)).isEqualTo(value);
    }

    @Test
    void everyKindIsAmongThem() {
        assertThat(kinds(phases())).containsExactlyInAnyOrder(Phase.class.getPermittedSubclasses());
        assertThat(kinds(events().filter(JobEvent.Lifecycle.class::isInstance)))
                .containsExactlyInAnyOrder(JobEvent.Lifecycle.class.getPermittedSubclasses());
        assertThat(kinds(debts())).containsExactlyInAnyOrder(Debt.class.getPermittedSubclasses());
        assertThat(kinds(endings())).containsExactlyInAnyOrder(Ending.class.getPermittedSubclasses());
        assertThat(kinds(submissions())).containsExactlyInAnyOrder(Submission.class.getPermittedSubclasses());
    }

    private static List<Class<?>> kinds(Stream<?> values) {
        return values.<Class<?>>map(Object::getClass).distinct().toList();
    }

    @Test
    void jsonKeepsEveryDigitAndEscape() {
        assertThat(Texts.write(new JobEvent.Reported(new EventName("n"), NUMBERS, false)))
                .contains("1.50", "123456789012345678901234567890", "\\\\u00e9 é");
    }

    /** What older versions wrote lies on disks: whoever changes a word here must still read the old one. */
    @Test
    void wordsOnDiskStayAsTheyAre() {
        assertThat(Texts.write(new Any(new Phase.Waiting(null), null, null)))
                .isEqualTo("{\"phase\":{\"type\":\"waiting\"}}");
        assertThat(Texts.read("{\"event\":{\"type\":\"claimed\",\"worker\":\"w\",\"execution\":4}}", Any.class).event())
                .isEqualTo(new JobEvent.JobClaimed(new WorkerId("w"), 4));
        assertThat(Texts.read("{\"phase\":{\"type\":\"ended\",\"how\":{\"type\":\"expired\",\"action\":\"a1\"},"
                + "\"at\":1777888800123,\"later\":\"added\"}}", Any.class).phase())
                .isEqualTo(new Phase.Ended(new Ending.Expired(ACTION), Instant.ofEpochMilli(1777888800123L)));
    }

    @Test
    void whatIsNoValueIsUnreadable() {
        assertThatThrownBy(() -> Texts.read("{\"phase\":{\"type\":\"unheard of\"}}", Any.class))
                .isInstanceOf(Unreadable.class);
        assertThatThrownBy(() -> Texts.read(null, Any.class)).isInstanceOf(Unreadable.class);
        assertThatThrownBy(() -> Texts.read("{", Any.class)).isInstanceOf(Unreadable.class);
    }
}

package dev.holdpoint.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

import dev.holdpoint.client.Decision;
import dev.holdpoint.client.Event;
import dev.holdpoint.client.EventStream;
import dev.holdpoint.client.From;
import dev.holdpoint.client.Holdpoint;
import dev.holdpoint.client.PendingAction;
import dev.holdpoint.client.Service;
import dev.holdpoint.client.Submission;
import dev.holdpoint.client.Until;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each agent is killed while it waits, and another process, which knows nothing of the
 * first, goes on once a reviewer has decided.
 */
class ExampleTest {
    @TempDir Path data;
    private Service service;
    private Holdpoint reviewer;
    private final List<Process> workers = new ArrayList<>();

    @BeforeEach
    void start() {
        service = new Service();
        reviewer = service.as(Service.REVIEWER);
    }

    @AfterEach
    void stop() {
        workers.forEach(Process::destroyForcibly);
        reviewer.close();
        service.close();
    }

    @Test
    void graphGoesOnFromItsCheckpointAndSendsTheEditedMailOnce() throws Exception {
        Process first = worker("start", "graph", "mail");
        PendingAction action = Until.waits(reviewer, "mail");
        first.destroyForcibly().waitFor();

        Submission submission = reviewer.resolve("mail", action.actionId(),
                Decision.edit("call_mail", Map.of("to", "rob@example.com", "subject", "Invoice")));
        Process second = worker("resume", "graph");

        assertThat(submission).isInstanceOf(Submission.Won.class);
        assertThat(second.waitFor()).isZero();
        List<Event> events = transcript("mail");
        assertThat(events).extracting(Event::name).containsSubsequence("job.created", "job.paused", "job.resumed",
                "job.claimed",
                "job.completed");
        assertThat(events.get(events.size() - 1).data().path("final").path("text").asText())
                .isEqualTo("Finished. Sent to rob@example.com.");
        assertThat(outbox()).singleElement().asString().endsWith("/call_mail rob@example.com");
    }

    @Test
    void suspendedAgentsGoOnWithTheAnswerAndAskAgainBeforeTheyDeploy() throws Exception {
        Process first = worker("start", "agents", "release");
        PendingAction question = Until.waits(reviewer, "release");
        first.destroyForcibly().waitFor();

        reviewer.answer("release", question.actionId(), "eu");
        Process second = worker("resume", "agents");
        PendingAction approval = Until.there(() -> {
            PendingAction waits = reviewer.job("release").pendingAction();
            return waits == null || waits.actionId().equals(question.actionId()) ? null : waits;
        });
        assertThat(outbox()).isEmpty();
        reviewer.resolve("release", approval.actionId(), Decision.approve("call_deploy"));

        assertThat(second.waitFor()).isZero();
        List<Event> events = transcript("release");
        assertThat(events).extracting(Event::name).containsExactly("job.created", "job.paused", "job.resumed",
                "job.claimed",
                "job.paused", "job.resumed", "job.claimed", "job.completed");
        assertThat(events.get(7).data().path("final").path("text").asText())
                .isEqualTo("Finished. Deployed: {\"region\":\"eu\"}");
        assertThat(outbox()).singleElement().asString().endsWith("/call_deploy {\"region\":\"eu\"}");
    }

    private Process worker(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                        "-Xmx128m", "-cp", System.getProperty("java.class.path"), Worker.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(Map.of("HOLDPOINT_URL", service.url(), "HOLDPOINT_KEY", Service.AGENT,
                "HOLDPOINT_DATA", data.toString()));
        Process worker = builder.start();
        workers.add(worker);
        return worker;
    }

    /** From the first event to the last, with no hole between. */
    private List<Event> transcript(String job) {
        List<Event> events = new ArrayList<>();
        try (EventStream stream = reviewer.events(job, From.start())) {
            stream.forEachRemaining(events::add);
        }
        assertThat(events).extracting(event -> event.id().seq())
                .containsExactlyElementsOf(LongStream.rangeClosed(1, events.size()).boxed().toList());
        return events;
    }

    private List<String> outbox() throws IOException {
        Path file = data.resolve("outbox");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }
}

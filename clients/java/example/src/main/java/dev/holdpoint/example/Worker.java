package dev.holdpoint.example;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

import dev.holdpoint.client.Claims;
import dev.holdpoint.client.Holdpoint;
import dev.holdpoint.client.Job;
import dev.holdpoint.client.NewJob;
import dev.holdpoint.client.Outcome;

/**
 * {@code start graph|agents JOB}: a new job, from its beginning. {@code resume graph|agents}: the
 * next decided job that nobody goes on with.
 */
public final class Worker {
    private Worker() {}

    /** An agent that does one job, or goes on with it. */
    interface Agent {
        Outcome<String> start(Job job);

        Outcome<String> resume(Job job);
    }

    public static void main(String... arguments) {
        String kind = arguments[1];
        Outbox outbox = new Outbox(Path.of(setting("HOLDPOINT_DATA", "data")));
        Agent agent = switch (kind) {
            case "graph" -> new MailGraph(outbox);
            case "agents" -> new DeployAgents(outbox);
            default -> throw new IllegalArgumentException("graph or agents, not " + kind);
        };
        String agentId = "example-" + kind;
        try (Holdpoint hold =
                Holdpoint.at(setting("HOLDPOINT_URL", "http://127.0.0.1:8080")).key(setting("HOLDPOINT_KEY", ""))
                        .build()) {
            if (arguments[0].equals("start")) {
                NewJob job = NewJob.of(setting("HOLDPOINT_USER", "ada")).id(arguments[2]).agentId(agentId);
                try (Job started = hold.create(job)) {
                    drive(started, () -> agent.start(started));
                }
            } else {
                try (Claims claims = hold.claims(agentId); Job claimed = claims.next()) {
                    drive(claimed, () -> agent.resume(claimed));
                }
            }
        }
    }

    private static void drive(Job job, Supplier<Outcome<String>> agent) {
        Outcome<String> outcome;
        try {
            outcome = agent.get();
        } catch (RuntimeException failed) {
            if (job.lost().isEmpty()) job.fail("worker_failed", String.valueOf(failed.getMessage()));
            throw failed;
        }
        if (outcome instanceof Outcome.Decided<String> done) {
            job.complete(Map.of("text", done.value()));
            System.out.println(job.id() + " is complete: " + done.value());
        } else {
            System.out.println(job.id() + " is nothing for this worker any more: " + outcome);
        }
    }

    private static String setting(String name, String otherwise) {
        return System.getenv().getOrDefault(name, otherwise);
    }
}

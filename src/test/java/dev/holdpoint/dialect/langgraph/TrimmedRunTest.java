package dev.holdpoint.dialect.langgraph;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.holdpoint.api.AJob;
import dev.holdpoint.api.Api;
import dev.holdpoint.api.KeysFile;
import dev.holdpoint.api.ShortLogs;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

/** A run whose beginning the log has let go of isn't taken for the newest. */
@QuarkusTest
@WithTestResource(KeysFile.class)
@TestProfile(ShortLogs.class)
class TrimmedRunTest {
    private final Api agent = Api.agent();
    private final Api user = Api.as("u1");

    /** Where the run is found that follows the decision. */
    private String accepted(AJob job, String action) {
        String runs = "/langgraph/threads/" + job.id() + "/runs";
        return runs + "/" + user.post(runs, "{'command':{'resume':{'" + action + "':{'type':'accept'}}}}").is(200)
                .text("/run_id");
    }

    private AJob claimed(AJob job, String action) {
        return job.under(agent.claims(job.id(), action, "w1").is(200).text("/fence"));
    }

    private static AJob withManyEvents(AJob job) {
        job.appends(IntStream.range(0, 30).mapToObj(number -> "{'event':'said','data':" + number + "}")
                .collect(Collectors.joining(",", "[", "]"))).is(202);
        return job;
    }

    @Test
    void runThatMayNotBeTheNewestIsNotCancelled() {
        AJob job = agent.creates("u1").paused("a1");
        String first = accepted(job, "a1");
        claimed(job, "a1").paused("a2");
        String second = accepted(job, "a2");
        withManyEvents(claimed(job, "a2"));

        user.post(first + "/cancel", "").refused(409, "sequence-mismatch");
        user.post(second + "/cancel", "").refused(409, "sequence-mismatch");
        user.post(accepted(job, "a1") + "/cancel", "").refused(409, "sequence-mismatch");

        job.read().has("/status", "running");
    }

    @Test
    void runIsToldAsItEndedWhenTheLogStillHasTheNext() {
        AJob job = agent.creates("u1").paused("a1");
        String first = accepted(job, "a1");
        withManyEvents(claimed(job, "a1")).paused("a2");
        String second = accepted(job, "a2");

        user.get(first).is(200).has("/status", "interrupted");
        user.post(second + "/cancel", "").is(204);
    }
}

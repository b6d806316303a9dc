package dev.holdpoint.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.holdpoint.client.ApprovalChange.How;
import dev.holdpoint.client.ApprovalChange.Over;
import dev.holdpoint.client.ApprovalChange.Requested;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApprovalFeedTest {
    private Service service;
    private Holdpoint worker;
    private Holdpoint rita;

    @BeforeEach
    void start() {
        service = new Service();
        worker = service.as(Service.AGENT);
        rita = service.as(Service.REVIEWER);
    }

    @AfterEach
    void stop() {
        worker.close();
        rita.close();
        service.close();
    }

    private String pause(String action) {
        Job job = worker.create(NewJob.of("ada").id("job-" + UUID.randomUUID()));
        job.pause(Interrupt.question(Question.of("Now?")), Terms.open().actionId(action));
        return job.id();
    }

    @Test
    void watcherSeesWhatWaitsWhatComesAndWhatGoesAlsoWhileTheServiceIsAway() {
        String first = pause("before");
        try (ApprovalFeed feed = rita.watchApprovals()) {
            assertThat(feed.next()).isInstanceOfSatisfying(Requested.class,
                    it -> assertThat(it.approval().jobId()).isEqualTo(first));

            String second = pause("meanwhile");
            rita.answer(first, "before", "yes");
            assertThat(List.of(feed.next(), feed.next())).extracting(ApprovalChange::actionId)
                    .containsExactly("meanwhile", "before");

            service.kill();
            service.start();
            rita.answer(second, "meanwhile", "no");
            String third = pause("after");

            List<ApprovalChange> changes = new ArrayList<>(List.of(feed.next(), feed.next()));
            assertThat(changes).filteredOn(Over.class::isInstance)
                    .containsExactly(new Over(second, "meanwhile", How.UNSEEN));
            assertThat(changes).filteredOn(Requested.class::isInstance).extracting(ApprovalChange::actionId)
                    .containsExactly("after");
            assertThat(rita.approvals(Map.of("q", third))).extracting(Approval::jobId).containsExactly(third);
        }
    }
}

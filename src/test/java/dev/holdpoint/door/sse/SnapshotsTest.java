package dev.holdpoint.door.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Credential;
import dev.holdpoint.access.Role;
import dev.holdpoint.door.problem.Refused;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Space;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.memory.MemoryBench;
import dev.holdpoint.stream.Opening.Break;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class SnapshotsTest {
    private final Bench bench = MemoryBench.bench();
    private final Snapshots snapshots =
            new Snapshots(bench.store, new StreamMeters(new SimpleMeterRegistry()));

    @Test
    void snapshotIsForWhoMayReadTheJobThatHasTheIdByThen() {
        Job job = bench.create("job");

        assertThat(of("ann", job).text()).contains("log_trimmed");
        assertThatThrownBy(() -> of("bob", job)).isInstanceOf(Refused.class);
    }

    private Json of(String subject, Job job) {
        Caller caller =
                new Caller(subject, Set.of(Role.USER), null, Space.TENANTLESS, new Credential.Key(subject));
        return Bench.got(snapshots.of(caller, job.key(), Break.LOG_TRIMMED));
    }
}

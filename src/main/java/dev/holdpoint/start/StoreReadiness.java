package dev.holdpoint.start;

import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.StoreFacts;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready means: the store answers. Names the store and the archive. */
@Readiness
@Singleton
class StoreReadiness implements AsyncHealthCheck {
    private final JobStore store;
    private final StoreFacts facts;

    StoreReadiness(JobStore store, StoreFacts facts) {
        this.store = store;
        this.facts = facts;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return store.count(Space.TENANTLESS).map(counts -> answer(true)).onFailure()
                .recoverWithItem(() -> answer(false));
    }

    private HealthCheckResponse answer(boolean up) {
        return HealthCheckResponse.named("store").status(up).withData("store", facts.store())
                .withData("durability", facts.durability())
                .withData("archive", facts.archive()).build();
    }
}

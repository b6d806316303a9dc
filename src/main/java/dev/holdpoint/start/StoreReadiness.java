package dev.holdpoint.start;

import java.util.Map;

import dev.holdpoint.job.StoreCondition;
import dev.holdpoint.job.StoreFacts;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready means: the store answers. Names the store and the archive. */
@Readiness
@Singleton
class StoreReadiness implements AsyncHealthCheck {
    private final StoreCondition condition;
    private final StoreFacts facts;

    StoreReadiness(StoreCondition condition, StoreFacts facts) {
        this.condition = condition;
        this.facts = facts;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return condition.look().map(details -> answer(true, details))
                .onFailure().recoverWithItem(failure -> answer(false, Map.of()));
    }

    private HealthCheckResponse answer(boolean up, Map<String, String> details) {
        HealthCheckResponseBuilder answer = HealthCheckResponse.named("store").status(up)
                .withData("store", facts.store()).withData("durability", facts.durability())
                .withData("archive", facts.archive());
        details.forEach(answer::withData);
        return answer.build();
    }
}

package dev.holdpoint.start;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

import dev.holdpoint.job.Outbox;
import dev.holdpoint.job.Outbox.Backlog;
import dev.holdpoint.job.StoreFacts;
import dev.holdpoint.sweep.Archiving;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * How far the archive is behind. It never makes the service unready: decisions go on
 * without it, and what it is owed is kept.
 */
@Readiness
@Singleton
class ArchiveReadiness implements AsyncHealthCheck {
    private final Outbox outbox;
    private final Archiving archiving;
    private final StoreFacts facts;
    private final InstantSource clock;

    ArchiveReadiness(Outbox outbox, Archiving archiving, StoreFacts facts, InstantSource clock) {
        this.outbox = outbox;
        this.archiving = archiving;
        this.facts = facts;
        this.clock = clock;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return outbox.backlog().map(backlog -> told(answer(), backlog).build())
                // That the store is away is for its own check to tell.
                .onFailure().recoverWithItem(failure -> answer().build());
    }

    private HealthCheckResponseBuilder answer() {
        HealthCheckResponseBuilder answer = HealthCheckResponse.named("archive").up()
                .withData("archive", facts.archive())
                .withData("condition", archiving.trouble().isPresent() ? "degraded" : "ok");
        archiving.trouble().ifPresent(why -> answer.withData("trouble", why));
        return answer;
    }

    private HealthCheckResponseBuilder told(HealthCheckResponseBuilder answer, Backlog backlog) {
        Instant since = backlog.since();
        Duration age = since == null ? Duration.ZERO
                : Duration.between(since, clock.instant()).truncatedTo(ChronoUnit.SECONDS);
        return answer.withData("owed", backlog.entries()).withData("owedFor",
                (age.isNegative() ? Duration.ZERO : age).toString());
    }
}

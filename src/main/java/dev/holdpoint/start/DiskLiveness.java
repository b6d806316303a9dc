package dev.holdpoint.start;

import dev.holdpoint.disk.Disk;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** A disk that failed leaves memory ahead of it: only a restart helps, and whoever watches liveness brings it about. */
@Liveness
@Singleton
class DiskLiveness implements HealthCheck {
    private final Disk disk;

    DiskLiveness(Disk disk) { this.disk = disk; }

    @Override
    public HealthCheckResponse call() {
        return disk.trouble().map(why -> HealthCheckResponse.named("disk").down().withData("trouble", why).build())
                .orElseGet(() -> HealthCheckResponse.up("disk"));
    }
}

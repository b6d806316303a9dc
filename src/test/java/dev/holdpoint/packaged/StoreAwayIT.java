package dev.holdpoint.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.holdpoint.machine.Until;
import dev.holdpoint.redis.RedisServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an operator reads while Redis is away. */
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StoreAwayIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void storeThatIsAwayIsALineForEachTryAndNoErrorOfOurs() {
        try (RedisServer redis = RedisServer.standalone();
                Packaged service = Packaged.start(Map.of("holdpoint.store", "redis", "quarkus.redis.hosts",
                        redis.url(), "holdpoint.redis.durability", "async", "holdpoint.redis.buckets", "16"))) {
            service.create("job");
            redis.kill();
            Until.holds("somebody has told", PATIENCE, () -> service.said().stream()
                    .anyMatch(line -> line.contains("arrears: no bucket of Redis can be reached")));
            redis.restart();
            Until.holds("it is ready again", PATIENCE,
                    () -> service.as(Packaged.PERSON).get("/q/health/ready").statusCode() == 200);

            assertThat(service.said())
                    .noneMatch(line -> line.contains("\"exception\"") || line.contains("\"level\":\"ERROR\""));
        }
    }
}

package dev.holdpoint.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import dev.holdpoint.machine.Identity;
import dev.holdpoint.mongo.MongoServer;
import dev.holdpoint.redis.RedisServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** Redis and MongoDB behind TLS only; Redis wants a certificate of this service as well. */
@QuarkusTest
@WithTestResource(StoresOverTlsTest.Encrypted.class)
class StoresOverTlsTest {
    public static final class Encrypted implements QuarkusTestResourceLifecycleManager {
        private RedisServer redis;
        private MongoServer mongo;

        @Override
        public Map<String, String> start() {
            Identity client = Identity.of("service");
            Identity redisItself = Identity.of("redis");
            Identity mongoItself = Identity.of("mongo");
            redis = RedisServer.overTls(redisItself, client, "requirepass secret");
            mongo = MongoServer.overTls(mongoItself);
            return Map.ofEntries(
                    Map.entry("holdpoint.auth.keys-file", keys().toString()),
                    Map.entry("holdpoint.store", "redis"), Map.entry("holdpoint.redis.buckets", "16"),
                    Map.entry("quarkus.redis.hosts", redis.url()),
                    Map.entry("quarkus.redis.tls-configuration-name", "redis"),
                    Map.entry("quarkus.tls.redis.trust-store.pem.certs", redisItself.certificate().toString()),
                    Map.entry("quarkus.tls.redis.key-store.pem.0.cert", client.certificate().toString()),
                    Map.entry("quarkus.tls.redis.key-store.pem.0.key", client.key().toString()),
                    Map.entry("holdpoint.archive", "mongo"),
                    Map.entry("quarkus.mongodb.connection-string", mongo.url()),
                    Map.entry("quarkus.mongodb.tls", "true"),
                    Map.entry("quarkus.mongodb.tls-configuration-name", "mongo"),
                    Map.entry("quarkus.tls.mongo.trust-store.pem.certs", mongoItself.certificate().toString()));
        }

        private static Path keys() {
            try {
                return Files.writeString(Files.createTempDirectory("holdpoint").resolve("keys.json"), KeysFile.json());
            } catch (IOException unwritable) {
                throw new UncheckedIOException(unwritable);
            }
        }

        @Override
        public void stop() {
            redis.close();
            mongo.close();
        }
    }

    @Test
    void jobIsDrivenDecidedHeardAndKept() {
        Api user = Api.as("u1");
        AJob job = Api.agent().creates("u1").paused("a1");
        try (Sse stream = user.follows(job.id())) {
            user.approves(job.id(), "a1").is(200);
            job.under(Api.agent().claims(job.id(), "a1", "w").is(200).text("/fence")).completes().is(200);

            stream.until("job.completed");
        }
        Wire.await(() -> user.get("/v1/resolutions?jobId=" + job.id()).is(200).at("/items").size() == 1);
    }
}

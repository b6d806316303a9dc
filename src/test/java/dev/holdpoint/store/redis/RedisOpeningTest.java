package dev.holdpoint.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;

import dev.holdpoint.job.Timing;
import dev.holdpoint.machine.Identity;
import dev.holdpoint.redis.RedisServer;
import dev.holdpoint.store.redis.RedisOpening.Durability;
import dev.holdpoint.store.redis.RedisOpening.Opened;
import dev.holdpoint.store.redis.RedisOpening.Unfit;
import dev.holdpoint.store.redis.RedisOpening.Wishes;
import io.smallrye.mutiny.Uni;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.RedisOptions;
import org.junit.jupiter.api.Test;

/** The start holds on for a Redis that is not there yet, and stops at one that can't prove who it is. */
class RedisOpeningTest {
    private static final Identity CLIENT = Identity.of("service");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Timing TIMING =
            new Timing(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1));

    private static NetClientOptions trusting(Identity server) {
        return new NetClientOptions().setSsl(true).setHostnameVerificationAlgorithm("HTTPS")
                .setTrustOptions(new PemTrustOptions().addCertPath(server.certificate().toString()))
                .setKeyCertOptions(new PemKeyCertOptions().addCertPath(CLIENT.certificate().toString())
                        .addKeyPath(CLIENT.key().toString()));
    }

    private static Opened opens(RedisServer server, NetClientOptions net) {
        return opening(server, net).await().atMost(PATIENCE);
    }

    private static Uni<Opened> opening(RedisServer server, NetClientOptions net) {
        RedisOptions options = new RedisOptions().setConnectionString(server.url()).setNetClientOptions(net);
        return new RedisOpening(RedisBench.Shared.VERTX, options,
                new Wishes("hp", 8, 2, Durability.ASYNC, 0, Duration.ofSeconds(1), TIMING,
                        new RedisSettings.Limits(10, 10, 1000, 0, 10), false))
                .open(InstantSource.system(), null);
    }

    private static void refuses(RedisServer server, NetClientOptions net) {
        assertThatThrownBy(() -> opens(server, net)).isInstanceOf(Unfit.class)
                .hasMessageContaining("Redis doesn't prove who it is");
    }

    @Test
    void serverThatIsNotThereYetIsWaitedFor() {
        try (RedisServer server = RedisServer.standalone()) {
            server.kill();
            CompletableFuture<Opened> opened =
                    opening(server, new NetClientOptions()).subscribeAsCompletionStage();

            server.restart();

            opened.join().close().run();
        }
    }

    @Test
    void trustedServerIsOpened() {
        Identity redis = Identity.of("redis");
        try (RedisServer server = RedisServer.overTls(redis, CLIENT)) {
            Opened opened = opens(server, trusting(redis));

            assertThat(opened.durability()).isEqualTo(Durability.ASYNC);
            opened.close().run();
        }
    }

    @Test
    void serverOfAnotherAuthorityIsRefused() {
        try (RedisServer server = RedisServer.overTls(Identity.of("redis"), CLIENT)) {
            refuses(server, trusting(Identity.of("stranger")));
        }
    }

    @Test
    void serverOfAnotherNameIsRefused() {
        Identity elsewhere = new Identity("elsewhere", "dns:redis.example");
        try (RedisServer server = RedisServer.overTls(elsewhere, CLIENT)) {
            refuses(server, trusting(elsewhere));
        }
    }
}

package dev.holdpoint.store.redis.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.holdpoint.redis.RedisServer;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.redis.client.RedisOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerTest {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(3));
    private RedisServer redis;
    private Server server;

    @BeforeEach
    void startRedis() {
        redis = RedisServer.standalone();
        server = new Server(vertx, new RedisOptions(), redis.url(), Duration.ofSeconds(5));
    }

    @AfterEach
    void stop() {
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        redis.close();
    }

    /** Where a connection itself runs, which calls back on no other thread when it ends. */
    private CompletableFuture<Thread> threadOfAConnectionFrom(Context loop) {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        loop.runOnContext(on -> server.hold().onFailure(thread::completeExceptionally).onSuccess(open -> {
            open.endHandler(ended -> thread.complete(Thread.currentThread()));
            open.close();
        }));
        return thread;
    }

    private static CompletableFuture<Thread> threadOf(Context loop) {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        loop.runOnContext(on -> thread.complete(Thread.currentThread()));
        return thread;
    }

    @Test
    void connectionRunsOnTheEventLoopThatAskedForIt() throws Exception {
        Set<Thread> threads = new HashSet<>();
        for (int number = 0; number < 3; number++) {
            ContextInternal loop = ((VertxInternal) vertx).createEventLoopContext();
            Thread thread = threadOf(loop).get(10, TimeUnit.SECONDS);
            assertThat(threadOfAConnectionFrom(loop).get(10, TimeUnit.SECONDS)).isEqualTo(thread);
            assertThat(threadOfAConnectionFrom(loop.duplicate()).get(10, TimeUnit.SECONDS))
                    .isEqualTo(thread);
            threads.add(thread);
        }
        assertThat(threads).hasSize(3);
    }
}

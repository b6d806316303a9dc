package dev.holdpoint.store.redis.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.holdpoint.machine.Until;
import dev.holdpoint.redis.RedisServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BellTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Vertx vertx = Vertx.vertx();
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private Server server(String url) { return new Server(vertx, new RedisOptions(), url, PATIENCE); }

    private Bell bell(Server server, Duration every) {
        return new Bell(vertx, server, List.of("channel"), (channel, message) -> heard.add(message.toString()),
                () -> ready.complete(null), every);
    }

    private static <T> T got(Future<T> future) throws Exception {
        return got(future.toCompletionStage().toCompletableFuture());
    }

    private static <T> T got(CompletableFuture<T> future) throws Exception { return future.get(20, TimeUnit.SECONDS); }

    @Test
    void whoeverHasCaughtUpHasHeardAllThatWasSaidBefore() throws Exception {
        try (RedisServer redis = RedisServer.standalone()) {
            Bell bell = bell(server(redis.url()), PATIENCE);
            got(ready);
            for (int number = 1; number <= 20; number++) {
                for (int said = 0; said < 50; said++) redis.command("SPUBLISH", "channel", "some words");

                got(bell.caughtUp());

                assertThat(heard).hasSize(number * 50);
            }
            bell.close();
        }
    }

    @Test
    void whoeverIsNotListeningHasNotCaughtUp() throws Exception {
        try (RedisServer redis = RedisServer.standalone()) {
            Bell bell = bell(server(redis.url()), PATIENCE);
            got(ready);
            bell.close();

            assertThat(bell.caughtUp().failed()).isTrue();
        }
    }

    /** Whose answers stand behind much that is still to be heard. */
    @Test
    void serverThatTalksIsAliveThoughItsAnswersAreLate() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        try (ServerSocket talkative = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> {
                while (!talkative.isClosed()) {
                    try {
                        Socket one = talkative.accept();
                        connections.incrementAndGet();
                        Thread.startVirtualThread(() -> talk(one));
                    } catch (IOException closed) {
                        return;
                    }
                }
            });
            Bell bell = bell(server("redis://127.0.0.1:" + talkative.getLocalPort()), Duration.ofMillis(250));
            got(ready);
            Until.holds("it said something each time", Duration.ofSeconds(60), () -> heard.size() >= 8);

            assertThat(connections).as("connections that it took to hear so much").hasValue(1);
            bell.close();
        }
    }

    /** Greets and subscribes as a server does, and says something instead of each answer to a PING. */
    private static void talk(Socket socket) {
        try (socket; OutputStream out = socket.getOutputStream(); BufferedReader in = new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String answer = switch (line.toUpperCase(Locale.ROOT)) {
                    case "HELLO" -> "%1\r\n$5\r\nproto\r\n:3\r\n";
                    case "SELECT" -> "+OK\r\n";
                    case "SSUBSCRIBE" -> ">3\r\n$10\r\nssubscribe\r\n$7\r\nchannel\r\n:1\r\n";
                    case "PING" -> ">3\r\n$8\r\nsmessage\r\n$7\r\nchannel\r\n$5\r\nwords\r\n";
                    default -> "";
                };
                out.write(answer.getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (IOException gone) {
            // So is the test.
        }
    }
}

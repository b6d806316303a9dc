package dev.holdpoint.store.redis.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.holdpoint.machine.Until;
import dev.holdpoint.redis.RedisServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LinkTest {
    private final Vertx vertx = Vertx.vertx();
    private RedisServer redis;
    private Server server;
    private Link link;

    @BeforeEach
    void open() throws Exception {
        redis = RedisServer.standalone();
        server = new Server(vertx, new RedisOptions(), redis.url(), Duration.ofSeconds(5));
        link = new Link(vertx, server, Duration.ofHours(1), null); // who looks is the test
        assertThat(got(link.send(Request.cmd(Command.PING)))).hasToString("PONG");
    }

    @AfterEach
    void stop() {
        link.close();
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        redis.close();
    }

    private static Response got(Future<Response> answer) throws Exception {
        return answer.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** A command that is answered when something is put there. */
    private Future<Response> asks(String list) {
        Future<Response> answer = link.send(Request.cmd(Command.BLPOP).arg(list).arg(0));
        redis.awaitInfo("blocked_clients", "1");
        return answer;
    }

    private String isAnswered(String list, Future<Response> asked) throws Exception {
        redis.command("RPUSH", list, "word");
        return got(asked).get(1).toString();
    }

    private void looks(int times) {
        for (int look = 0; look < times; look++) link.look();
    }

    @Test
    void connectionThatWasIdleIsNotStuckWhenALookFindsACommandUnderWay() throws Exception {
        for (int number = 0; number < 3; number++) {
            looks(6);
            Future<Response> asked = asks("list-" + number);

            looks(3);

            assertThat(isAnswered("list-" + number, asked)).isEqualTo("word");
        }
    }

    @Test
    void connectionThatAlwaysOwesSomethingIsNotStuckWhileItAnswers() throws Exception {
        looks(1);
        Future<Response> asked = asks("list-0");
        for (int number = 1; number < 5; number++) {
            Future<Response> next = link.send(Request.cmd(Command.BLPOP).arg("list-" + number).arg(0));
            looks(3);
            assertThat(isAnswered("list-" + (number - 1), asked)).isEqualTo("word");
            asked = next;
        }
        looks(3);

        assertThat(isAnswered("list-4", asked)).isEqualTo("word");
    }

    @Test
    void connectionThatAnswersNothingIsCutAndTheNextCommandGoesOverAnother() throws Exception {
        looks(1);
        Future<Response> asked = asks("list");
        looks(4);

        Until.holds("the command failed", Duration.ofSeconds(20), asked::failed);
        assertThat(got(link.send(Request.cmd(Command.PING)))).hasToString("PONG");
    }
}

package dev.holdpoint.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;

import dev.holdpoint.machine.Until;
import org.junit.jupiter.api.Test;

class RedisServersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void serverAnswersUntilItIsClosed() {
        RedisServer server = RedisServer.standalone();
        assertThat(server.command("SET", "key", "välue")).isEqualTo("OK");
        assertThat(server.command("GET", "key")).isEqualTo("välue");

        server.close();

        assertThat(ProcessHandle.of(server.pid())).isEmpty();
        assertThatThrownBy(() -> server.command("PING")).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void killedServerForgetsUnlessItWritesItsLog() {
        try (RedisServer forgetful = RedisServer.standalone();
                RedisServer careful = RedisServer.standalone("appendonly yes", "appendfsync always")) {
            for (RedisServer server : new RedisServer[]{forgetful, careful}) {
                server.command("SET", "key", "value");
                server.kill();
                assertThat(server.isAlive()).isFalse();
                server.restart();
            }

            assertThat(forgetful.command("GET", "key")).isNull();
            assertThat(careful.command("GET", "key")).isEqualTo("value");
        }
    }

    @Test
    void pausedServerAnswersOnlyWhenItIsResumed() throws InterruptedException {
        try (RedisServer server = RedisServer.standalone(); RedisWire wire = server.connect()) {
            server.pause();
            Thread asking = Thread.ofVirtual().start(() -> wire.send("PING"));
            assertThat(server.isPaused()).isTrue();
            assertThat(asking.join(Duration.ofMillis(200))).isFalse();

            server.resume();

            assertThat(asking.join(PATIENCE)).isTrue();
        }
    }

    @Test
    void passwordIsInTheUrlAndAskedFor() {
        try (RedisServer server = RedisServer.standalone("requirepass secret")) {
            assertThat(server.url()).isEqualTo("redis://:secret@127.0.0.1:" + server.port());
            assertThat(server.command("PING")).isEqualTo("PONG");
            try (RedisWire stranger = new RedisWire(server.port())) {
                assertThatThrownBy(() -> stranger.send("PING")).hasMessageStartingWith("NOAUTH");
            }
        }
    }

    @Test
    void replicaFollowsItsPrimary() {
        try (RedisServer primary = RedisServer.standalone("requirepass secret");
                RedisServer replica = RedisServer.replicaOf(primary);
                RedisWire wire = primary.connect()) {
            wire.send("SET", "key", "value");

            assertThat(wire.send("WAIT", "1", "5000")).isEqualTo(1L);
            assertThat(replica.command("GET", "key")).isEqualTo("value");
            assertThatThrownBy(() -> replica.command("SET", "key", "other")).hasMessageStartingWith("READONLY");
        }
    }

    @Test
    void replicaTakesOverTheSlotsOfAKilledClusterNode() {
        try (RedisCluster cluster = RedisCluster.start()) {
            int slot = cluster.slotOf("{7}key");
            RedisServer primary = cluster.primaryOf(slot);
            RedisServer replica = cluster.replicaOf(primary);
            assertThat(primary.command("SET", "{7}key", "value")).isEqualTo("OK");
            Until.holds("the replica has it", PATIENCE, () -> replica.command("DBSIZE").equals(1L));

            primary.kill();

            Until.holds("the replica takes over", PATIENCE, () -> RedisCluster.isPrimary(replica));
            cluster.awaitWhole();
            assertThat(cluster.primaryOf(slot)).isEqualTo(replica);
            assertThat(replica.command("GET", "{7}key")).isEqualTo("value");
        }
    }

    @Test
    void primaryBehindASplitStopsWorkingAndIsReplaced() {
        try (RedisCluster cluster = RedisCluster.splittable()) {
            RedisServer primary = cluster.primaryOf(0);
            RedisServer replica = cluster.replicaOf(primary);

            cluster.split(primary, Set.of());

            Until.holds("the replica takes over", PATIENCE, () -> RedisCluster.isPrimary(replica));
            assertThat(RedisCluster.finds(primary, "fail")).isTrue();
            assertThat(cluster.held()).isPositive();
            assertThatThrownBy(() -> primary.command("SET", "{7}key", "value")).isInstanceOf(RedisWire.Refused.class);

            cluster.mend();
            primary.awaitInfo("role", "slave");
            cluster.awaitWhole();
        }
    }

    @Test
    void sentinelsPromoteAReplicaOfAKilledPrimary() {
        try (RedisSentinels all = RedisSentinels.start()) {
            RedisServer primary = all.primary();

            primary.kill();
            RedisServer next = all.awaitOtherThan(primary);

            assertThat(next.command("SET", "key", "value")).isEqualTo("OK");
            primary.restart();
            primary.awaitInfo("role", "slave");
        }
    }
}

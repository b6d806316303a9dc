package dev.holdpoint.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildTest {
    @TempDir Path folder;

    @Test
    void standsStillWhileItIsStopped() {
        try (Child child = start("while :; do echo on; done")) {
            child.stop();
            assertThat(child.isStopped()).isTrue();

            child.resume();
            assertThat(child.isStopped()).isFalse();
        }
    }

    @Test
    void isGoneAfterTheKillAlsoWhileItIsStopped() {
        Child child = start("sleep 60");
        child.stop();

        child.close();

        assertThat(child.isAlive()).isFalse();
        assertThat(ProcessHandle.of(child.pid())).isEmpty();
    }

    @Test
    void saysWhetherItEndedWhenAsked() {
        try (Child obedient = start("exec sleep 60");
                Child stubborn = start("trap '' TERM; echo ready; while :; do sleep 1; done")) {
            Until.holds("the trap is set", Duration.ofSeconds(5), () -> stubborn.said().contains("ready"));

            assertThat(obedient.terminate(Duration.ofSeconds(5))).isPresent();
            assertThat(stubborn.terminate(Duration.ofMillis(200))).isEmpty();
        }
    }

    private Child start(String script) {
        return Child.start(List.of("sh", "-c", script), Map.of(), folder.resolve("log"));
    }
}

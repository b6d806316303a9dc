package dev.holdpoint.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisBinaryTest {
    @TempDir Path folder;

    @Test
    void redisSevenWillDo() throws IOException {
        RedisBinary seven = saying("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=e0");

        assertThat(seven.checked()).isEqualTo(seven);
    }

    @Test
    void valkeyWillDo() throws IOException {
        RedisBinary valkey = saying("Valkey server v=8.0.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=e0");

        assertThat(valkey.checked()).isEqualTo(valkey);
    }

    @Test
    void olderOneIsRefusedInOneSentence() throws IOException {
        RedisBinary six = saying("Redis server v=6.2.11 sha=00000000:0 malloc=libc bits=64 build=e0");

        assertThatThrownBy(six::checked).hasMessage(
                "These tests need a Redis of version 7 or newer, but " + six.path() + " is v=6.2.11.");
    }

    @Test
    void anythingElseIsRefusedInOneSentence() throws IOException {
        RedisBinary other = saying("hello");

        assertThatThrownBy(other::checked).hasMessage(
                other.path() + " is no Redis or Valkey server: asked for its version it said \"hello\".");
    }

    private RedisBinary saying(String version) throws IOException {
        Path script = Files.writeString(folder.resolve("server"), "#!/bin/sh\necho '" + version + "'\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return new RedisBinary(script, Map.of());
    }
}

package dev.holdpoint.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdpoint.job.Sha256;
import dev.holdpoint.store.TestClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys made on the command line. */
class KeysCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final TestClock clock = new TestClock();
    @TempDir Path folder;
    private Path file;

    @BeforeEach
    void nameFile() { file = folder.resolve("keys.json"); }

    private int run(String... arguments) {
        out.reset();
        err.reset();
        return new KeysCommand(file.toString(), new RandomIds(), clock,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8)).run(List.of(arguments));
    }

    private JsonNode entries() throws IOException { return new ObjectMapper().readTree(Files.readString(file)); }

    @Test
    void keyIsToldOnceAndOnlyItsDigestIsKept() throws IOException {
        assertThat(run("create", "--id", "k1", "--subject", "worker", "--role", "agent")).isZero();
        String key = out.toString(StandardCharsets.UTF_8).strip();

        assertThat(key).matches("hp_[A-Za-z0-9_-]{43}");
        assertThat(err.toString(StandardCharsets.UTF_8)).doesNotContain(key);
        assertThat(Files.readString(file)).doesNotContain(key);
        assertThat(entries().at("/0/sha256").asText()).isEqualTo(Sha256.of(key));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
    }

    @Test
    void keyIsAddedToThoseThatAreThere() throws IOException {
        run("create", "--id", "k1", "--subject", "worker", "--role", "agent");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        run("create", "--id", "k2", "--subject", "rob", "--role", "reviewer", "--role", "auditor", "--tenant", "t1",
                "--expires", "P90D");

        assertThat(entries()).hasSize(2);
        assertThat(entries().at("/1/roles")).hasSize(2);
        assertThat(entries().at("/1/tenant").asText()).isEqualTo("t1");
        assertThat(entries().at("/1/expiresAt").asText())
                .startsWith(clock.instant().plus(java.time.Duration.ofDays(90)).toString().substring(0, 10));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-r-----");
        assertThat(folder).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void whatCanNotBeUsedIsRefusedAndChangesNothing() throws IOException {
        run("create", "--id", "k1", "--subject", "worker", "--role", "agent");
        String before = Files.readString(file);

        for (List<String> wrong : List.of(List.<String>of(), List.of("create"), List.of("destroy", "--id", "k1"),
                List.of("create", "--id", "k1", "--subject", "again", "--role", "user"),
                List.of("create", "--id", "k2", "--subject", "worker"),
                List.of("create", "--id", "k2", "--subject", "worker", "--role", "root"),
                List.of("create", "--id", "k2", "--subject", "a\nb", "--role", "user"),
                List.of("create", "--id", "k2", "--subject", "worker", "--role"),
                List.of("create", "--id", "k2", "--subject", "worker", "--role", "user", "--expires", "soon"),
                List.of("create", "--id", "k2", "--subject", "worker", "--role", "user", "--expires",
                        "PT9223372036854775807S"),
                List.of("create", "--id", "k2", "--subject", "worker", "--role", "user", "--expires", "P-1D"),
                List.of("create", "--id", "k2", "--subject", "worker", "--role", "user", "--what", "x"))) {
            assertThat(run(wrong.toArray(String[]::new))).as(wrong.toString()).isEqualTo(2);
            assertThat(out.size()).isZero();
            assertThat(err.toString(StandardCharsets.UTF_8)).isNotBlank();
        }
        assertThat(Files.readString(file)).isEqualTo(before);
    }

    @Test
    void fileThatIsNoneIsLeftAsItIs() throws IOException {
        Files.writeString(file, "{\"keys\":[]}");

        assertThat(run("create", "--id", "k1", "--subject", "worker", "--role", "agent")).isEqualTo(2);

        assertThat(Files.readString(file)).isEqualTo("{\"keys\":[]}");
    }
}

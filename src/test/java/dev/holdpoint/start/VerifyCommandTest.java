package dev.holdpoint.start;

import static dev.holdpoint.audit.Records.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.holdpoint.audit.ChainedRecord;
import dev.holdpoint.audit.Records;
import dev.holdpoint.job.Space;
import dev.holdpoint.machine.Command;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VerifyCommandTest {
    private final List<ChainedRecord> chain = Records.chain(Space.TENANTLESS, 60);
    private final List<String> lines = Records.export(Space.TENANTLESS, chain);

    @TempDir Path folder;
    private Path export;
    private Path publicKey;

    private record Ended(int status, String out, String err) {}

    @BeforeEach
    void setUp() throws IOException {
        export = Files.write(folder.resolve("export.ndjson"), lines);
        publicKey = Files.writeString(folder.resolve("public.pem"), KEY.publicPem());
    }

    @Test
    void soundExportEndsWithZero() {
        assertThat(verify(export.toString())).isEqualTo(new Ended(0,
                "Sound: 60 records, seq 1 to 60; signatures were not checked, because no public key was given.\n", ""));
        assertThat(verify("--public-key", publicKey.toString(), export.toString())).isEqualTo(new Ended(0,
                "Sound: 60 records, seq 1 to 60; the end is signed, and a checkpoint signs everything up to seq 49.\n",
                ""));
    }

    @Test
    void brokenExportEndsWithOneAndSaysWhere() throws IOException {
        lines.remove(11);
        Files.write(export, lines);

        assertThat(verify(export.toString())).isEqualTo(
                new Ended(1, "Broken at seq 12 (removed): Record 13 stands where record 12 should.\n", ""));
    }

    @Test
    void exportMayComeThroughStandardInput() {
        byte[] bytes = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);

        assertThat(verify(new ByteArrayInputStream(bytes), "-").status()).isZero();
        assertThat(verify(new ByteArrayInputStream(new byte[0]), "-")).isEqualTo(
                new Ended(1, "Broken at seq 1 (truncated): The export stops without its end line.\n", ""));
    }

    @Test
    void exportThatStartsLaterSaysSo() throws IOException {
        Files.write(export, Records.export(Space.TENANTLESS, chain.subList(58, 60)));

        Ended ended = verify(export.toString(), "--after", "58:" + chain.get(57).hash(), "--public-key",
                publicKey.toString());

        assertThat(ended).isEqualTo(new Ended(0,
                "Sound: 2 records, seq 59 to 60 (what came before is not part of this); the end is signed, and there is no checkpoint.\n",
                ""));
        assertThat(verify(export.toString()).status()).isOne();
    }

    static Stream<List<String>> misuses() {
        return Stream.of(List.of(), List.of("no-such-file"), List.of("."), List.of("a", "b"), List.of("--quick", "a"),
                List.of("a", "--after"), List.of("a", "--after", "12"), List.of("a", "--after", "x:" + "0".repeat(64)),
                List.of("a", "--after", "0:" + "1".repeat(64)), List.of("a", "--public-key"),
                List.of("a", "--public-key", "no-such-file"), List.of("a", "--public-key", "pom.xml"),
                List.of("bad\0name"));
    }

    @ParameterizedTest
    @MethodSource("misuses")
    void whatCannotBeVerifiedEndsWithTwoAndOneSentence(List<String> arguments) {
        Ended ended = verify(arguments.toArray(String[]::new));

        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).hasLineCount(1);
    }

    @Test
    void inputThatCannotBeReadEndsWithTwo() throws IOException {
        InputStream closed = InputStream.nullInputStream();
        closed.close();

        assertThat(verify(closed, "-")).isEqualTo(new Ended(2, "", "Standard input can't be read.\n"));
    }

    @Test
    void commandRunsWithoutTheService() throws IOException {
        List<String> broken = new ArrayList<>(lines);
        broken.removeLast();
        Path cut = Files.write(folder.resolve("cut.ndjson"), broken);

        assertThat(main(export)).extracting(Command.Ended::status, Command.Ended::output).containsExactly(0,
                "Sound: 60 records, seq 1 to 60; signatures were not checked, because no public key was given.\n");
        assertThat(main(cut)).extracting(Command.Ended::status, Command.Ended::output).containsExactly(1,
                "Broken at seq 61 (truncated): The export stops without its end line.\n");
    }

    private static Command.Ended main(Path file) {
        return Command.run(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Main.class.getName(), "verify", file.toString());
    }

    private static Ended verify(String... arguments) { return verify(InputStream.nullInputStream(), arguments); }

    private static Ended verify(InputStream in, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = new VerifyCommand(in, new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8)).run(List.of(arguments));
        return new Ended(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}

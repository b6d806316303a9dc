package dev.holdpoint.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.holdpoint.approval.ArgumentsSchema.Violation;
import dev.holdpoint.job.Json;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsSchemaTest {
    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"type\":\"object\"}",
        "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\"}",
        "{\"$defs\":{\"name\":{\"type\":\"string\"}},\"properties\":{\"a\":{\"$ref\":\"#/$defs/name\"}}}",
        "{\"properties\":{\"child\":{\"$ref\":\"#\"}}}", "{\"unknownKeyword\":1}"})
    void schemaThatCanBeUsedHasNoFault(String schema) {
        assertThat(fault(schema)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "7", "true", "false", "\"object\"", "[]", "{\"type\":\"thing\"}", "{\"type\":7}",
        "{\"properties\":[]}", "{\"required\":\"a\"}", "{\"minLength\":-1}", "{\"type\":", "",
        "{\"properties\":{\"a\":{\"pattern\":7}}}", "{\"$ref\":\"#/$defs/missing\"}"})
    void brokenSchemaIsRefused(String schema) {
        assertThat(fault(schema)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://json-schema.org/draft-07/schema#", "http://json-schema.org/draft-04/schema#",
        "https://json-schema.org/draft/2019-09/schema", "https://example.com/mine", "", "7"})
    void schemaOfAnotherDialectIsRefused(String dialect) {
        assertThat(fault("{\"$schema\":\"" + dialect + "\",\"type\":\"object\"}")).contains("2020-12");
        assertThat(fault("{\"$schema\":7}")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://example.com/s.json", "http://169.254.169.254/latest/meta-data", "file:///etc/passwd",
                "classpath:application.properties", "classpath:/draft-07/schema", "jar:file:///a.jar!/b", "other.json",
                "urn:x:y"})
    void referenceToAnythingElseIsRefused(String reference) {
        assertThat(fault("{\"$ref\":\"" + reference + "\"}")).isNotEmpty();
        assertThat(fault("{\"properties\":{\"a\":{\"items\":{\"$ref\":\"" + reference + "\"}}}}")).isNotEmpty();
        assertThat(fault("{\"$id\":\"https://example.com/root\",\"$ref\":\"" + reference + "\"}")).isNotEmpty();
    }

    @Test
    void nothingIsFetched() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(1);
            String address = "http://127.0.0.1:" + server.getLocalPort() + "/schema.json";

            for (String keyword : List.of("$ref", "$dynamicRef", "$schema", "$id", "$recursiveRef")) {
                String schema = "{\"properties\":{\"a\":{\"" + keyword + "\":\"" + address + "\"}},\"" + keyword
                        + "\":\"" + address + "\"}";
                ArgumentsSchema.fault(new Json(schema));
                violations(schema, "{\"a\":{\"a\":1}}");
            }

            Assertions.assertThrows(SocketTimeoutException.class, server::accept);
        }
    }

    @Test
    void schemasOfTheSameIdDoNotMix() {
        String strict = "{\"$id\":\"https://example.com/args\",\"required\":[\"a\"]}";
        String loose = "{\"$id\":\"https://example.com/args\",\"type\":\"object\"}";

        assertThat(violations(strict, "{}")).hasSize(1);
        assertThat(violations(loose, "{}")).isEmpty();
        assertThat(violations(strict, "{}")).hasSize(1);
        assertThat(fault("{\"$ref\":\"https://example.com/args\"}")).isNotEmpty();
    }

    @Test
    void violationsPointAtWhatIsWrong() {
        String schema = "{\"type\":\"object\",\"required\":[\"to\"],\"additionalProperties\":false,"
                + "\"properties\":{\"to\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"pattern\":\"^.+@\"}},"
                + "\"a/b\":{\"type\":\"integer\"}}}";

        assertThat(violations(schema, "{\"to\":[\"a@b\"],\"a/b\":1}")).isEmpty();
        assertThat(paths(schema, "{}")).containsExactly("");
        assertThat(paths(schema, "{\"to\":[\"a@b\",\"x\",7]}")).containsExactly("/to/1", "/to/2");
        assertThat(paths(schema, "{\"to\":[],\"a/b\":\"1\"}")).containsExactly("/a~1b");
        assertThat(paths(schema, "{\"to\":[],\"bcc\":1}")).hasSize(1);
    }

    @Test
    void numbersAreComparedExactly() {
        assertThat(violations("{\"properties\":{\"n\":{\"multipleOf\":0.01}}}", "{\"n\":19.99}")).isEmpty();
        assertThat(violations("{\"properties\":{\"n\":{\"maximum\":9007199254740992}}}", "{\"n\":9007199254740993}"))
                .hasSize(1);
    }

    @Test
    void violationsAreBounded() {
        String many = "[" + "1,".repeat(999) + "1]";

        assertThat(violations("{\"properties\":{\"a\":{\"items\":{\"type\":\"string\"}}}}", "{\"a\":" + many + "}"))
                .hasSizeBetween(1, 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"^(a+)+$", "^(a|aa)+$", "^(.*a){20}$", "(x+x+)+y", "^((a{1,30}){1,30})$"})
    void greedyPatternAnswersFast(String pattern) {
        String schema = "{\"properties\":{\"a\":{\"pattern\":\"" + pattern + "\"}}}";
        String arguments = "{\"a\":\"" + "a".repeat(5_000) + "!\"}";

        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            if (ArgumentsSchema.fault(new Json(schema)).isEmpty())
                assertThat(violations(schema, arguments)).isNotEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"(?=a)b", "(?<!a)b", "(a)\\\\1", "a{1,100000}", "("})
    void patternThatCannotRunInLinearTimeIsRefused(String pattern) {
        assertThat(fault("{\"properties\":{\"a\":{\"pattern\":\"" + pattern + "\"}}}")).isNotEmpty();
        assertThat(fault("{\"patternProperties\":{\"" + pattern + "\":{}}}")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"$ref\":\"#\"}", "{\"allOf\":[{\"$ref\":\"#\"}]}",
        "{\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},\"b\":{\"$ref\":\"#/$defs/a\"}},\"$ref\":\"#/$defs/a\"}"})
    void schemaThatRefersToItselfWithoutEndIsRefused(String schema) {
        assertThat(fault(schema)).isNotEmpty();
        assertThat(violations(schema, "{}")).isNotEmpty();
    }

    @Test
    void schemaThatIsEndlessForSomeArgumentsOnlyRefusesThem() {
        String schema = "{\"properties\":{\"a\":{\"$ref\":\"#/$defs/loop\"}},"
                + "\"$defs\":{\"loop\":{\"anyOf\":[{\"$ref\":\"#/$defs/loop\"}]}}}";

        assertThat(violations(schema, "{\"a\":1}")).isNotEmpty();
        assertThat(violations(schema, "{}")).isEmpty();
    }

    private static String fault(String schema) { return ArgumentsSchema.fault(new Json(schema)).orElse(""); }

    private static List<Violation> violations(String schema, String arguments) {
        return ArgumentsSchema.violations(new Json(schema), new Json(arguments));
    }

    private static List<String> paths(String schema, String arguments) {
        return violations(schema, arguments).stream().map(Violation::path).toList();
    }

    @Test
    void schemaThatDoublesItsWorkWithEachReferenceIsRefusedInsteadOfWorkedThrough() {
        StringBuilder definitions = new StringBuilder("\"a0\":{\"type\":\"object\"}");
        for (int level = 1; level <= 40; level++) {
            String below = "{\"$ref\":\"#/$defs/a" + (level - 1) + "\"}";
            definitions.append(",\"a").append(level).append("\":{\"allOf\":[").append(below).append(',').append(below)
                    .append("]}");
        }
        Json bomb = new Json("{\"$ref\":\"#/$defs/a40\",\"$defs\":{" + definitions + "}}");

        Optional<String> fault = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> ArgumentsSchema.fault(bomb));
        List<ArgumentsSchema.Violation> violations =
                assertTimeoutPreemptively(Duration.ofSeconds(20),
                        () -> ArgumentsSchema.violations(bomb, new Json("{}")));

        assertThat(fault).isPresent();
        assertThat(violations).isNotEmpty();
    }

    @Test
    void schemaOfATreeMayReferToItself() {
        Json tree = new Json("{\"$ref\":\"#/$defs/node\",\"$defs\":{\"node\":{\"type\":\"object\",\"properties\":"
                + "{\"left\":{\"$ref\":\"#/$defs/node\"},\"right\":{\"$ref\":\"#/$defs/node\"}}}}}");

        assertThat(ArgumentsSchema.fault(tree)).isEmpty();
        assertThat(ArgumentsSchema.violations(tree, new Json("{\"left\":{\"right\":{}}}"))).isEmpty();
        assertThat(ArgumentsSchema.violations(tree, new Json("{\"left\":{\"right\":1}}"))).hasSize(1);
    }

    @Test
    void patternWhoseProgramWouldFillTheMemoryIsRefusedUncompiled() {
        Json nested = new Json("{\"pattern\":\"((((a{1,30}){1,30}){1,30}){1,30}){1,30}\"}");
        Json longPattern = new Json("{\"pattern\":\"" + "a".repeat(501) + "\"}");
        Json plain = new Json("{\"pattern\":\"^[0-9]{4}-[0-9]{2}-[0-9]{2}$\"}");

        assertThat(ArgumentsSchema.fault(nested)).isPresent();
        assertThat(ArgumentsSchema.fault(longPattern)).isPresent();
        assertThat(ArgumentsSchema.fault(plain)).isEmpty();
    }

    @Test
    void schemaLongerThanAnybodyWritesIsRefusedUnread() {
        Json enormous = new Json("{\"enum\":[\"" + "x".repeat(70_000) + "\"]}");

        assertThat(ArgumentsSchema.fault(enormous)).hasValueSatisfying(fault -> assertThat(fault).contains("longer"));
    }

    @Test
    void patternsThatPeopleWriteAreTaken() {
        for (String regex : List.of("^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$", "^([A-Z]{2})([0-9]{6})$",
                "^.{1,500}$", "^[^@]+@[^@]+$")) {
            assertThat(ArgumentsSchema.fault(new Json("{\"pattern\":\"" + regex + "\"}"))).isEmpty();
        }
    }

    @Test
    void repetitionsHiddenInGroupsAreCounted() {
        Json hidden = new Json("{\"pattern\":\"((((a{99}()b()){99}()b()){99}()b()){20})\"}");

        assertThat(ArgumentsSchema.fault(hidden)).isPresent();
    }

    @Test
    void numberBeyondAnyDoubleIsRefusedBeforeItIsWrittenOut() {
        Json honest = new Json("{\"properties\":{\"n\":{\"enum\":[1,2]}}}");

        assertThat(ArgumentsSchema.fault(new Json("{\"enum\":[1e999999999]}"))).isPresent();
        assertThat(ArgumentsSchema.fault(new Json("{\"maxLength\":1e9999999999}"))).isPresent();
        assertThat(ArgumentsSchema.violations(honest, new Json("{\"n\":1e-999999999}"))).isNotEmpty();
        assertThat(ArgumentsSchema.violations(honest, new Json("{\"n\":1e0}"))).isEmpty();
    }
}

package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.holdpoint.contract.Contract;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The written contract is the one that is served, and it names what there is. That answers
 * keep to it is checked by every other test.
 */
@QuarkusTest
@WithTestResource(KeysFile.class)
class OpenApiTest {
    private static final Set<String> OPERATIONS = Set.of("get /q/health", "get /q/health/live", "get /q/health/ready",
            "get /q/metrics", "get /q/openapi");
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch", "head", "options");

    @ParameterizedTest
    @CsvSource({"/q/openapi, */*", "/q/openapi/, */*", "/q/openapi.yaml, application/json",
        "/q/openapi.yml/, application/json", "/q/openapi?format=yaml, application/json"})
    void documentIsServedToTheLetter(String target, String accept) throws Exception {
        Reply served = Api.nobody().with("Accept", accept).get(target).is(200);

        assertThat(served.header("Content-Type")).isEqualTo("application/yaml;charset=UTF-8");
        assertThat(served.body()).isEqualTo(Files.readString(java.nio.file.Path.of("docs/openapi.yaml")));
    }

    @ParameterizedTest
    @CsvSource({"/q/openapi.json, */*", "/q/openapi.json/, */*", "/q/openapi?format=json, */*",
        "/q/openapi?format=JSON, application/yaml", "/q/openapi/, application/json"})
    void documentIsServedAsJson(String target, String accept) {
        Reply served = Api.nobody().with("Accept", accept).get(target).is(200);

        assertThat(served.header("Content-Type")).isEqualTo("application/json;charset=UTF-8");
        assertThat(served.json()).isEqualTo(Reply.parse(Contract.DOCUMENT.toString()));
    }

    @Test
    void headIsAnsweredWithoutABody() {
        Wire.Answer answer = Wire.request("HEAD", "/q/openapi", "", new byte[0]);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/yaml;charset=UTF-8");
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void everyRouteIsInTheDocumentAndNoOther() {
        Set<String> written = new TreeSet<>();
        Contract.DOCUMENT.path("paths").properties().forEach(path -> path.getValue().fieldNames()
                .forEachRemaining(method -> {
                    if (METHODS.contains(method)) written.add(method + " " + path.getKey());
                }));

        assertThat(routes()).isEqualTo(written);
    }

    private static Set<String> routes() {
        // These are no resources: one speaks to browsers before anybody is known, the others to operators.
        Set<String> routes = new TreeSet<>(OPERATIONS);
        routes.add("get /login");
        new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.holdpoint")
                .stream().filter(one -> one.isAnnotatedWith(Path.class)).map(JavaClass::reflect)
                .forEach(one -> Arrays.stream(one.getDeclaredMethods()).forEach(method -> methods(method)
                        .forEach(verb -> routes.add(verb + " " + path(one.getAnnotation(Path.class))
                                + path(method.getAnnotation(Path.class))))));
        return routes;
    }

    private static Stream<String> methods(Method method) {
        return Arrays.stream(method.getAnnotations()).map(Annotation::annotationType)
                .map(type -> type.getAnnotation(HttpMethod.class)).filter(verb -> verb != null)
                .map(verb -> verb.value().toLowerCase(Locale.ROOT));
    }

    private static String path(Path path) { return path == null ? "" : path.value(); }

    @Test
    void whatOperatorsReadIsThereToo() {
        for (String route : OPERATIONS)
            Api.nobody().with("Accept", "*/*").get(route.substring("get ".length())).is(200);
    }

    @Test
    void framesOfEveryStreamAreDescribed() {
        List<String> streams = new ArrayList<>();
        Contract.DOCUMENT.path("paths").properties().forEach(path -> path.getValue().properties().forEach(operation -> {
            JsonNode stream = operation.getValue().at("/responses/200/content/text~1event-stream");
            if (stream.isMissingNode()) return;
            streams.add(path.getKey());
            String method = operation.getKey().toUpperCase(Locale.ROOT);
            assertThat(faults(method, path.getKey(), "event: other\ndata: {}\n\n")).as(path.getKey()).isNotEmpty();
            stream.path("examples").forEach(example -> assertThat(
                    faults(method, path.getKey(), example.path("value").asText())).as(path.getKey()).isEmpty());
        }));

        assertThat(streams).hasSizeGreaterThan(5);
    }

    private static List<String> faults(String method, String path, String stream) {
        return Contract.faults(method, path, new Contract.Answered(200,
                name -> name.equals("Content-Type") ? "text/event-stream" : "there", stream));
    }

    @Test
    void everyOperationHasItsOwnName() {
        List<String> names = new ArrayList<>();
        Contract.DOCUMENT.path("paths").forEach(path -> path.forEach(operation -> {
            if (operation.has("operationId")) names.add(operation.path("operationId").asText());
        }));

        assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThan(15);
    }
}

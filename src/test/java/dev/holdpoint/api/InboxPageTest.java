package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import org.junit.jupiter.api.Test;

/** The page as files. What it does is tried in a browser. */
@QuarkusTest
@WithTestResource(KeysFile.class)
class InboxPageTest {
    private static final Path SOURCES = Path.of("src/main/inbox");
    private static final Map<String, String> TYPES =
            Map.of("html", "text/html", "js", "text/javascript", "css", "text/css", "svg", "image/svg+xml");
    private static final Pattern IMPORT = Pattern.compile("(?m)^import [^'\"]*['\"]([^'\"]+)['\"]");
    private static final Pattern ADDRESS = Pattern.compile("https?://[^\\s'\"`<>)]+");

    @Test
    void everyFileIsServedWithItsTypeAndAskedForAnewEachTime() {
        for (String path : paths()) {
            HttpResponse<byte[]> answer = get(path, "identity");

            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-type").orElse("")).as(path).startsWith(type(path));
            assertThat(answer.headers().firstValue("cache-control")).as(path).contains("no-cache");
            assertThat(answer.headers().firstValue("last-modified")).as(path).isEmpty();
        }
    }

    @Test
    void pageIsServedAtTheRoot() {
        assertThat(get("/", "identity").body()).isEqualTo(get("/index.html", "identity").body());
    }

    @Test
    void everyFileIsCompressedWhenAskedForThatAndTheWholeIsSmall() {
        int whole = 0;
        for (String path : paths()) {
            HttpResponse<byte[]> answer = get(path, "gzip");

            assertThat(answer.headers().firstValue("content-encoding")).as(path).contains("gzip");
            assertThat(unzipped(answer.body())).as(path).isEqualTo(get(path, "identity").body());
            whole += answer.body().length;
        }
        assertThat(whole).isLessThan(100 * 1024);
    }

    @Test
    void answersOfTheApiAreNotCompressed() {
        assertThat(get("/q/openapi?format=json", "gzip").headers().firstValue("content-encoding").orElse("identity"))
                .isEqualTo("identity");
    }

    @Test
    void whateverAModuleImportsIsServed() {
        TreeSet<String> imported = new TreeSet<>();
        for (String path : paths()) {
            if (path.endsWith(".js")) IMPORT.matcher(text(path)).results()
                    .forEach(found -> imported.add(URI.create(path).resolve(found.group(1)).toString()));
        }

        assertThat(imported).isNotEmpty().isSubsetOf(paths());
    }

    @Test
    void nothingComesFromAnotherHost() {
        for (String path : paths()) {
            // Comments and bases of relative references; nothing there is ever fetched.
            if (path.equals("/vendor/json-schema.js")) continue;

            assertThat(ADDRESS.matcher(text(path)).results().map(MatchResult::group)).as(path)
                    .isSubsetOf("http://www.w3.org/2000/svg");
        }
    }

    @Test
    void noTextCanBecomeMarkupOrCode() {
        for (String path : paths()) {
            if (path.startsWith("/vendor/")) continue;

            assertThat(text(path)).as(path).doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML",
                    "dangerouslySetInnerHTML",
                    "document.write", "eval(", "new Function", "localStorage", "sessionStorage", " style=", "onclick=");
        }
        assertThat(text("/index.html")).containsOnlyOnce("<script")
                .contains("<script type=\"module\" src=\"/app.js\"></script>");
    }

    @Test
    void pathWithoutAFileIsTheProblemThatItWas() {
        Api.nobody().get("/no-such-page.html").refused(404, "not-found");
        Api.nobody().get("/vendor/").refused(404, "not-found");
    }

    /** What lies in the sources, and what the build unpacks beside it. */
    private static List<String> paths() {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return Stream.concat(files.filter(Files::isRegularFile).map(file -> "/" + SOURCES.relativize(file))
                    .filter(path -> !path.endsWith("NOTICE")), Stream.of("/vendor/htm-preact.js")).sorted().toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String type(String path) {
        return TYPES.get(path.substring(path.lastIndexOf('.') + 1));
    }

    private static String text(String path) {
        return new String(get(path, "identity").body(), StandardCharsets.UTF_8);
    }

    private static HttpResponse<byte[]> get(String path, String encoding) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path))
                .header("Accept-Encoding", encoding).build();
        return Api.CLIENT.sendAsync(request, BodyHandlers.ofByteArray()).join();
    }

    private static byte[] unzipped(byte[] body) {
        try (GZIPInputStream content = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return content.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}

package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.holdpoint.machine.Identity;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The front door with a certificate of its own. */
@QuarkusTest
@WithTestResource(KeysFile.class)
@TestProfile(HttpsTest.WithCertificate.class)
class HttpsTest {
    @TestHTTPResource(value = "/", tls = true) URL secure;

    @TestHTTPResource("/v1/info") URL plain;

    @Inject MeterRegistry meters;

    public static final class WithCertificate implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Identity server = Identity.of("server");
            return Map.of("quarkus.http.test-ssl-port", "0", "quarkus.http.insecure-requests", "redirect",
                    "quarkus.tls.key-store.pem.0.cert", server.certificate().toString(),
                    "quarkus.tls.key-store.pem.0.key", server.key().toString());
        }
    }

    private static HttpClient client(Version version) {
        return HttpClient.newBuilder().version(version).sslContext(Identity.of("server").trusted()).build();
    }

    private HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + secure.getPort() + target))
                .header("Authorization", "Bearer key-agent");
    }

    private HttpResponse<String> created(HttpClient client) throws IOException, InterruptedException {
        return client.send(request("/v1/jobs").header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"userId\":\"u1\"}")).build(), BodyHandlers.ofString());
    }

    private double readers() {
        return meters.get("holdpoint.subscribers").tag("stream", "job").gauge().value();
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void answersAreEncryptedAndBrowsersToldToStayWithThat(Version version) throws IOException, InterruptedException {
        try (HttpClient client = client(version)) {
            HttpResponse<String> answer = client.send(request("/v1/info").build(), BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.version()).isEqualTo(version);
            assertThat(answer.headers().allValues("Strict-Transport-Security")).containsExactly("max-age=31536000");
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void readerWhoLeavesGivesBackHisPlace(Version version) throws IOException, InterruptedException {
        try (HttpClient client = client(version)) {
            String events = created(client).headers().firstValue("Location").orElseThrow() + "/events";
            HttpResponse<InputStream> stream = client.send(request(events).build(), BodyHandlers.ofInputStream());
            assertThat(stream.version()).isEqualTo(version);
            Wire.await(() -> readers() == 1);

            stream.body().close();

            Wire.await(() -> readers() == 0);
        }
    }

    @Test
    void plainRequestsAreSentToTheEncryptedPort() throws IOException, InterruptedException {
        HttpResponse<Void> answer =
                Api.CLIENT.send(HttpRequest.newBuilder(URI.create(plain.toString())).build(),
                        BodyHandlers.discarding());

        assertThat(answer.statusCode()).isEqualTo(301);
        assertThat(answer.headers().firstValue("Location")).get().asString().startsWith("https://")
                .endsWith("/v1/info");
    }

    @Test
    void refusalLeavesTheOtherRequestsOfItsConnectionAlone() throws IOException, InterruptedException {
        try (HttpClient client = client(Version.HTTP_2)) {
            HttpResponse<String> created = created(client);
            String events = created.headers().firstValue("Location").orElseThrow() + "/events";
            String last = Reply.parse(created.body()).path("lastEventId").asText();
            CompletableFuture<HttpResponse<String>> waiting = client.sendAsync(
                    request(events + "?wait=PT3S&after=" + last).header("Accept", "application/json").build(),
                    BodyHandlers.ofString());

            HttpResponse<String> refused = client.send(request("/v1/jobs").header("Content-Type", "application/json")
                    .header("Idempotency-Key", "a").header("Idempotency-Key", "b")
                    .POST(BodyPublishers.ofString("{\"userId\":\"u1\"}")).build(), BodyHandlers.ofString());

            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
            assertThat(waiting.join().statusCode()).isEqualTo(200);
        }
    }
}

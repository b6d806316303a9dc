package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a port for operators, what is theirs is there and nowhere else. */
@QuarkusTest
@WithTestResource(KeysFile.class)
@TestProfile(SettingsOfMany.class)
class ManagementPortTest {
    @ConfigProperty(name = "holdpoint.management.port") int port;

    private Reply manages(String target) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = Api.CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
                        .header("Authorization", "Bearer key-admin").build(),
                BodyHandlers.ofByteArray());
        return Reply.of(answer);
    }

    @Test
    void healthMetricsAndDescriptionAreThere() throws IOException, InterruptedException {
        Api.agent().creates("u1");

        assertThat(manages("/q/health/live").is(200).text("/status")).isEqualTo("UP");
        assertThat(manages("/q/health/ready").is(200).body()).contains("\"store\"", "\"archive\"");
        assertThat(manages("/q/metrics").is(200).body()).contains("# TYPE ", "uri=\"/v1/jobs\"");
        assertThat(manages("/q/openapi?format=json").is(200).text("/info/title")).isEqualTo("Holdpoint");
        assertThat(manages("/q/health/live").header("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/info", "/v1/jobs/x", "/", "/q/../v1/info", "/%76%31/info", "/q/none"})
    void nothingElseIsThere(String target) throws IOException, InterruptedException {
        Reply answer = manages(target);

        if (!target.equals("/q/none")) answer.refused(404, "not-found");
        else answer.is(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q", "/q/", "/q/health", "/q/health/live", "/q/health/ready", "/q/metrics", "/q/openapi",
        "/%71/metrics", "/q/%6detrics", "//q/metrics", "/q//metrics", "/v1/../q/metrics", "/./q/metrics"})
    void portOfTheApiHasNoneOfIt(String target) {
        Wire.Answer answer = Wire.request("GET", target, "", new byte[0]);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(404);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(Reply.parse(answer.body()).path("type").asText()).endsWith("/not-found");
    }

    @Test
    void portOfTheApiServesTheApi() {
        Api.agent().get("/v1/info").is(200);
    }
}

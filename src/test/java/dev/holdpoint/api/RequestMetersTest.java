package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(KeysFile.class)
class RequestMetersTest {
    private static final String ADMIN = "Authorization: Bearer key-admin\r\n";
    private static final byte[] NOTHING = {};

    @Test
    void metricsKeepNothingThatCallersMakeUp() {
        Wire.request("BREW", "/v1/jobs/made-up", ADMIN, NOTHING);
        Wire.request("OPTIONS", "/v1/jobs/made-up", ADMIN, NOTHING);
        Wire.request("GET", "/v1/jobs/made-up", ADMIN + "Accept: image/png\r\n", NOTHING);
        Wire.request("GET", "/v1/jobs/made-up", ADMIN + "Content-Type: none\r\n", NOTHING);
        Wire.request("POST", "/v1/jobs/made-up/abort", ADMIN + "Content-Type: text/plain\r\n", Wire.bytes("{}"));
        Wire.request("POST", "/made-up", ADMIN, NOTHING);
        Wire.request("GET", "/{made-up}", ADMIN, NOTHING);
        Wire.request("GET", "/v1/made-up", ADMIN + "X-Huge: " + "h".repeat(40_000) + "\r\n", NOTHING);

        assertThat(metrics()).doesNotContain("made-up", "BREW").contains("method=\"OTHER\"", "uri=\"UNKNOWN\"");
    }

    @Test
    void metricsTellRoutesApart() {
        Api.as("admin").get("/v1/jobs/none").is(404);
        Api.as("admin").get("/v1/jobs?limit=1").is(200);

        assertThat(metrics()).contains("status=\"404\",uri=\"/v1/jobs/{id}\"", "status=\"200\",uri=\"/v1/jobs\"");
    }

    private static String metrics() {
        return Api.nobody().with("Accept", "text/plain").get("/q/metrics").is(200).body();
    }
}

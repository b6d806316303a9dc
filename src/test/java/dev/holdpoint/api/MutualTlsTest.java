package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import javax.net.ssl.SSLContext;

import dev.holdpoint.machine.FreePorts;
import dev.holdpoint.machine.Identity;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Where clients must show a certificate, nobody else comes so far as to show a key. */
@QuarkusTest
@WithTestResource(KeysFile.class)
@TestProfile(MutualTlsTest.CertificatesRequired.class)
class MutualTlsTest {
    private final Identity server = Identity.of("server");

    @TestHTTPResource(value = "/", tls = true) URL secure;

    @ConfigProperty(name = "quarkus.http.test-port") int plain;

    public static final class CertificatesRequired implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Identity server = Identity.of("server");
            return Map.of("quarkus.http.test-ssl-port", "0",
                    "quarkus.http.test-port", Integer.toString(FreePorts.next()),
                    "quarkus.http.insecure-requests", "disabled", "holdpoint.tls.client-auth", "required",
                    "quarkus.tls.key-store.pem.0.cert", server.certificate().toString(),
                    "quarkus.tls.key-store.pem.0.key", server.key().toString(),
                    "quarkus.tls.trust-store.pem.certs", Identity.of("sidecar").certificate().toString());
        }
    }

    private int status(SSLContext context) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + secure.getPort() + "/v1/info"))
                            .header("Authorization", "Bearer key-agent").build(),
                    BodyHandlers.discarding()).statusCode();
        }
    }

    @Test
    void certificateThatIsTrustedGetsIn() throws IOException, InterruptedException {
        assertThat(status(server.trustedBy(Identity.of("sidecar")))).isEqualTo(200);
    }

    @Test
    void nobodyElseGetsIn() {
        assertThatThrownBy(() -> status(server.trusted())).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> status(server.trustedBy(Identity.of("stranger")))).isInstanceOf(IOException.class);
    }

    @Test
    void thereIsNoPlainPort() {
        assertThatThrownBy(() -> Api.CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + plain + "/v1/info")).build(),
                BodyHandlers.discarding())).isInstanceOf(ConnectException.class);
    }
}

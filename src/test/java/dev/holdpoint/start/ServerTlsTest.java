package dev.holdpoint.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;

import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import org.junit.jupiter.api.Test;

/** Client certificates are asked for, or the start stops and says why they can't be. */
class ServerTlsTest {
    private static HttpServerOptions encrypted() {
        return new HttpServerOptions().setHost("127.0.0.1").setKeyCertOptions(new PemKeyCertOptions())
                .setTrustOptions(new PemTrustOptions());
    }

    private static ServerTls tls(String clientAuth, String insecureRequests) {
        return new ServerTls(() -> clientAuth, Optional.ofNullable(insecureRequests));
    }

    @Test
    void wordIsPassedOn() {
        HttpServerOptions options = encrypted();

        tls("required", "REDIRECT").customizeHttpsServer(options);
        assertThat(options.getClientAuth()).isEqualTo(ClientAuth.REQUIRED);
        tls("request", null).customizeHttpsServer(options);
        assertThat(options.getClientAuth()).isEqualTo(ClientAuth.REQUEST);
        tls("none", null).customizeHttpsServer(options);
        assertThat(options.getClientAuth()).isEqualTo(ClientAuth.NONE);
    }

    @Test
    void anotherWordStopsTheStart() {
        assertThatThrownBy(() -> tls("maybe", null)).hasMessageContaining("holdpoint.tls.client-auth must be");
    }

    @Test
    void requiredCertificatesThatCouldBeAvoidedStopTheStart() {
        assertThatThrownBy(() -> tls("required", null).customizeHttpsServer(encrypted()))
                .hasMessageContaining("quarkus.http.insecure-requests");
        assertThatThrownBy(() -> tls("required", "disabled").customizeHttpsServer(encrypted().setTrustOptions(null)))
                .hasMessageContaining("quarkus.tls.trust-store");
        assertThatThrownBy(
                () -> tls("required", "disabled").customizeHttpsServer(encrypted().setKeyCertOptions(null)))
                .hasMessageContaining("quarkus.tls.key-store");
    }
}

package dev.holdpoint.api;

import java.net.http.HttpRequest;
import java.util.Map;

import dev.holdpoint.machine.FreePorts;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

/** While the provider can't be reached nobody's token is believed, and everything else goes on. */
@QuarkusTest
@WithTestResource(KeysFile.class)
@TestProfile(ProviderAwayTest.OnNothing.class)
class ProviderAwayTest {
    public static final class OnNothing implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.oidc.auth-server-url", "http://127.0.0.1:" + FreePorts.next() + "/staff",
                    "quarkus.oidc.application-type", "hybrid", "quarkus.oidc.client-id", "inbox",
                    "quarkus.oidc.credentials.secret", "a secret that is long enough to encrypt with",
                    "quarkus.oidc.token.audience", "holdpoint");
        }
    }

    @Test
    void tokenIsNeitherGoodNorBadAndKeysWork() {
        String token = Provider.signed(Provider.header().build(),
                Provider.claims("https://id.example", "maria").build(), Provider.KEY);

        Provider.as(token).get("/v1/info").refused(503, "sign-in-unavailable");
        Api.as("u1").get("/v1/info").is(200);
        Api.as("nobody's").get("/v1/info").refused(401, "unauthorized");
    }

    @Test
    void signInSaysThatItCanNotBeDoneNow() {
        HttpRequest.Builder login = HttpRequest.newBuilder(Api.uri("/login")).GET();

        Api.nobody().sendUnchecked(login).refused(503, "sign-in-unavailable");
    }
}

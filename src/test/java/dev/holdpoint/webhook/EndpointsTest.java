package dev.holdpoint.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EndpointsTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final Map<String, String> SMALLEST =
            Map.of("url", "https://hooks.example.com/holdpoint", "secret", SECRET);

    private static Endpoints of(Map<String, String> settings) {
        Map<String, String> full = new HashMap<>();
        settings.forEach((name, value) -> full.put("holdpoint.webhooks." + name, value));
        return Endpoints.of(new SmallRyeConfigBuilder().withMapping(WebhooksConfig.class)
                .withSources(new PropertiesConfigSource(full, "test", 100)).build()
                .getConfigMapping(WebhooksConfig.class));
    }

    private static Endpoints ofOne(Map<String, String> settings) {
        Map<String, String> named = new HashMap<>();
        settings.forEach((name, value) -> named.put("ops." + name, value));
        return of(named);
    }

    static Map<String, String> smallestWith(String name, String value) {
        Map<String, String> settings = new HashMap<>(SMALLEST);
        settings.put(name, value);
        return settings;
    }

    @Test
    void nothingConfiguredIsNobodyTold() {
        assertThat(of(Map.of()).isEmpty()).isTrue();
    }

    @Test
    void urlAndSecretAreEnoughToBeToldOfApprovalsInTheTenantlessSpace() {
        Endpoint endpoint = ofOne(SMALLEST).all().getFirst();

        assertThat(endpoint.space()).isEqualTo(Space.TENANTLESS);
        assertThat(endpoint.eventNames()).containsExactly("approval.requested", "approval.decided",
                "approval.expired", "approval.cancelled");
        assertThat(endpoint.format()).isEqualTo(Endpoint.Format.STANDARD);
        assertThat(endpoint.includeArguments()).isFalse();
        assertThat(endpoint.allowPrivate()).isFalse();
    }

    @Test
    void endpointIsFoundInItsTenantOnly() {
        Endpoints all = ofOne(smallestWith("tenant", "acme"));

        assertThat(all.named(new Space(new TenantId("acme")), "ops")).isPresent();
        assertThat(all.named(Space.TENANTLESS, "ops")).isEmpty();
        assertThat(all.of(new Space(new TenantId("other")))).isEmpty();
    }

    @Test
    void patternsStandForAllTheyName() {
        assertThat(ofOne(smallestWith("events", "job.failed, approval.*")).all().getFirst().events())
                .containsExactlyInAnyOrder(EventType.JOB_FAILED, EventType.APPROVAL_REQUESTED,
                        EventType.APPROVAL_DECIDED, EventType.APPROVAL_EXPIRED, EventType.APPROVAL_CANCELLED);
        assertThat(ofOne(smallestWith("events", "*")).all().getFirst().events())
                .hasSize(EventType.values().length - 1).doesNotContain(EventType.WEBHOOK_TEST);
    }

    @Test
    void secretsAreReadFromAFileLineByLine(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("secrets"), SECRET + "\n\n" + SECRET + "\n");
        Map<String, String> settings = new HashMap<>(SMALLEST);
        settings.remove("secret");
        settings.put("secret-file", file.toString());

        assertThat(ofOne(settings).all().getFirst().keys().sign("msg_1", 1, "{}").split(" ")).hasSize(2);
    }

    @Test
    void environmentSetsThemToo() {
        EnvConfigSource environment = new EnvConfigSource(Map.of(
                "HOLDPOINT_WEBHOOKS_OPS_URL", "https://hooks.example.com/x",
                "HOLDPOINT_WEBHOOKS_OPS_SECRET", SECRET,
                "HOLDPOINT_WEBHOOKS_OPS_INCLUDE_ARGUMENTS", "true"), 300);

        Endpoints all = Endpoints.of(new SmallRyeConfigBuilder().withMapping(WebhooksConfig.class)
                .withSources(environment).build().getConfigMapping(WebhooksConfig.class));

        assertThat(all.all()).singleElement().satisfies(one -> {
            assertThat(one.name()).isEqualTo("ops");
            assertThat(one.includeArguments()).isTrue();
        });
    }

    @Test
    void slackNeedsNoSecretOfOurs() {
        assertThat(ofOne(Map.of("url", "https://hooks.slack.com/services/x", "format", "slack")).all()).hasSize(1);
    }

    static Stream<Arguments> unusable() {
        return Stream.of(
                Arguments.of(Map.of("secret", SECRET), "url must be set, and be one."),
                Arguments.of(Map.of("url", "https://hooks.example.com"), "secret or signing-key must be set."),
                Arguments.of(smallestWith("url", "http://hooks.example.com"), "url must begin with https://."),
                Arguments.of(smallestWith("secret", "letmein"), "secret must be whsec_ and 24 to 64 bytes in Base64."),
                Arguments.of(smallestWith("secret-file", "/none"),
                        "secret and secret-file are both set: leave one of them out."),
                Arguments.of(smallestWith("signing-key-file", "/none"),
                        "signing-key-file names /none, which can't be read."),
                Arguments.of(smallestWith("events", "approval.requestd"), "events can't name approval.requestd."),
                Arguments.of(smallestWith("events", "webhook.test"), "events can't name webhook.test."),
                Arguments.of(smallestWith("events", "appr*"), "events can't name appr*."),
                Arguments.of(smallestWith("format", "teams"), "format must be standard, cloudevents or slack."),
                Arguments.of(smallestWith("tenant", "x".repeat(300)),
                        "tenant can't be used: tenant id must have 1 to 256 characters, but has 300."));
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void whatCanNotBeMeantStopsTheStartInOneSentence(Map<String, String> settings, String sentence) {
        assertThatIllegalStateException().isThrownBy(() -> ofOne(settings))
                .withMessage("holdpoint.webhooks.ops." + sentence);
    }

    @Test
    void nameThatNoKeyCouldCarryStopsTheStart() {
        assertThatIllegalStateException().isThrownBy(
                () -> of(Map.of("\"a:b\".url", "https://hooks.example.com", "\"a:b\".secret", SECRET)))
                .withMessageStartingWith("holdpoint.webhooks: a name has");
    }
}

package dev.holdpoint.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;

class TracesWhereNamedTest {
    private static final String COLLECTOR = "http://collector:4317";

    private static SmallRyeConfig config(Map<String, String> said) {
        return new SmallRyeConfigBuilder().withSources(new PropertiesConfigSource(said, "said", 300))
                .withSources(new TracesWhereNamed()).build();
    }

    private static boolean isOff(Map<String, String> said) {
        return config(said).getValue("quarkus.otel.sdk.disabled", Boolean.class);
    }

    @Test
    void nothingIsRecordedForNobody() {
        assertThat(isOff(Map.of())).isTrue();
    }

    @Test
    void defaultOfTheFrameworkNamesNobody() {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withDefaultValue("quarkus.otel.exporter.otlp.endpoint", COLLECTOR)
                .withSources(new TracesWhereNamed()).build();

        assertThat(config.getValue("quarkus.otel.sdk.disabled", Boolean.class)).isTrue();
    }

    @Test
    void collectorMayBeNamedAsTheFrameworkDoes() {
        assertThat(isOff(Map.of("quarkus.otel.exporter.otlp.endpoint", COLLECTOR))).isFalse();
        assertThat(isOff(Map.of("quarkus.otel.exporter.otlp.traces.endpoint", COLLECTOR))).isFalse();
    }

    @Test
    void collectorMayBeNamedAsEverybodyElseDoes() {
        SmallRyeConfig config = config(Map.of("otel.exporter.otlp.endpoint", COLLECTOR,
                "otel.exporter.otlp.headers", "authorization=Bearer x"));

        assertThat(config.getValue("quarkus.otel.sdk.disabled", Boolean.class)).isFalse();
        assertThat(config.getValue("quarkus.otel.exporter.otlp.endpoint", String.class)).isEqualTo(COLLECTOR);
        assertThat(config.getValue("quarkus.otel.exporter.otlp.headers", String.class))
                .isEqualTo("authorization=Bearer x");
    }

    @Test
    void whoeverSwitchesThemOffHasNone() {
        assertThat(isOff(Map.of("otel.exporter.otlp.endpoint", COLLECTOR, "otel.sdk.disabled", "true"))).isTrue();
        assertThat(isOff(Map.of("otel.exporter.otlp.endpoint", COLLECTOR, "quarkus.otel.sdk.disabled", "true")))
                .isTrue();
    }
}

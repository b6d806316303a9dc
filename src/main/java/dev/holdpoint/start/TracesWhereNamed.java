package dev.holdpoint.start;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * Switches traces on where a collector is named, as the framework or as OpenTelemetry names it: the framework would
 * record them, at a cost, for one that isn't there.
 */
public final class TracesWhereNamed implements ConfigSourceFactory {
    private static final int BELOW_EVERYBODY_ELSE = 50;
    /** Below it lie defaults: the framework has one for a collector on this machine, which nobody named. */
    private static final int LEAST_OF_USERS = 100;
    private static final String FRAMEWORKS = "quarkus.";
    private static final String ENDPOINT = "otel.exporter.otlp.endpoint";
    private static final String ENDPOINT_OF_TRACES = "otel.exporter.otlp.traces.endpoint";
    /** What the variables of OpenTelemetry, such as {@code OTEL_EXPORTER_OTLP_ENDPOINT}, say to the framework. */
    private static final List<String> STANDARD = List.of(ENDPOINT, ENDPOINT_OF_TRACES, "otel.exporter.otlp.headers",
            "otel.exporter.otlp.protocol", "otel.traces.sampler.arg", "otel.service.name", "otel.resource.attributes",
            "otel.sdk.disabled");

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        boolean named = Stream.of(ENDPOINT, ENDPOINT_OF_TRACES)
                .anyMatch(name -> value(context, FRAMEWORKS + name) != null || value(context, name) != null);
        Map<String, String> settings = new HashMap<>();
        settings.put(FRAMEWORKS + "otel.sdk.disabled", String.valueOf(!named));
        for (String name : STANDARD) {
            String said = value(context, name);
            if (said != null) settings.put(FRAMEWORKS + name, said);
        }
        return List.of(
                new PropertiesConfigSource(settings, "traces where a collector is named", BELOW_EVERYBODY_ELSE));
    }

    private static @Nullable String value(ConfigSourceContext context, String name) {
        ConfigValue value = context.getValue(name);
        return value == null || value.getConfigSourceOrdinal() < LEAST_OF_USERS ? null : value.getValue();
    }

    @Override
    public OptionalInt getPriority() { return OptionalInt.of(BELOW_EVERYBODY_ELSE); }
}

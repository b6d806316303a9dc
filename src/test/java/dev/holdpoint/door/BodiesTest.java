package dev.holdpoint.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;

import dev.holdpoint.door.json.Requests;
import dev.holdpoint.door.problem.Limits;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;

/** How far bodies are read; what becomes of them, every route's tests show. */
class BodiesTest {
    @Test
    void bodyIsReadAsFarAsItsSizeMatters() throws IOException {
        assertThat(read("10")).hasSize(11);
    }

    @Test
    void anyBodyIsReadWhereTheLimitIsBeyondAnyArray() throws IOException {
        assertThat(read("3G")).hasSize(100);
    }

    private static byte[] read(String most) throws IOException {
        Limits limits = new SmallRyeConfigBuilder().withMapping(Limits.class)
                .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                .withDefaultValues(Map.of("holdpoint.limits.events-body", most)).build().getConfigMapping(Limits.class);
        return new Bodies(limits, new CurrentCall()).bytes(Requests.Events.class,
                new ByteArrayInputStream(new byte[100]));
    }
}

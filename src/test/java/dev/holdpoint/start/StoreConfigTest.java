package dev.holdpoint.start;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreConfigTest {
    private static void check(Map<String, String> options) {
        SmallRyeConfig config = new SmallRyeConfigBuilder().addDiscoveredConverters().withMapping(StoreConfig.class)
                .withMapping(ArchiveConfig.class)
                .withSources(new PropertiesConfigSource(options, "test", 100)).withValidateUnknown(false).build();
        config.getConfigMapping(StoreConfig.class).check();
        config.getConfigMapping(ArchiveConfig.class).checkFor("memory");
    }

    @Test
    void defaultsCanBeMeant() {
        assertThatCode(() -> check(Map.of())).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory.jobs", "memory.archived-turns", "memory.audit-records", "archive.most-owed"})
    void boundThatLeavesNoRoomIsRefusedByName(String option) {
        for (String value : new String[]{"0", "-1"})
            assertThatThrownBy(() -> check(Map.of("holdpoint." + option, value)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("holdpoint." + option + " must be at least 1, but is " + value + ".");
    }
}

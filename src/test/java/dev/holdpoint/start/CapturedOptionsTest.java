package dev.holdpoint.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;

import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.RedisOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The name of Redis is verified unless somebody says that it must not be. */
class CapturedOptionsTest {
    private static RedisOptions captured(String tlsConfiguration, NetClientOptions net) {
        CapturedOptions captured = new CapturedOptions(Optional.ofNullable(tlsConfiguration));
        RedisOptions made = new RedisOptions().setNetClientOptions(net);
        captured.customize("<default>", made);
        // The framework's own client is made of these.
        assertThat(captured.options().orElseThrow().getNetClientOptions().toJson())
                .isEqualTo(made.getNetClientOptions().toJson());
        return made;
    }

    @Test
    void namedConfigurationWithoutAWordOnItMeansHttps() {
        NetClientOptions net = new NetClientOptions().setSsl(true);

        assertThat(captured("redis", net).getNetClientOptions().getHostnameVerificationAlgorithm()).isEqualTo("HTTPS");
    }

    @ParameterizedTest
    @CsvSource({"'',HTTPS", "HTTPS,HTTPS", "LDAPS,LDAPS", "NONE,''"})
    void namedConfigurationHasTheLastWord(String said, String meant) {
        NetClientOptions net = new NetClientOptions().setSsl(true).setHostnameVerificationAlgorithm(said);

        assertThat(captured("redis", net).getNetClientOptions().getHostnameVerificationAlgorithm()).isEqualTo(meant);
    }

    @Test
    void withoutANameTheOptionOfTheClientCounts() {
        NetClientOptions net = new NetClientOptions().setSsl(true).setHostnameVerificationAlgorithm("");

        assertThat(captured(null, net).getNetClientOptions().getHostnameVerificationAlgorithm()).isEmpty();
    }

    @Test
    void certificatesForAPlainConnectionStopTheStart() {
        assertThatThrownBy(() -> captured("redis", new NetClientOptions())).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("rediss://");
    }
}

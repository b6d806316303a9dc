package dev.holdpoint.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;

import io.smallrye.config.EnvConfigSource;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretFilesTest {
    @TempDir Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("secret"), text);
    }

    @ParameterizedTest
    @CsvSource({"HOLDPOINT_BOOTSTRAP_KEY,holdpoint.bootstrap-key", "QUARKUS_REDIS_PASSWORD,quarkus.redis.password",
        "QUARKUS_REDIS_HOSTS,quarkus.redis.hosts",
        "QUARKUS_MONGODB_CONNECTION_STRING,quarkus.mongodb.connection-string",
        "QUARKUS_MONGODB_CREDENTIALS_USERNAME,quarkus.mongodb.credentials.username",
        "QUARKUS_MONGODB_CREDENTIALS_PASSWORD,quarkus.mongodb.credentials.password",
        "QUARKUS_OIDC_CREDENTIALS_SECRET,quarkus.oidc.credentials.secret",
        "QUARKUS_OIDC_AUTHENTICATION_STATE_SECRET,quarkus.oidc.authentication.state-secret",
        "QUARKUS_TLS_KEY_STORE_P12_PASSWORD,quarkus.tls.key-store.p12.password"})
    void fileIsTheValueOfItsOption(String variable, String option) throws IOException {
        SecretFiles secrets = new SecretFiles(Map.of(variable + "_FILE", file("s3cret").toString()));

        assertThat(secrets.getValue(option)).isEqualTo("s3cret");
    }

    @ParameterizedTest
    @CsvSource({"'a\n',a", "'a\r\n',a", "'a\n\n','a\n'", "' a ',' a '", "'',''"})
    void onlyTheLastLineBreakIsNoPartOfIt(String text, String value) throws IOException {
        SecretFiles secrets = new SecretFiles(Map.of("QUARKUS_REDIS_PASSWORD_FILE", file(text).toString()));

        assertThat(secrets.getValue("quarkus.redis.password")).isEqualTo(value);
    }

    @Test
    void otherVariablesThatEndAlikeAreLeftAlone() throws IOException {
        String path = file("x").toString();

        SecretFiles secrets = new SecretFiles(Map.of("HOLDPOINT_AUTH_KEYS_FILE", path, "HOME_FILE", path,
                "QUARKUS_REDIS_PASSWORD", "plain", "HOLDPOINT_BOOTSTRAP_KEY_FILE", ""));

        assertThat(secrets.getPropertyNames()).isEmpty();
    }

    @Test
    void valueThatIsSetTwiceStopsTheStart() throws IOException {
        String path = file("s3cret").toString();

        assertThatThrownBy(() -> new SecretFiles(
                Map.of("QUARKUS_REDIS_PASSWORD", "other", "QUARKUS_REDIS_PASSWORD_FILE", path)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("QUARKUS_REDIS_PASSWORD and QUARKUS_REDIS_PASSWORD_FILE")
                .hasMessageNotContainingAny("s3cret", "other");
    }

    @ParameterizedTest
    @CsvSource({"/nowhere/secret", "'\0'", "/"})
    void fileThatCannotBeReadStopsTheStart(String path) {
        assertThatThrownBy(() -> new SecretFiles(Map.of("HOLDPOINT_BOOTSTRAP_KEY_FILE", path)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("HOLDPOINT_BOOTSTRAP_KEY_FILE names " + path + ", which can't be read.");
    }

    @Test
    void theyCountJustBelowTheEnvironmentAndAreLeftOutOfWhatIsBuilt() {
        ConfigSource secrets = ServiceLoader.load(ConfigSource.class).stream().map(ServiceLoader.Provider::get)
                .filter(SecretFiles.class::isInstance).findFirst().orElseThrow();

        assertThat(secrets.getOrdinal()).isEqualTo(EnvConfigSource.ORDINAL - 1);
        // What the framework records while it builds is not of this kind.
        assertThat(secrets).isInstanceOf(EnvConfigSource.class);
    }
}

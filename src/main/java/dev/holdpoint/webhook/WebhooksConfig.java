package dev.holdpoint.webhook;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;

/** Who is told what, by name. Without any nobody is told anything, and nothing is written for it. */
@ConfigMapping(prefix = "holdpoint.webhooks")
public interface WebhooksConfig {
    @WithParentName
    Map<String, EndpointConfig> byName();

    interface EndpointConfig {
        /** Whose events; without it those of the tenant-less space. */
        Optional<String> tenant();

        /** Where to; such as {@code https://hooks.example.com/holdpoint}. */
        Optional<String> url();

        /** A file that holds the URL: some receivers are secured by nothing else. */
        Optional<Path> urlFile();

        /** Secrets to sign by, {@code whsec_} and 24 to 64 bytes in Base64. While one replaces another, both. */
        Optional<List<String>> secret();

        /** A file with one secret on each line. */
        Optional<Path> secretFile();

        /** Ed25519 keys to sign by, {@code whsk_} and the key in Base64. */
        Optional<List<String>> signingKey();

        /** A file with one signing key on each line. */
        Optional<Path> signingKeyFile();

        /** Names of events; {@code approval.*}, {@code job.*} and {@code *} stand for all of them. */
        @WithDefault("approval.*")
        List<String> events();

        /**
         * {@code standard}; {@code cloudevents}: a CloudEvent; or {@code slack}: a
         * message as Slack's incoming webhooks take it.
         */
        @WithDefault("standard")
        String format();

        /** Whether arguments, descriptions, questions and messages of errors are told as well, masked. */
        @WithDefault("false")
        boolean includeArguments();

        /** Whether the receiver may be at a loopback, private or reserved address. */
        @WithDefault("false")
        boolean allowPrivate();

        /** Whether the receiver may be reached without TLS. */
        @WithDefault("false")
        boolean allowHttp();
    }
}

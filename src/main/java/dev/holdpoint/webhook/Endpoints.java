package dev.holdpoint.webhook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

import dev.holdpoint.job.InvalidName;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.webhook.Endpoint.Format;
import dev.holdpoint.webhook.WebhooksConfig.EndpointConfig;

/** All receivers that are configured, by name. */
public record Endpoints(List<Endpoint> all) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

    public Endpoints {
        all = List.copyOf(all);
    }

    /** Throws {@link IllegalStateException}, in one sentence, when the configuration can't be meant. */
    public static Endpoints of(WebhooksConfig config) {
        List<Endpoint> all = new ArrayList<>();
        new TreeMap<>(config.byName()).forEach((name, said) -> all.add(new Said(name, said).endpoint()));
        return new Endpoints(all);
    }

    public boolean isEmpty() { return all.isEmpty(); }

    public List<Endpoint> of(Space space) {
        return all.stream().filter(endpoint -> endpoint.space().equals(space)).toList();
    }

    public Optional<Endpoint> named(Space space, String name) {
        return of(space).stream().filter(endpoint -> endpoint.name().equals(name)).findFirst();
    }

    /** What was said of one endpoint. */
    private record Said(String name, EndpointConfig config) {
        Endpoint endpoint() {
            if (!NAME.matcher(name).matches())
                throw new IllegalStateException("holdpoint.webhooks: a name has 1 to 64 letters, digits, _ and -,"
                        + " and begins with a letter or digit.");
            try {
                Format format = Format.parse(config.format()).orElseThrow(
                        () -> new IllegalArgumentException("format must be standard, cloudevents or slack"));
                SigningKeys keys = SigningKeys.of(
                        either("secret", config.secret(), config.secretFile()),
                        either("signing-key", config.signingKey(), config.signingKeyFile()));
                if (keys.isEmpty() && format != Format.SLACK)
                    throw new IllegalArgumentException("secret or signing-key must be set");
                return new Endpoint(name, space(), target(), keys, events(), format, config.includeArguments(),
                        config.allowPrivate());
            } catch (IllegalArgumentException unfit) {
                throw new IllegalStateException("holdpoint.webhooks." + name + "." + unfit.getMessage() + ".");
            }
        }

        private Space space() {
            try {
                return config.tenant().map(TenantId::new).map(Space::new).orElse(Space.TENANTLESS);
            } catch (InvalidName unfit) {
                throw new IllegalArgumentException("tenant can't be used: " + unfit.getMessage());
            }
        }

        private Target target() {
            List<String> urls = either("url", config.url().map(List::of), config.urlFile());
            if (urls.size() != 1) throw new IllegalArgumentException("url must be set, and be one");
            try {
                return Target.parse(urls.getFirst(), config.allowHttp());
            } catch (IllegalArgumentException unfit) {
                throw new IllegalArgumentException("url " + unfit.getMessage());
            }
        }

        private Set<EventType> events() {
            Set<EventType> events = EnumSet.noneOf(EventType.class);
            for (String pattern : config.events()) {
                Set<EventType> named = EventType.named(pattern.strip());
                if (named.isEmpty())
                    throw new IllegalArgumentException("events can't name " + pattern.strip());
                events.addAll(named);
            }
            return events;
        }

        private static List<String> either(String what, Optional<List<String>> said, Optional<Path> file) {
            if (said.isPresent() && file.isPresent())
                throw new IllegalArgumentException(what + " and " + what + "-file are both set: leave one of them out");
            return said.or(() -> file.map(named -> lines(what, named))).orElse(List.of()).stream()
                    .map(String::strip).filter(one -> !one.isEmpty()).toList();
        }

        private static List<String> lines(String what, Path file) {
            try {
                return Files.readAllLines(file);
            } catch (IOException unreadable) {
                throw new IllegalArgumentException(what + "-file names " + file + ", which can't be read");
            }
        }
    }
}

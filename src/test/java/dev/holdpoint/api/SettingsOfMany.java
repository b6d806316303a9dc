package dev.holdpoint.api;

import java.util.HashMap;
import java.util.Map;

import dev.holdpoint.machine.FreePorts;
import io.quarkus.test.junit.QuarkusTestProfile;

/**
 * What each of several tests sets and the others don't mind, in one service: it is built and started once for each
 * profile, which takes longer than most of them.
 */
public final class SettingsOfMany implements QuarkusTestProfile {
    /** What webhooks are signed with, without its prefix. */
    static final String WEBHOOK_SECRET = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private final int receiver = FreePorts.next();

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> settings = new HashMap<>();
        settings.put("quarkus.log.category.\"dev.holdpoint\".level", "DEBUG");
        ports(settings);
        masks(settings);
        traces(settings);
        mcp(settings);
        webhooks(settings);
        return settings;
    }

    private static void ports(Map<String, String> settings) {
        settings.put("holdpoint.management.port", Integer.toString(FreePorts.next()));
        // Metrics name the ports that are fixed: of all servers or of none.
        settings.put("quarkus.http.test-port", Integer.toString(FreePorts.next()));
    }

    /** One secret is found by its name, one by its place, the others by their looks. */
    private static void masks(Map<String, String> settings) {
        settings.put("holdpoint.mask.names", "password");
        settings.put("holdpoint.mask.pointers", "/deep/*/value");
        settings.put("holdpoint.mask.detectors", "all");
    }

    private static void traces(Map<String, String> settings) {
        settings.put("otel.exporter.otlp.endpoint", "http://127.0.0.1:9");
        settings.put("quarkus.otel.bsp.schedule.delay", "PT0.1S");
    }

    /** One person, one page, and no patience. */
    private static void mcp(Map<String, String> settings) {
        settings.put("holdpoint.mcp.user", "u1");
        settings.put("holdpoint.mcp.origins", "https://app.example");
        settings.put("holdpoint.mcp.wait-time", "PT0S");
        settings.put("holdpoint.mcp.longest-wait", "PT0S");
    }

    private void webhooks(Map<String, String> settings) {
        settings.put("test.receiver.port", Integer.toString(receiver));
        webhook(settings, "all", "hooks-a", "events", "*");
        webhook(settings, "decided", "hooks-a", "events", "approval.decided", "include-arguments", "true");
        webhook(settings, "slack", "hooks-a", "events", "approval.requested", "format", "slack");
        webhook(settings, "cloud", "hooks-a", "events", "approval.requested", "format", "cloudevents");
        webhook(settings, "other", "hooks-b", "events", "*");
        webhook(settings, "closed", "hooks-c", "events", "job.created", "allow-private", "false");
        webhook(settings, "gone", "hooks-d", "events", "job.created");
    }

    private void webhook(Map<String, String> settings, String name, String tenant, String... more) {
        Map<String, String> own = new HashMap<>(Map.of("tenant", tenant, "secret", "whsec_" + WEBHOOK_SECRET,
                "url", "http://127.0.0.1:" + receiver + "/" + name + "?token=t0ken", "allow-http", "true",
                "allow-private", "true"));
        for (int at = 0; at < more.length; at += 2) own.put(more[at], more[at + 1]);
        own.forEach((key, value) -> settings.put("holdpoint.webhooks." + name + "." + key, value));
    }
}

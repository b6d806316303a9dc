package dev.holdpoint.dialect.librechat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.job.EventId;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.LoggedEvent;
import org.jspecify.annotations.Nullable;

/**
 * What the log of one generation tells of the message that grows in it, up to some event.
 *
 * @param upTo      the newest event that is in it
 * @param whole     false when the log no longer reached back to its start
 * @param content   parts of the message
 * @param steps     run steps, each as it was told last
 * @param prompts   what asks the user to sign in somewhere, so that a client can show it again
 * @param usage     what each call of a model took
 */
record Turn(EventId upTo, boolean whole, List<Json> content, List<Json> steps, List<Json> prompts, List<Json> usage,
        @Nullable Json contextUsage, @Nullable Json title) {

    /** Listens to a log. Not safe to share while it does. */
    static final class Listener {
        /** What tools are called that don't run but ask for a sign-in. */
        private static final String SIGN_IN = "oauth_mcp_";

        private final Content content = new Content();
        private final Map<String, Json> steps = new LinkedHashMap<>();
        private final Map<String, Json> prompts = new LinkedHashMap<>();
        private final List<Json> usage = new ArrayList<>();
        private @Nullable Json contextUsage;
        private @Nullable Json title;

        void hear(LoggedEvent logged) {
            if (!(logged.event() instanceof JobEvent.Reported reported)) return;
            Json data = reported.data();
            switch (reported.name().value()) {
                case "on_token_usage" -> usage.add(data);
                case "on_context_usage" -> contextUsage = data;
                case "title" -> title = data;
                default -> hear(reported.name().value(), data);
            }
        }

        private void hear(String event, Json data) {
            JsonNode read = Trees.of(data);
            content.apply(event, read);
            String step = Trees.text(read, "id");
            if (step == null) return;
            if (event.equals("on_run_step")) steps.put(step, data);
            if (event.equals("on_run_step") && asksForSignIn(read)
                    || event.equals("on_run_step_delta") && prompts.containsKey("on_run_step " + step))
                prompts.put(event + " " + step, event(event, read));
        }

        private static boolean asksForSignIn(JsonNode step) {
            for (JsonNode call : step.path("stepDetails").path("tool_calls")) {
                if (call.path("name").asText().startsWith(SIGN_IN)) return true;
            }
            return false;
        }

        private static Json event(String name, JsonNode data) {
            ObjectNode event = Trees.object().put("event", name);
            event.set("data", data);
            return Trees.json(event);
        }

        Turn told(EventId upTo, boolean whole) {
            return new Turn(upTo, whole, content.parts().stream().map(Trees::json).toList(),
                    List.copyOf(steps.values()), List.copyOf(prompts.values()), List.copyOf(usage), contextUsage,
                    title);
        }
    }
}

package dev.holdpoint.webhook;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A message as an incoming webhook of Slack takes it. Agents choose names and ids, so all of it is plain
 * text: nothing mentions, links or formats.
 */
final class SlackText {
    private static final int HEADER = 150;
    private static final int FIELD = 500;
    private static final int SECTION = 2_900;
    private static final int FIELDS = 10;

    private SlackText() {}

    static ObjectNode of(EventType type, JsonNode data) {
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        String title = title(type, data);
        message.put("text", escaped(title, HEADER));
        message.put("mrkdwn", false);
        ArrayNode blocks = message.putArray("blocks");
        plain(blocks.addObject().put("type", "header").putObject("text"), title, HEADER);
        List<String> facts = facts(data);
        if (!facts.isEmpty()) {
            ArrayNode fields = blocks.addObject().put("type", "section").putArray("fields");
            facts.stream().limit(FIELDS).forEach(fact -> plain(fields.addObject(), fact, FIELD));
        }
        String content = content(data);
        if (!content.isEmpty())
            plain(blocks.addObject().put("type", "section").putObject("text"), content, SECTION);
        return message;
    }

    private static String title(EventType type, JsonNode data) {
        String tools = texts(data.path("tools"), "name");
        String what = tools.isEmpty() ? "" : ": " + tools;
        return switch (type) {
            case APPROVAL_REQUESTED -> data.path("kind").asText().equals("ask_user_question")
                    ? "An agent asks a question"
                    : "Approval wanted" + what;
            case APPROVAL_DECIDED -> "Decided" + what;
            case APPROVAL_EXPIRED -> "Expired undecided" + what;
            case APPROVAL_CANCELLED -> "No longer asked" + what;
            case WEBHOOK_TEST -> "A test of this webhook";
            case JOB_CREATED, JOB_PAUSED, JOB_RESUMED, JOB_CLAIMED, JOB_COMPLETED, JOB_FAILED, JOB_ABORTED,
                    JOB_EXPIRED, JOB_REPLACED ->
                    "Job " + type.word().substring("job.".length());
        };
    }

    private static List<String> facts(JsonNode data) {
        List<String> facts = new ArrayList<>();
        add(facts, "Job", data.path("jobId").asText());
        add(facts, "User", data.path("userId").asText());
        add(facts, "Agent", data.path("agentId").asText());
        add(facts, "Tenant", data.path("tenantId").asText());
        add(facts, "Decided by", data.path("decidedBy").path("subject").asText());
        add(facts, "Decisions", texts(data.path("decisions"), "decision"));
        if (!data.has("decidedBy")) add(facts, "Until", data.path("deadline").asText());
        add(facts, "Worker", data.path("workerId").asText());
        add(facts, "Error", data.path("error").path("code").asText());
        add(facts, "Endpoint", data.path("endpoint").asText());
        return facts;
    }

    private static void add(List<String> facts, String name, String value) {
        if (!value.isEmpty()) facts.add(name + "\n" + value);
    }

    private static String content(JsonNode data) {
        List<String> lines = new ArrayList<>();
        data.path("tools").forEach(tool -> {
            if (tool.has("arguments")) lines.add(tool.path("name").asText() + " " + tool.path("arguments"));
        });
        data.path("questions").forEach(question -> lines.add(question.asText()));
        if (data.path("error").has("message")) lines.add(data.path("error").path("message").asText());
        return String.join("\n", lines);
    }

    private static String texts(JsonNode items, String member) {
        return StreamSupport.stream(items.spliterator(), false).map(item -> item.path(member).asText())
                .collect(Collectors.joining(", "));
    }

    private static void plain(ObjectNode text, String content, int most) {
        text.put("type", "plain_text").put("text", escaped(content, most)).put("emoji", false);
    }

    /** At most so many characters after escaping, and none that only deceives the eye. */
    static String escaped(String text, int most) {
        StringBuilder escaped = new StringBuilder();
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            String next = escaped(text.codePointAt(at));
            if (escaped.length() + next.length() > most - 1) return escaped.append('…').toString();
            escaped.append(next);
        }
        return escaped.toString();
    }

    private static String escaped(int point) {
        return switch (point) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '\n' -> "\n";
            default -> switch (Character.getType(point)) {
                case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                        String.format(Locale.ROOT, "\\u%04x", point);
                default -> Character.toString(point);
            };
        };
    }
}

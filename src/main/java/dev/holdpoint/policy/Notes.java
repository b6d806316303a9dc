package dev.holdpoint.policy;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.holdpoint.job.Json;
import org.jspecify.annotations.Nullable;

/** What the archive is told of changed rules. */
final class Notes {
    static final String POLICY = "policy";
    static final String GRANT = "grant";
    private static final JsonFactory FACTORY = new JsonFactory();

    private Notes() {}

    interface Members {
        void write(JsonGenerator json) throws IOException;
    }

    static Json object(Members members) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            members.write(json);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new Json(text.toString());
    }

    /** Who changed the policy, from which version, and in what. */
    static Json changed(InForce before, Policy next, String by) {
        Policy old = before.policy();
        return object(json -> {
            json.writeStringField("by", by);
            json.writeNumberField("fromVersion", before.version());
            json.writeNumberField("toVersion", before.version() + 1);
            json.writeObjectFieldStart("diff");
            value(json, "enabled", String.valueOf(old.enabled()), String.valueOf(next.enabled()));
            value(json, "mode", old.mode().word(), next.mode().word());
            value(json, "precedence", old.precedence().word(), next.precedence().word());
            value(json, "remember", String.valueOf(old.remember()), String.valueOf(next.remember()));
            value(json, "reason", old.reason(), next.reason());
            list(json, "allow", old.allow(), next.allow());
            list(json, "deny", old.deny(), next.deny());
            list(json, "ask", old.ask(), next.ask());
            json.writeEndObject();
        });
    }

    private static void value(JsonGenerator json, String name, @Nullable String from, @Nullable String to)
            throws IOException {
        if (Objects.equals(from, to)) return;
        json.writeObjectFieldStart(name);
        if (from != null) json.writeStringField("from", from);
        if (to != null) json.writeStringField("to", to);
        json.writeEndObject();
    }

    private static void list(JsonGenerator json, String name, List<Rule> from, List<Rule> to) throws IOException {
        List<String> old = from.stream().map(PolicyDocument::write).toList();
        List<String> fresh = to.stream().map(PolicyDocument::write).toList();
        if (old.equals(fresh)) return;
        json.writeObjectFieldStart(name);
        rules(json, "removed", without(old, fresh));
        rules(json, "added", without(fresh, old));
        // The first rule that matches is the one that is told, so order is worth a word where nothing else changed.
        if (without(old, fresh).isEmpty() && without(fresh, old).isEmpty()) json.writeBooleanField("reordered", true);
        json.writeEndObject();
    }

    private static List<String> without(List<String> all, List<String> those) {
        List<String> rest = new ArrayList<>(all);
        those.forEach(rest::remove);
        return rest;
    }

    private static void rules(JsonGenerator json, String name, List<String> rules) throws IOException {
        json.writeArrayFieldStart(name);
        for (String rule : rules) json.writeRawValue(rule);
        json.writeEndArray();
    }

    static Json given(NewGrant grant) {
        return object(json -> {
            json.writeStringField("change", "given");
            json.writeStringField("grantId", grant.id().value());
            json.writeStringField("by", grant.givenBy());
            json.writeStringField("userId", grant.user().value());
            if (grant.conversation() != null) json.writeStringField("conversationId", grant.conversation().value());
            json.writeStringField("tool", grant.tool());
            json.writeStringField("resolutionId", grant.resolution().value());
            if (grant.ttl() != null) json.writeStringField("ttl", grant.ttl().toString());
        });
    }

    static Json revoked(Grant grant, String by) {
        return object(json -> {
            json.writeStringField("change", "revoked");
            json.writeStringField("grantId", grant.id().value());
            json.writeStringField("by", by);
            json.writeStringField("userId", grant.user().value());
            if (grant.conversation() != null) json.writeStringField("conversationId", grant.conversation().value());
            json.writeStringField("tool", grant.tool());
            json.writeStringField("resolutionId", grant.resolution().value());
            json.writeNumberField("uses", grant.uses());
        });
    }
}

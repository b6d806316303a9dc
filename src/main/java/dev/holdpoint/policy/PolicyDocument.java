package dev.holdpoint.policy;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.holdpoint.job.Json;
import dev.holdpoint.policy.Condition.Operator;
import dev.holdpoint.policy.Policy.Mode;
import dev.holdpoint.policy.Policy.Precedence;
import org.jspecify.annotations.Nullable;

/** A policy as JSON. Reading forgives nothing, so that a typo never loosens a decision. */
public final class PolicyDocument {
    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final Pattern UNPAIRED = Pattern.compile("\\p{Cs}");

    private PolicyDocument() {}

    /** Throws {@link InvalidPolicy}. */
    public static Policy read(Json document) {
        try (JsonParser json = FACTORY.createParser(document.text())) {
            return new Reading(json).document();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    public static Json write(Policy policy) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            json.writeBooleanField("enabled", policy.enabled());
            json.writeStringField("mode", policy.mode().word());
            writeRules(json, "allow", policy.allow());
            writeRules(json, "deny", policy.deny());
            writeRules(json, "ask", policy.ask());
            if (policy.reason() != null) json.writeStringField("reason", policy.reason());
            json.writeStringField("precedence", policy.precedence().word());
            json.writeBooleanField("remember", policy.remember());
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new Json(text.toString());
    }

    private static void writeRules(JsonGenerator json, String name, List<Rule> rules) throws IOException {
        json.writeArrayFieldStart(name);
        for (Rule rule : rules) writeRule(json, rule);
        json.writeEndArray();
    }

    /** One rule, as it stands in a list. */
    static String write(Rule rule) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            writeRule(json, rule);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    private static void writeRule(JsonGenerator json, Rule rule) throws IOException {
        if (rule.when().isEmpty()) {
            json.writeString(rule.tool().pattern());
            return;
        }
        json.writeStartObject();
        json.writeStringField("tool", rule.tool().pattern());
        Map<String, List<Condition>> places = new LinkedHashMap<>();
        for (Condition condition : rule.when()) {
            places.computeIfAbsent(condition.pointer().toString(), place -> new ArrayList<>()).add(condition);
        }
        json.writeObjectFieldStart("when");
        for (Map.Entry<String, List<Condition>> place : places.entrySet()) {
            json.writeObjectFieldStart(place.getKey());
            for (Condition condition : place.getValue()) {
                json.writeFieldName(condition.operator().word());
                json.writeRawValue(condition.operand().text());
            }
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    /** One pass over the tokens, so that the parser always knows where a fault is and operands keep their digits. */
    private static final class Reading {
        private final JsonParser json;

        Reading(JsonParser json) { this.json = json; }

        private interface Members {
            /** Reads the value that the parser stands on. */
            void read(String name) throws IOException;
        }

        Policy document() throws IOException {
            try {
                json.nextToken();
                Policy policy = policy();
                if (json.nextToken() != null) throw fault("Something behind the policy");
                return policy;
            } catch (JsonProcessingException malformed) {
                throw fault("Malformed JSON or a repeated member name");
            }
        }

        private Policy policy() throws IOException {
            Draft draft = new Draft();
            object("Not an object", name -> {
                switch (name) {
                    case "enabled" -> draft.enabled = flag();
                    case "mode" -> draft.mode = word(Mode::parse, "Unknown mode");
                    case "allow" -> draft.allow = rules();
                    case "deny" -> draft.deny = rules();
                    case "ask" -> draft.ask = rules();
                    case "reason" -> draft.reason = text("Not a string");
                    case "precedence" -> draft.precedence = word(Precedence::parse, "Unknown precedence");
                    case "remember" -> draft.remember = flag();
                    default -> throw fault("Unknown member");
                }
            });
            return draft.policy();
        }

        private List<Rule> rules() throws IOException {
            if (!json.hasToken(JsonToken.START_ARRAY)) throw fault("Not an array");
            List<Rule> rules = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) rules.add(rule());
            return rules;
        }

        private Rule rule() throws IOException {
            if (json.hasToken(JsonToken.VALUE_STRING)) return new Rule(glob(), List.of());

            List<Glob> tool = new ArrayList<>();
            List<Condition> when = new ArrayList<>();
            object("Not a glob or a rule object", name -> {
                switch (name) {
                    case "tool" -> tool.add(glob());
                    case "when" -> object("Not an object", place -> conditions(place, when));
                    default -> throw fault("Unknown member");
                }
            });
            if (tool.isEmpty()) throw fault("Rule without a tool");
            if (when.isEmpty()) throw fault("Rule object without conditions");
            return made(() -> new Rule(tool.getFirst(), when));
        }

        private void conditions(String pointer, List<Condition> when) throws IOException {
            made(() -> Condition.pointer(pointer));
            int before = when.size();
            object("Not an object", word -> {
                Operator operator = Operator.parse(word).orElseThrow(() -> fault("Unknown operator"));
                Json operand = operand();
                when.add(made(() -> Condition.of(pointer, operator, operand)));
            });
            if (when.size() == before) throw fault("Place without an operator");
        }

        private void object(String otherwise, Members members) throws IOException {
            if (!json.hasToken(JsonToken.START_OBJECT)) throw fault(otherwise);
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = paired(json.currentName());
                json.nextToken();
                members.read(name);
            }
        }

        private Glob glob() throws IOException {
            String pattern = text("Not a glob");
            return made(() -> Glob.of(pattern));
        }

        private boolean flag() throws IOException {
            return switch (json.currentToken()) {
                case VALUE_TRUE -> true;
                case VALUE_FALSE -> false;
                default -> throw fault("Not true or false");
            };
        }

        private <T> T word(Function<String, Optional<T>> parse, String otherwise) throws IOException {
            return parse.apply(text(otherwise)).orElseThrow(() -> fault(otherwise));
        }

        private String text(String otherwise) throws IOException {
            if (!json.hasToken(JsonToken.VALUE_STRING)) throw fault(otherwise);
            return paired(json.getText());
        }

        /** UTF-8 can't carry half a surrogate pair: the policy would be stored as another than was read. */
        private String paired(String text) {
            if (UNPAIRED.matcher(text).find()) throw fault("Half a surrogate pair");
            return text;
        }

        private Json operand() throws IOException {
            StringWriter text = new StringWriter();
            try (JsonGenerator copy = FACTORY.createGenerator(text)) {
                copy(copy);
            }
            return new Json(text.toString());
        }

        /** Token by token, for a generator that copies structures would turn numbers into binary ones. */
        private void copy(JsonGenerator copy) throws IOException {
            int depth = 0;
            do {
                JsonToken token = json.currentToken();
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                switch (token) {
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> copy.writeNumber(json.getText());
                    case VALUE_STRING -> copy.writeString(paired(json.getText()));
                    case FIELD_NAME -> copy.writeFieldName(paired(json.currentName()));
                    default -> copy.copyCurrentEvent(json);
                }
            } while (depth > 0 && json.nextToken() != null);
        }

        /** What is made of parts that were read; a fault in it gets the place where the parser stands. */
        private <T> T made(Supplier<T> maker) {
            try {
                return maker.get();
            } catch (InvalidPolicy invalid) {
                throw invalid.under(place());
            }
        }

        private InvalidPolicy fault(String what) { return new InvalidPolicy(what, place()); }

        /** The message must leave as UTF-8, whatever the members are called. */
        private String place() {
            return UNPAIRED.matcher(json.getParsingContext().pathAsPointer().toString()).replaceAll("\ufffd");
        }
    }

    /** What the document says, over the values that hold where it is silent. */
    private static final class Draft {
        private boolean enabled;
        private Mode mode = Mode.DEFAULT;
        private List<Rule> allow = List.of();
        private List<Rule> deny = List.of();
        private List<Rule> ask = List.of();
        private @Nullable String reason;
        private Precedence precedence = Precedence.CLASSIC;
        private boolean remember = true;

        Policy policy() { return new Policy(enabled, mode, allow, deny, ask, reason, precedence, remember); }
    }
}

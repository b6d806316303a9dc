package dev.holdpoint.policy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.job.Json;

/**
 * What a rule demands of one place in the arguments. It always has an answer: where the place is missing, or holds
 * another type than the operator and its operand need, the answer is doubt. {@code null} is a type of its own.
 */
public final class Condition {
    private static final int LONGEST_POINTER = 512;
    private static final int MOST_VALUES = 100;
    private static final Pattern RFC_6901 = Pattern.compile("(?:/(?:[^~/]|~[01])*+)*+");

    private final JsonPointer pointer;
    private final Operator operator;
    private final Json operand;
    private final Test test;

    public enum Operator {
        EQ, NE, GT, GTE, LT, LTE, IN, MATCHES, EXISTS;

        public String word() { return name().toLowerCase(Locale.ROOT); }

        public static Optional<Operator> parse(String word) {
            for (Operator operator : values()) {
                if (operator.word().equals(word)) return Optional.of(operator);
            }
            return Optional.empty();
        }
    }

    private interface Test {
        Truth of(JsonNode value);
    }

    private Condition(JsonPointer pointer, Operator operator, Json operand, Test test) {
        this.pointer = pointer;
        this.operator = operator;
        this.operand = operand;
        this.test = test;
    }

    /** Throws {@link InvalidPolicy} when the pointer isn't RFC 6901 or the operand is none for the operator. */
    public static Condition of(String pointer, Operator operator, Json operand) {
        return new Condition(pointer(pointer), operator, operand, test(operator, operand(operand)));
    }

    /** Jackson's own reading forgives escapes that don't exist. */
    static JsonPointer pointer(String text) {
        if (text.length() > LONGEST_POINTER) {
            throw new InvalidPolicy("JSON Pointer of more than " + LONGEST_POINTER + " characters");
        }
        if (!RFC_6901.matcher(text).matches()) throw new InvalidPolicy("Not a JSON Pointer");
        return JsonPointer.compile(text);
    }

    private static JsonNode operand(Json json) {
        JsonNode operand = Values.read(json);
        if (operand.isMissingNode()) throw new InvalidPolicy("Operand that can't be read");
        if (Values.same(operand, operand) == Truth.DOUBTFUL) {
            throw new InvalidPolicy("Operand with a number that is out of range");
        }
        return operand;
    }

    private static Test test(Operator operator, JsonNode operand) {
        return switch (operator) {
            case EQ -> value -> equal(value, operand);
            case NE -> value -> equal(value, operand).not();
            case GT -> ordered(operand, order -> order > 0);
            case GTE -> ordered(operand, order -> order >= 0);
            case LT -> ordered(operand, order -> order < 0);
            case LTE -> ordered(operand, order -> order <= 0);
            case IN -> oneOf(operand);
            case MATCHES -> matching(operand);
            case EXISTS -> existing(operand);
        };
    }

    private static Truth equal(JsonNode value, JsonNode operand) {
        return value.getNodeType() == operand.getNodeType() ? Values.same(value, operand) : Truth.DOUBTFUL;
    }

    private static Test ordered(JsonNode operand, IntPredicate fits) {
        BigDecimal bound = Values.number(operand).orElseThrow(() -> new InvalidPolicy("Not a number"));
        return value -> Values.number(value).map(number -> Truth.of(fits.test(number.compareTo(bound))))
                .orElse(Truth.DOUBTFUL);
    }

    private static Test oneOf(JsonNode operand) {
        if (!operand.isArray() || operand.isEmpty() || operand.size() > MOST_VALUES) {
            throw new InvalidPolicy("Not an array of 1 to " + MOST_VALUES + " values");
        }
        List<JsonNode> values = new ArrayList<>();
        operand.forEach(values::add);
        return value -> oneOf(value, values);
    }

    /**
     * No, as soon as one of the values is of the right type: strings beside numbers must not put every number in doubt.
     */
    private static Truth oneOf(JsonNode value, List<JsonNode> values) {
        List<Truth> answers = values.stream().filter(one -> one.getNodeType() == value.getNodeType())
                .map(one -> Values.same(value, one)).toList();
        if (answers.contains(Truth.TRUE)) return Truth.TRUE;
        return answers.isEmpty() || answers.contains(Truth.DOUBTFUL) ? Truth.DOUBTFUL : Truth.FALSE;
    }

    private static Test matching(JsonNode operand) {
        if (!operand.isTextual()) throw new InvalidPolicy("Not a glob");
        Glob glob = Glob.of(operand.textValue());
        return value -> value.isTextual() ? Truth.of(glob.matches(value.textValue())) : Truth.DOUBTFUL;
    }

    private static Test existing(JsonNode operand) {
        if (!operand.isBoolean()) throw new InvalidPolicy("Not true or false");
        return value -> Truth.of(value.isMissingNode() != operand.booleanValue());
    }

    public JsonPointer pointer() { return pointer; }

    public Operator operator() { return operator; }

    /** As it was written, with every digit. */
    public Json operand() { return operand; }

    /** A missing node where the arguments have none. */
    JsonNode place(JsonNode arguments) {
        return arguments.at(pointer);
    }

    /**
     * Whether nobody can say what is at its place, because something stands on the way that could hold it in another
     * form, as text does.
     */
    boolean isOutOfSight(JsonNode arguments) {
        JsonPointer below = pointer;
        for (JsonPointer above = pointer.head(); above != null; below = above, above = above.head()) {
            JsonNode there = arguments.at(above);
            if (!there.isMissingNode())
                return !there.isObject() && !there.isNull() && !(there.isArray() && below.last().mayMatchElement());
        }
        return false;
    }

    /** @param value what is at its place */
    Truth holds(JsonNode value) { return test.of(value); }

    /** Characters that it takes to write down. */
    int length() { return pointer.length() + operand.text().length(); }

    @Override
    public boolean equals(Object other) {
        return other instanceof Condition that && that.pointer.equals(pointer) && that.operator == operator
                && that.operand.equals(operand);
    }

    @Override
    public int hashCode() { return Objects.hash(pointer, operator, operand); }

    @Override
    public String toString() { return pointer + " " + operator.word() + " " + operand; }
}

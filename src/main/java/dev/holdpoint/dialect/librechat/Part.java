package dev.holdpoint.dialect.librechat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * One part of a message while it grows. A text that comes in pieces is gathered beside the rest,
 * or each piece would copy all before it.
 */
final class Part {
    private final ObjectNode whole;
    private final @Nullable Growth growth;

    private record Growth(ObjectNode holder, String member, StringBuilder text) {}

    private Part(ObjectNode whole, @Nullable Growth growth) {
        this.whole = whole;
        this.growth = growth;
    }

    static Part settled(ObjectNode whole) { return new Part(whole, null); }

    /** A part whose {@code member} of {@code holder}, which lies within the whole, comes in pieces. */
    static Part growing(ObjectNode whole, ObjectNode holder, String member, String start) {
        return new Part(whole, new Growth(holder.put(member, ""), member, new StringBuilder(start)));
    }

    boolean isGrowing() { return growth != null; }

    /** The same pieces, and more to come, in another whole. */
    Part within(ObjectNode other, ObjectNode holder) {
        return growth == null ? settled(other)
                : new Part(other, new Growth(holder.put(growth.member(), ""), growth.member(), growth.text()));
    }

    void append(String piece) {
        if (growth != null) growth.text().append(piece);
    }

    /** With what has come in so far, to be read and changed by whoever keeps the part. */
    ObjectNode json() {
        if (growth != null) growth.holder().put(growth.member(), growth.text().toString());
        return whole;
    }

    /** The same, but for the pieces, which takes no copying. */
    ObjectNode rest() { return whole; }

    String type() { return whole.path("type").asText(); }
}

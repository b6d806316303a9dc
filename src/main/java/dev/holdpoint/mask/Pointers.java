package dev.holdpoint.mask;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** JSON pointers (RFC 6901), walked down together; a segment {@code *} is any member or index. */
record Pointers(Place root) {
    private static final class Node {
        private final Map<String, Node> children = new HashMap<>();
        private @Nullable Node any;
        private boolean end;

        Node child(String segment) {
            if (!segment.equals("*")) return children.computeIfAbsent(segment, _ -> new Node());
            if (any == null) any = new Node();
            return any;
        }
    }

    /** How far the pointers have come on the way to one value. */
    static final class Place {
        /** Where no pointer leads. */
        static final Place NOWHERE = new Place(List.of());

        private final List<Node> reached;

        private Place(List<Node> reached) { this.reached = reached; }

        boolean isPointedAt() { return reached.stream().anyMatch(node -> node.end); }

        Place member(String name) {
            if (reached.isEmpty()) return NOWHERE;
            List<Node> next = new ArrayList<>();
            for (Node node : reached) {
                Node named = node.children.get(name);
                if (named != null) next.add(named);
                if (node.any != null) next.add(node.any);
            }
            return next.isEmpty() ? NOWHERE : new Place(next);
        }

        Place element(int index) { return reached.isEmpty() ? NOWHERE : member(Integer.toString(index)); }
    }

    static Pointers of(List<String> pointers) {
        if (pointers.isEmpty()) return new Pointers(Place.NOWHERE);
        Node root = new Node();
        for (String pointer : pointers) {
            Node node = root;
            for (String segment : segments(pointer.stripLeading())) node = node.child(segment);
            node.end = true;
        }
        return new Pointers(new Place(List.of(root)));
    }

    private static List<String> segments(String pointer) {
        if (pointer.isEmpty()) return List.of();
        if (!pointer.startsWith("/")) throw malformed(pointer);
        List<String> segments = new ArrayList<>();
        for (String segment : pointer.substring(1).split("/", -1)) {
            String plain = segment.replace("~1", "").replace("~0", "");
            if (plain.contains("~")) throw malformed(pointer);
            segments.add(segment.replace("~1", "/").replace("~0", "~"));
        }
        return segments;
    }

    private static IllegalStateException malformed(String pointer) {
        return new IllegalStateException(
                "holdpoint.mask.pointers must be JSON pointers, which begin with / and have ~ only in"
                        + " ~0 and ~1, but one is " + pointer + ".");
    }

    boolean isEmpty() { return root.reached.isEmpty(); }
}

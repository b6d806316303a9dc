package dev.holdpoint.mask;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

import dev.holdpoint.mask.JsonTokens.Kind;
import dev.holdpoint.mask.Pointers.Place;
import org.jspecify.annotations.Nullable;

/** One look at a value or a text. It answers what becomes of it, or null when nothing in it was hit. */
final class Pass {
    /** Texts within texts within texts: deeper ones are hidden unread. */
    static final int MOST_LEVELS = 8;

    private final Rules rules;
    private final boolean besideAwsKey;
    private boolean metAwsKey;

    /** @param besideAwsKey whether there is an access key id somewhere in what is looked at */
    Pass(Rules rules, boolean besideAwsKey) {
        this.rules = rules;
        this.besideAwsKey = besideAwsKey;
    }

    /** Whether this pass has come upon an access key id without having been told. */
    boolean metAwsKey() {
        return metAwsKey && !besideAwsKey;
    }

    @Nullable
    String value(String json) {
        Walk walk = new Walk(json, rules.pointers().root(), 0);
        return walk.isJson() ? walk.result() : rules.quotedText();
    }

    @Nullable
    String text(String text) { return text(text, Place.NOWHERE, 0); }

    private @Nullable String text(String text, Place place, int level) {
        if (!beginsLikeJson(text)) return detected(text);
        if (level == MOST_LEVELS) return text.equals(rules.text()) ? null : rules.text();
        Walk walk = new Walk(text, place, level + 1);
        return walk.isJson() ? walk.result() : detected(text);
    }

    private static boolean beginsLikeJson(String text) {
        int first = 0;
        while (first < text.length() && JsonTokens.isSpace(text.charAt(first))) first++;
        return first < text.length() && "{[\"".indexOf(text.charAt(first)) >= 0;
    }

    private @Nullable String detected(String text) {
        Spans found = new Spans();
        lookForAwsKeys(text, found);
        for (Detector detector : rules.detectors()) if (detector != Detector.AWS_KEY) detector.find(text, found);
        return found.replaced(text, rules.text());
    }

    private void lookForAwsKeys(String text, Spans found) {
        if (!rules.detects(Detector.AWS_KEY)) return;
        Detector.AWS_KEY.find(text, found);
        metAwsKey |= !found.isEmpty();
        if (besideAwsKey) AwsKeys.findSecrets(text, found);
    }

    /** An object or array that is open, or the one around the value itself. */
    private static final class Around {
        private final boolean array;
        private final Place place;
        private @Nullable Set<String> names;
        private int elements;
        private Place member;
        private boolean named;
        private boolean renamed;
        private int suffix = 1;

        Around(boolean array, Place place, Place member) {
            this.array = array;
            this.place = place;
            this.member = member;
        }

        Place next() { return array ? place.element(elements++) : member; }

        /** Two secrets would become one name, and an object with one name twice is refused by others. */
        String free(String name, boolean masked) {
            renamed |= masked;
            if (names == null) names = new HashSet<>();
            if (names.add(name) || !renamed) return name;
            String free;
            do {
                free = name + " " + ++suffix;
            } while (!names.add(free));
            return free;
        }
    }

    /** Copies nothing before the first hit, and then all that isn't hit as it was written. */
    private final class Walk {
        private final String source;
        private final int level;
        private final JsonTokens tokens;
        private final Deque<Around> open = new ArrayDeque<>(4);
        private @Nullable StringBuilder out;
        private int copied;

        Walk(String source, Place place, int level) {
            this.source = source;
            this.level = level;
            tokens = new JsonTokens(source);
            open.add(new Around(false, place, place));
        }

        /** Walks to the end. */
        boolean isJson() {
            while (true) {
                Kind kind = tokens.next();
                switch (kind) {
                    case END -> {
                        return true;
                    }
                    case BROKEN -> {
                        return false;
                    }
                    case NAME -> name(open.getLast(), tokens.string());
                    case END_OBJECT, END_ARRAY -> open.removeLast();
                    case BEGIN_OBJECT, BEGIN_ARRAY, STRING, NUMBER, LITERAL -> value(kind, open.getLast());
                }
            }
        }

        @Nullable
        String result() {
            return out == null ? null : out.append(source, copied, source.length()).toString();
        }

        private void name(Around object, String name) {
            object.member = object.place.member(name);
            object.named = rules.names(name);
            String masked = text(name, Place.NOWHERE, level);
            String free = object.free(masked == null ? name : masked, masked != null);
            if (!free.equals(name)) replace(tokens.start(), Rules.quoted(free));
        }

        private void value(Kind kind, Around around) {
            Place place = around.next();
            if (around.named || place.isPointedAt()) {
                hide(kind);
                return;
            }
            switch (kind) {
                case BEGIN_OBJECT -> open.add(new Around(false, place, Place.NOWHERE));
                case BEGIN_ARRAY -> open.add(new Around(true, place, Place.NOWHERE));
                case STRING -> {
                    String masked = text(tokens.string(), place, level);
                    if (masked != null) replace(tokens.start(), Rules.quoted(masked));
                }
                case NUMBER -> {
                    if (rules.detects(Detector.CARD) && CardNumbers.isCard(tokens.raw())) {
                        replace(tokens.start(), rules.quotedText());
                    }
                }
                case LITERAL, END_OBJECT, END_ARRAY, NAME, END, BROKEN -> {}
            }
        }

        /** The whole value, whatever it is. A key id in it still has its secret beside it. */
        private void hide(Kind first) {
            int start = tokens.start();
            int outer = tokens.depth() - (first == Kind.BEGIN_OBJECT || first == Kind.BEGIN_ARRAY ? 1 : 0);
            for (Kind kind = first; kind != Kind.BROKEN; kind = tokens.next()) {
                if (kind == Kind.STRING || kind == Kind.NAME) lookForAwsKeys(tokens.string(), new Spans());
                if (tokens.depth() == outer) break;
            }
            replace(start, rules.quotedText());
        }

        private void replace(int start, String written) {
            if (source.startsWith(written, start) && start + written.length() == tokens.end()) return;
            if (out == null) out = new StringBuilder(source.length());
            out.append(source, copied, start).append(written);
            copied = tokens.end();
        }
    }
}

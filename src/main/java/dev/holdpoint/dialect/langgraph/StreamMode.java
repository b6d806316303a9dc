package dev.holdpoint.dialect.langgraph;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dev.holdpoint.door.Inputs;

/**
 * What a reader of a run may want to see. An event that a worker reports under one of these names
 * is sent under it; any other is custom.
 */
enum StreamMode {
    VALUES, UPDATES, MESSAGES, CUSTOM, EVENTS, DEBUG, TASKS, CHECKPOINTS;

    private static final String PAIRED_MESSAGES = "messages-tuple";

    static Optional<StreamMode> ofEvent(String name) {
        for (StreamMode mode : values()) if (mode.word().equals(name)) return Optional.of(mode);
        return Optional.empty();
    }

    /** @param words none for what is seen where nobody says */
    static Set<StreamMode> read(Iterable<String> words, Set<StreamMode> otherwise) {
        Set<StreamMode> modes = EnumSet.noneOf(StreamMode.class);
        for (String word : words) {
            modes.add(word.equals(PAIRED_MESSAGES) ? MESSAGES
                    : ofEvent(word).orElseThrow(() -> Inputs.invalid("stream_mode is one or some of "
                            + all().stream().map(StreamMode::word).collect(Collectors.joining(", ")) + ".")));
        }
        return modes.isEmpty() ? otherwise : modes;
    }

    static Set<StreamMode> all() { return EnumSet.allOf(StreamMode.class); }

    String word() { return name().toLowerCase(Locale.ROOT); }
}

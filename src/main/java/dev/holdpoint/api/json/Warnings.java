package dev.holdpoint.api.json;

import java.util.ArrayList;
import java.util.List;

import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.Interrupt.ActionRequest;

/** What a person should know about text before believing their eyes. Flags nothing but what is there. */
final class Warnings {
    /** Characters in one request beyond which nobody reads to the end. */
    private static final int OVERSIZE = 10_000;

    private Warnings() {}

    static List<String> of(Interrupt payload) {
        String shown = shown(payload);
        List<String> warnings = new ArrayList<>();
        if (shown.codePoints().anyMatch(Warnings::turnsDirection)) warnings.add("bidi");
        if (shown.codePoints().anyMatch(Warnings::isInvisible)) warnings.add("invisible");
        // Opaque JSON holds an escape character in its escaped form, plain text as it is.
        if (shown.indexOf(0x1b) >= 0 || shown.contains("\\u001B")) warnings.add("ansi");
        if (shown.length() > OVERSIZE) warnings.add("oversize");
        return warnings;
    }

    private static String shown(Interrupt payload) {
        StringBuilder text = new StringBuilder();
        switch (payload) {
            case Interrupt.ToolApproval approval -> approval.requests().forEach(request -> append(text, request));
            case Interrupt.AskUserQuestion ask -> ask.questions().forEach(question -> append(text, question));
        }
        return text.toString();
    }

    private static void append(StringBuilder text, ActionRequest request) {
        text.append(request.name()).append(' ').append(request.arguments().text()).append(' ');
        if (request.description() != null) text.append(request.description());
    }

    private static void append(StringBuilder text, Interrupt.Question question) {
        text.append(question.text()).append(' ');
        if (question.header() != null) text.append(question.header());
        if (question.description() != null) text.append(question.description());
        question.options().forEach(option -> text.append(option.label()).append(option.value()));
    }

    private static boolean turnsDirection(int codePoint) {
        return codePoint == 0x061c || codePoint == 0x200e || codePoint == 0x200f
                || codePoint >= 0x202a && codePoint <= 0x202e
                || codePoint >= 0x2066 && codePoint <= 0x2069;
    }

    private static boolean isInvisible(int codePoint) {
        return codePoint == 0x00ad || codePoint >= 0x200b && codePoint <= 0x200d
                || codePoint >= 0x2060 && codePoint <= 0x2064
                || codePoint == 0xfeff || codePoint == 0x180e || codePoint >= 0xe0000 && codePoint <= 0xe007f;
    }
}

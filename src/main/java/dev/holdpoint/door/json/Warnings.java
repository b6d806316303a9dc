package dev.holdpoint.door.json;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.Interrupt.ActionRequest;
import dev.holdpoint.job.Json;
import org.jspecify.annotations.Nullable;

/**
 * What a person should know about the texts of a prompt before believing their eyes. Flags nothing but what is there.
 */
public final class Warnings {
    /** Characters, and lines, of one prompt beyond which nobody reads to the end. */
    private static final int MOST_CHARACTERS = 10_000;
    private static final int MOST_LINES = 200;

    private static final JsonFactory FACTORY = new JsonFactory();

    /** Text that is itself JSON may carry a control sequence to where it is unpacked. */
    private static final Pattern ESCAPED_CONTROL_SEQUENCE = Pattern.compile("\\\\u00[19][bB]");

    /**
     * Emoji as people write them, invisible characters and all: joined ones, keycaps, and the flags of England,
     * Scotland and Wales. Nothing may follow more freely than here, or bytes could be hidden behind a picture. The
     * bounds keep the matcher from recursing over long text.
     */
    private static final Pattern EMOJI = Pattern.compile("[0-9#*]\\uFE0F\\u20E3"
            + "|\\x{1F3F4}\\x{E0067}\\x{E0062}(?:\\x{E0065}\\x{E006E}\\x{E0067}|\\x{E0073}\\x{E0063}\\x{E0074}|\\x{E0077}\\x{E006C}\\x{E0073})\\x{E007F}"
            + "|(?!\\p{IsEmoji_Modifier})\\p{IsEmoji}(?<![0-9#*])[\\uFE0F\\p{IsEmoji_Modifier}]?"
            + "(?:\\u200D\\p{IsEmoji}(?<![0-9#*])[\\uFE0F\\p{IsEmoji_Modifier}]?){0,8}");

    private boolean bidi;
    private boolean invisible;
    private boolean ansi;
    private int characters;
    private int lines = 1;

    private Warnings() {}

    public static List<String> of(Interrupt payload) {
        Warnings found = new Warnings();
        switch (payload) {
            case Interrupt.ToolApproval approval -> approval.requests().forEach(found::read);
            case Interrupt.AskUserQuestion ask -> ask.questions().forEach(found::read);
        }
        return found.words();
    }

    private List<String> words() {
        List<String> words = new ArrayList<>();
        if (bidi) words.add("bidi");
        if (invisible) words.add("invisible");
        if (ansi) words.add("ansi");
        if (characters > MOST_CHARACTERS || lines > MOST_LINES) words.add("oversize");
        return words;
    }

    private void read(ActionRequest request) {
        read(request.name());
        read(request.review().actionName());
        request.aliases().forEach(this::read);
        read(request.arguments());
        read(request.description());
    }

    private void read(Interrupt.Question question) {
        read(question.text());
        read(question.header());
        read(question.description());
        question.options().forEach(option -> {
            read(option.label());
            read(option.value());
        });
    }

    /** Names and values as they are once unpacked, however they were escaped. */
    private void read(Json value) {
        characters += value.text().length();
        try (JsonParser json = FACTORY.createParser(value.text())) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.FIELD_NAME || token == JsonToken.VALUE_STRING) look(json.getText());
            }
        } catch (IOException unreadable) {
            // Whatever became of it in the store, whoever decides sees it, and must be able to.
            look(value.text());
        }
    }

    private void read(@Nullable String text) {
        if (text == null) return;
        characters += text.length();
        look(text);
    }

    private void look(String text) {
        ansi |= ESCAPED_CONTROL_SEQUENCE.matcher(text).find();
        boolean veiled = false;
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            int point = text.codePointAt(at);
            if (point == '\n' || point == 0x2028 || point == 0x2029) lines++;
            bidi |= turnsDirection(point);
            ansi |= Character.isISOControl(point) && point != '\t' && point != '\n' && !startsLineBreak(text, at);
            veiled |= isInvisible(point);
        }
        // Looked at again without its emoji only where there is something to lose.
        invisible |= veiled && EMOJI.matcher(text).replaceAll(" ").codePoints().anyMatch(Warnings::isInvisible);
    }

    /** A carriage return on its own goes back to the start of the line, and what follows hides what stood there. */
    private static boolean startsLineBreak(String text, int at) {
        return text.startsWith("\r\n", at);
    }

    private static boolean turnsDirection(int point) {
        return point == 0x061c || point == 0x200e || point == 0x200f
                || point >= 0x202a && point <= 0x202e
                || point >= 0x2066 && point <= 0x2069;
    }

    private static boolean isInvisible(int point) {
        return switch (point) {
            // Soft hyphen, grapheme joiner, the fillers of Hangul, inherent vowels of Khmer,
            // the blank of Braille, byte order mark.
            case 0x00ad, 0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xfeff, 0xffa0 -> true;
            default -> point >= 0x180b && point <= 0x180f // selectors and separator of Mongolian
                    || point >= 0x200b && point <= 0x200d // zero width
                    || point >= 0x2060 && point <= 0x2065 || point >= 0x206a && point <= 0x206f // joiners, operators
                    || point >= 0xfe00 && point <= 0xfe0f // variation selectors
                    || point >= 0xfff9 && point <= 0xfffb // annotations
                    || point >= 0xe0000 && point <= 0xe0fff; // tags, more selectors, and what is set aside for such
        };
    }
}

package dev.holdpoint.door.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

import dev.holdpoint.job.DecisionKind;
import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.ToolCallId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever decides is warned of what eyes miss, wherever it stands, and of nothing else. */
class WarningsTest {
    /** Escapes are as in Java; they stand for the characters themselves. An apostrophe in a row encloses it. */
    @ParameterizedTest(name = "{0} → {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            textBlock = """
                    plain                                  | ''
                    tab\\tand\\nlines\\r\\nof two kinds       | ''
                    Grüße, Ελλάδα, 日本語                    | ''
                    مرحبا בעולם                             | ''
                    e\\u0301 combining                      | ''
                    a\\u00a0b no-break space                | ''
                    \\ud83d\\ude00 smile                     | ''
                    \\u2764\\ufe0f heart                     | ''
                    1\\ufe0f\\u20e3 keycap                   | ''
                    \\u00a9\\ufe0f copyright                 | ''
                    \\ud83d\\udc69\\ud83c\\udffd\\u200d\\ud83d\\ude80 astronaut | ''
                    \\ud83c\\udff3\\ufe0f\\u200d\\ud83c\\udf08 rainbow flag | ''
                    \\ud83c\\udff4\\u200d\\u2620\\ufe0f pirates | ''
                    \\ud83c\\udfc3\\u200d\\u2642\\ufe0f runner | ''
                    \\ud83d\\udc68\\u200d\\ud83d\\udc69\\u200d\\ud83d\\udc67\\u200d\\ud83d\\udc66 family | ''
                    \\ud83c\\uddea\\ud83c\\uddfa flag         | ''
                    \\ud83c\\udff4\\udb40\\udc67\\udb40\\udc62\\udb40\\udc65\\udb40\\udc6e\\udb40\\udc67\\udb40\\udc7f England | ''
                    \\u061cletter mark                      | bidi
                    \\u200eleft mark                        | bidi
                    \\u200fright mark                       | bidi
                    \\u202aembedding                        | bidi
                    \\u202b                                 | bidi
                    \\u202cpop                              | bidi
                    \\u202doverride                         | bidi
                    gpj.\\u202eexe                          | bidi
                    \\u2066isolate                          | bidi
                    \\u2067                                 | bidi
                    \\u2068                                 | bidi
                    \\u2069                                 | bidi
                    soft\\u00adhyphen                       | invisible
                    grapheme\\u034fjoiner                   | invisible
                    hangul\\u115f                           | invisible
                    hangul\\u1160                           | invisible
                    hangul\\u3164                           | invisible
                    hangul\\uffa0                           | invisible
                    khmer\\u17b4                            | invisible
                    mongolian\\u180bselector                | invisible
                    mongolian\\u180eseparator               | invisible
                    zero\\u200bwidth                        | invisible
                    zero\\u200cwidth                        | invisible
                    zero\\u200dwidth                        | invisible
                    word\\u2060joiner                       | invisible
                    invisible\\u2063separator               | invisible
                    deprecated\\u206aformat                 | invisible
                    braille\\u2800blank                     | invisible
                    \\ufeffmark                             | invisible
                    annotated\\ufff9                        | invisible
                    tag\\udb40\\udc41                        | invisible
                    selector\\ufe00                         | invisible
                    selector\\ufe0e                         | invisible
                    selector\\udb40\\udd00                   | invisible
                    selector\\udb40\\uddef                   | invisible
                    letter\\ufe0f                           | invisible
                    1\\ufe0f digit without its keycap       | invisible
                    \\ud83d\\ude00\\ufe0f\\ufe0f twice         | invisible
                    \\ud83d\\ude00\\udb40\\udd00 behind a smile | invisible
                    \\ud83d\\ude00\\u200d joined to nothing   | invisible
                    \\ud83d\\ude00\\u200dx joined to a letter | invisible
                    \\ud83c\\udff4\\udb40\\udc61\\udb40\\udc7f flag of nowhere | invisible
                    colour \\u001b[31m                      | ansi
                    one byte \\u009b31m                     | ansi
                    title \\u009d                           | ansi
                    back\\bspace                            | ansi
                    page\\fbreak                            | ansi
                    over\\rwritten                          | ansi
                    bell\\u0007                             | ansi
                    nothing\\u0000                          | ansi
                    delete\\u007f                           | ansi
                    json in text \\\\u001b[31m              | ansi
                    json in text \\\\u001B[31m              | ansi
                    json in text \\\\u009b31m               | ansi
                    json in json in text \\\\\\\\u009B31m     | ansi
                    harmless \\\\u202e in plain sight        | ''
                    \\u202e\\u200b\\u001b                    | bidi,invisible,ansi
                    """)
    void textIsFlaggedForWhatIsInIt(String escaped, String warnings) {
        String text = unescaped(escaped);
        List<String> expected = warnings.isEmpty() || warnings.equals("''") ? List.of() : List.of(warnings.split(","));

        assertThat(of(call("t", "{\"a\":" + quoted(text) + "}", null))).isEqualTo(expected);
        assertThat(of(call("t", "{}", text))).isEqualTo(expected);
    }

    @Test
    void wholePromptIsRead() {
        String hidden = "a\u200bb";
        Interrupt.Option option = new Interrupt.Option("label", "value");

        assertThat(of(call(hidden, "{}", null))).containsExactly("invisible");
        assertThat(of(call("t", "{\"" + hidden + "\":1}", null))).containsExactly("invisible");
        assertThat(of(call("t", "{\"deep\":[{\"x\":[\"" + hidden + "\"]}]}", null))).containsExactly("invisible");
        assertThat(of(question(hidden, "h", "d", option))).containsExactly("invisible");
        assertThat(of(question("q", hidden, "d", option))).containsExactly("invisible");
        assertThat(of(question("q", "h", hidden, option))).containsExactly("invisible");
        assertThat(of(question("q", "h", "d", new Interrupt.Option(hidden, "v")))).containsExactly("invisible");
        assertThat(of(question("q", "h", "d", new Interrupt.Option("l", hidden)))).containsExactly("invisible");
        assertThat(of(question("q", null, null, option))).isEmpty();
    }

    @Test
    void escapingOfTheAgentMakesNoDifference() {
        for (String escaped : List.of("\\u202E", "\\u202e", "\u202e")) {
            Json kept = new StrictJson(64, 100).read(("{\"a\":\"" + escaped + "\"}").getBytes(StandardCharsets.UTF_8),
                    Json.class);

            assertThat(of(call("t", kept.text(), null))).as(escaped).containsExactly("bidi");
            assertThat(of(call("t", "{\"a\":\"" + escaped + "\"}", null))).as(escaped).containsExactly("bidi");
        }
    }

    @Test
    void promptThatNobodyReadsToTheEndIsOversize() {
        assertThat(of(call("t", "{\"a\":\"" + "x".repeat(9_900) + "\"}", null))).isEmpty();
        assertThat(of(call("t", "{\"a\":\"" + "x".repeat(10_001) + "\"}", null))).containsExactly("oversize");
        assertThat(of(call("t", "{\"a\":[" + "[],".repeat(4_000) + "[]]}", null))).containsExactly("oversize");
        assertThat(of(call("t", "{\"a\":\"" + "\\n".repeat(199) + "\"}", null))).isEmpty();
        assertThat(of(call("t", "{\"a\":\"" + "\\n".repeat(200) + "\"}", null))).containsExactly("oversize");
        assertThat(of(call("t", "{}", "\u2028".repeat(200)))).containsExactly("oversize");
        assertThat(of(call("t", "{}", "\r\n".repeat(150)))).isEmpty();
    }

    @Test
    void argumentsThatAreNoJsonAreReadAsTheyStand() {
        assertThat(of(call("t", "{\"a\":\"\u202e", null))).containsExactly("bidi");
        assertThat(of(call("t", "{\"a\":1" + "0".repeat(5_000) + ",\"b\":\"\u200b\"}", null)))
                .containsExactly("invisible");
    }

    @Test
    void longTextOfEmojiIsReadToItsEnd() {
        String joined = "\ud83d\udc69\u200d".repeat(500_000);

        assertThat(of(call("t", "{}", joined + "x"))).containsExactly("invisible", "oversize");
    }

    private static List<String> of(Interrupt payload) { return Warnings.of(payload); }

    private static Interrupt call(String name, String arguments, String description) {
        return new Interrupt.ToolApproval(List.of(new Interrupt.ActionRequest(new ToolCallId("c1"), name,
                new Json(arguments), "digest", description,
                new Interrupt.Review("t", Set.of(DecisionKind.APPROVE), null, null), List.of(), null)));
    }

    private static Interrupt question(String text, String header, String description, Interrupt.Option option) {
        return new Interrupt.AskUserQuestion(false,
                List.of(new Interrupt.Question(null, header, text, description, List.of(option), false)), null);
    }

    private static String quoted(String text) {
        return Members.json(json -> json.text("x", text)).text().substring(5).replaceFirst("}$", "");
    }

    /** Java's own escapes, so that the table shows what eyes would miss. */
    private static String unescaped(String text) {
        StringBuilder plain = new StringBuilder();
        for (int at = 0; at < text.length(); at++) {
            if (text.charAt(at) != '\\') {
                plain.append(text.charAt(at));
                continue;
            }
            char kind = text.charAt(++at);
            if (kind == 'u') {
                plain.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
                at += 4;
            } else {
                plain.append(("\\" + kind).translateEscapes());
            }
        }
        return plain.toString();
    }
}

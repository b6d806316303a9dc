package dev.holdpoint.store.redis.wire;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a Lua file says of itself is what it does. */
class ScriptTest {
    private static final Path LUA = Path.of("src/main/resources/lua");
    private static final Pattern FUNCTION =
            Pattern.compile("^local function (\\w+)\\((?:[^\\n]* end$|.*?^end$)", Pattern.MULTILINE | Pattern.DOTALL);
    /** A word that stands first in a returned list. */
    private static final Pattern WORD =
            Pattern.compile("return\\b[^\\n]*?\\{\\s*'([a-z-]+)'(?:[^\\n]*\\{ '([a-z-]+)')?");
    private static final Pattern CALL = Pattern.compile("(\\w+)\\(");

    @Test
    void everyFileIsAScriptAndEveryScriptAFile() throws IOException {
        try (Stream<Path> files = Files.list(LUA)) {
            assertThat(files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.of(Script.values()).map(one -> one.word() + ".lua").toList());
        }
        try (Stream<Path> shared = Files.list(LUA.resolve("shared"))) {
            assertThat(shared).containsExactlyInAnyOrder(LUA.resolve("shared/every.lua"),
                    LUA.resolve("shared/move.lua"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void scriptIsGivenAsManyKeysAndArgumentsAsItNames(Script script) {
        int keys = script.keys().size();
        int arguments = script.arguments().size();
        boolean many = script.arguments().getLast().endsWith("...");

        assertThatCode(() -> script.check(keys, arguments)).doesNotThrowAnyException();
        refuses(script, keys - 1, arguments);
        refuses(script, keys + 1, arguments);
        refuses(script, keys, arguments - 2);
        if (!many) refuses(script, keys, arguments + 1);
    }

    private static void refuses(Script script, int keys, int arguments) {
        assertThatIllegalArgumentException().isThrownBy(() -> script.check(keys, arguments))
                .withMessageContaining(script.word() + ".lua");
    }

    @ParameterizedTest
    @EnumSource
    void scriptAnswersExactlyTheWordsThatItsHeaderNames(Script script) throws IOException {
        String own = Files.readString(LUA.resolve(script.word() + ".lua"));
        Set<String> can = script.keys().contains("checks")
                ? words(own, functions(Files.readString(LUA.resolve("shared/move.lua"))))
                : words(own, Map.of());

        assertThat(script.answers()).containsExactlyInAnyOrderElementsOf(can);
    }

    private static Map<String, String> functions(String shared) {
        Map<String, String> functions = new HashMap<>();
        FUNCTION.matcher(shared).results().forEach(one -> functions.put(one.group(1), one.group()));
        return functions;
    }

    /** Words of the text itself, and of every shared function that it calls. */
    private static Set<String> words(String text, Map<String, String> functions) {
        Set<String> words = WORD.matcher(text).results().flatMap(one -> Stream.of(one.group(1), one.group(2)))
                .filter(word -> word != null && !word.equals("kind")).collect(toSet());
        if (text.contains("table.insert(answer, 1, 'won')")) words.add("won");
        Map<String, String> others = new HashMap<>(functions);
        Set<String> called =
                new HashSet<>(CALL.matcher(text).results().map((MatchResult one) -> one.group(1)).toList());
        called.retainAll(functions.keySet());
        others.keySet().removeAll(called);
        for (String one : called) words.addAll(words(functions.get(one).replaceFirst("\\w+\\(", "("), others));
        return words;
    }
}

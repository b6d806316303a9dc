package dev.holdpoint.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;

import dev.holdpoint.text.Unreadable;
import org.junit.jupiter.api.Test;

class LastReadTest {
    private final List<String> read = new ArrayList<>();
    private final LastRead<String, String> last = new LastRead<>(text -> {
        read.add(text);
        if (text.equals("broken")) throw new Unreadable("broken", null);
        return text.toUpperCase(java.util.Locale.ROOT);
    });

    @Test
    void whatIsToldAgainIsReadOnce() {
        assertThat(last.read("a", 1)).isEqualTo("A");
        assertThat(last.read("a", 1)).isEqualTo("A");

        assertThat(read).containsExactly("a");
    }

    @Test
    void whatWasNotToldForLongIsForgotten() {
        last.read("a", 1);
        last.read("b", 1);
        for (int at = 0; at < 64; at++) {
            last.read("other " + at, 10);
            last.read("b", 1);
        }
        read.clear();

        last.read("b", 1);
        last.read("a", 1);

        assertThat(read).containsExactly("a");
    }

    @Test
    void whatIsLongTakesNoMemory() {
        last.read("long", 8_193);
        last.read("long", 8_193);

        assertThat(read).containsExactly("long", "long");
    }

    @Test
    void whatCannotBeReadFailsAgain() {
        for (int at = 0; at < 2; at++)
            assertThatThrownBy(() -> last.read("broken", 6)).isInstanceOf(Unreadable.class);

        assertThat(read).containsExactly("broken", "broken");
    }
}

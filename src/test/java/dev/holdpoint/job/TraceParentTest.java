package dev.holdpoint.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
    private static final String SENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @Test
    void headerOfTheFirstVersionIsKeptToTheLetter() {
        TraceParent place = TraceParent.parse(SENT).orElseThrow();

        assertThat(place.value()).isEqualTo(SENT);
        assertThat(place.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(place.spanId()).isEqualTo("b7ad6b7169203331");
        assertThat(place.flags()).isEqualTo("01");
    }

    @Test
    void headerOfALaterVersionIsReadAsOneOfTheFirst() {
        assertThat(TraceParent.parse("cc" + SENT.substring(2) + "-what-comes-later")).contains(new TraceParent(SENT));
        assertThat(TraceParent.parse("cc" + SENT.substring(2))).contains(new TraceParent(SENT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more",
        " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"})
    void anythingElseIsNoPlace(String header) {
        assertThat(TraceParent.parse(header)).isEmpty();
    }

    @Test
    void headerWithoutEndIsNotLookedThrough() {
        assertThat(TraceParent.parse("cc" + SENT.substring(2) + "-" + "x".repeat(1_000))).isEmpty();
    }

    @Test
    void placeThatNobodyCouldSendIsNeverMade() {
        assertThatThrownBy(() -> new TraceParent("00-later")).isInstanceOf(InvalidName.class);
    }
}

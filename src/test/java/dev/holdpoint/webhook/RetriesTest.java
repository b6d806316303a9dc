package dev.holdpoint.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetriesTest {
    @ParameterizedTest
    @CsvSource({"0,PT5S", "1,PT5M", "2,PT30M", "3,PT2H", "4,PT5H", "5,PT10H", "6,PT14H", "7,PT20H", "8,PT24H"})
    void pausesAreThoseOfTheSpecificationAndUpToAFifthMore(int attempt, Duration pause) {
        assertThat(Retries.after("msg_1", attempt, null)).hasValueSatisfying(
                after -> assertThat(after).isBetween(pause, pause.multipliedBy(6).dividedBy(5)));
    }

    @Test
    void tenthFailureIsTheLast() {
        assertThat(Retries.after("msg_1", 9, null)).isEmpty();
        assertThat(Retries.after("msg_1", 9, Duration.ofMinutes(1))).isEmpty();
    }

    @Test
    void messagesThatFailedTogetherAreNotTriedTogether() {
        Set<Duration> pauses = IntStream.range(0, 100)
                .mapToObj(number -> Retries.after("msg_" + number, 2, null).orElseThrow()).collect(Collectors.toSet());

        assertThat(pauses).hasSizeGreaterThan(90);
    }

    @Test
    void receiverMayAskForMorePatienceButNotForLessAndNotForMoreThanADay() {
        assertThat(Retries.after("msg_1", 0, Duration.ofMinutes(10)).orElseThrow())
                .isBetween(Duration.ofMinutes(10), Duration.ofMinutes(12));
        assertThat(Retries.after("msg_1", 1, Duration.ofSeconds(-5)).orElseThrow())
                .isGreaterThanOrEqualTo(Duration.ofMinutes(5));
        assertThat(Retries.after("msg_1", 0, Duration.ofDays(900)).orElseThrow())
                .isLessThanOrEqualTo(Duration.ofHours(29));
    }
}

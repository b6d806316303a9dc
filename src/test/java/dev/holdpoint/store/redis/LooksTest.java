package dev.holdpoint.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;

class LooksTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration EVERY = Duration.ofSeconds(30);

    private final Looks looks = new Looks(3, EVERY);

    @Test
    void firstLookIsEverywhere() {
        assertThat(looks.toLook(NOW)).containsExactly(0, 1, 2);
        assertThat(looks.toLook(NOW)).isEmpty();
    }

    @Test
    void everySoOftenTheLookIsEverywhereAgain() {
        looks.toLook(NOW);

        assertThat(looks.toLook(NOW.plus(EVERY).minusMillis(1))).isEmpty();
        assertThat(looks.toLook(NOW.plus(EVERY))).containsExactly(0, 1, 2);
    }

    @Test
    void clockThatWasSetBackDoesNotPutOffTheLook() {
        looks.toLook(NOW);

        assertThat(looks.toLook(NOW.minusMillis(1))).containsExactly(0, 1, 2);
    }

    @Test
    void noticedBucketIsLookedAtOnceAtItsTime() {
        looks.toLook(NOW);
        looks.notice(1, NOW.plusSeconds(2));

        assertThat(looks.nextIn(NOW)).isEqualTo(Duration.ofSeconds(2));
        assertThat(looks.toLook(NOW.plusMillis(1_999))).isEmpty();
        assertThat(looks.toLook(NOW.plusSeconds(2))).containsExactly(1);
        assertThat(looks.toLook(NOW.plusSeconds(2))).isEmpty();
    }

    @Test
    void earlierOfTwoNoticesCounts() {
        looks.toLook(NOW);
        looks.notice(1, NOW.plusSeconds(2));
        looks.notice(1, NOW.plusSeconds(5));

        assertThat(looks.nextIn(NOW)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void whatIsNoticedDuringALookIsNotForgottenByIt() {
        looks.toLook(NOW);
        looks.notice(1);
        looks.looked(1, NOW, null);

        assertThat(looks.toLook(NOW)).containsExactly(1);
    }

    @Test
    void whatMayStillBeThereIsLookedAtAgainThoughNothingIsDue() {
        looks.toLook(NOW);
        looks.noticeAgain(2, NOW.plusSeconds(1));

        assertThat(looks.nextIn(NOW)).isNull();
        assertThat(looks.toLook(NOW.plusSeconds(1))).containsExactly(2);
    }
}

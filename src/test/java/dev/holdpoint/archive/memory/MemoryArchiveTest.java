package dev.holdpoint.archive.memory;

import static dev.holdpoint.store.Bench.got;
import static dev.holdpoint.store.Bench.user;
import static dev.holdpoint.store.Bench.wanted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.holdpoint.job.BadCursor;
import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobDetails;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.memory.MemoryBench;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryArchiveTest {
    private final Bench bench = MemoryBench.bench();
    private final MemoryArchive archive = new MemoryArchive(bench.clock, 10, Long.MAX_VALUE);

    @Test
    void turnsAreListedOldestFirst() {
        Job second = turn("b", "talk");
        bench.advance(Duration.ofMillis(1));
        Job third = turn("a", "talk");
        turn("c", "other talk");

        got(archive.keep(third));
        got(archive.keep(second));

        assertThat(turns("talk", null, 10).items()).containsExactly(second, third);
        assertThat(turns("talk", null, 10).next()).isNull();
        assertThat(turns("nothing", null, 10).items()).isEmpty();
    }

    @Test
    void turnIsKeptOnce() {
        Job turn = turn("a", "talk");

        got(archive.keep(turn));
        got(archive.keep(turn));

        assertThat(turns("talk", null, 10).items()).containsExactly(turn);
    }

    @Test
    void pagesFollowEachOther() {
        List<Job> kept = new ArrayList<>();
        for (int number = 0; number < 7; number++) kept.add(keep("job." + number % 2, "talk"));

        List<Job> seen = new ArrayList<>();
        Page<Job> page = turns("talk", null, 3);
        for (;; page = turns("talk", page.next(), 3)) {
            seen.addAll(page.items());
            if (page.next() == null) break;
        }

        assertThat(seen).isEqualTo(kept);
    }

    @Test
    void oldestArrivalsMakeRoom() {
        List<Job> kept = new ArrayList<>();
        for (int number = 0; number < 14; number++) kept.add(keep("job", "talk"));

        assertThat(turns("talk", null, 100).items()).isEqualTo(kept.subList(4, 14));
    }

    @Test
    void sameConversationInTwoSpacesIsTwoConversations() {
        Job ours = keep("job", "talk");
        JobKey elsewhere = new Space(new TenantId("acme")).job(new JobId("job"));
        Job theirs = bench.complete(bench.create(wanted(elsewhere, details("talk"))));
        got(archive.keep(theirs));

        assertThat(turns("talk", null, 10).items()).containsExactly(ours);
        assertThat(got(archive.turns(elsewhere.space(), new ConversationId("talk"), null, 10)).items())
                .containsExactly(theirs);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1", "1.", ".a", "one.a", "99999999999999999999.a", "1.\u0000"})
    void cursorThatWasNotGivenOutIsRefused(String cursor) {
        assertThatThrownBy(() -> turns("talk", cursor, 10)).isInstanceOf(BadCursor.class);
    }

    private Job keep(String id, String conversation) {
        Job turn = turn(id, conversation);
        got(archive.keep(turn));
        return turn;
    }

    private Job turn(String id, String conversation) {
        return bench.complete(bench.create(wanted(Bench.key(id), details(conversation))));
    }

    private static JobDetails details(String conversation) {
        return new JobDetails(user("ann"), new ConversationId(conversation), null, null, null, null,
                Json.EMPTY_OBJECT);
    }

    private Page<Job> turns(String conversation, String cursor, int limit) {
        return got(archive.turns(Space.TENANTLESS, new ConversationId(conversation), cursor, limit));
    }
}

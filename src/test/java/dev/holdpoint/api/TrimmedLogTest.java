package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** A log that keeps only its newest events tells its readers, and lets go of those it has overtaken. */
@QuarkusTest
@WithTestResource(KeysFile.class)
@TestProfile(ShortLogs.class)
class TrimmedLogTest {
    private static final int BATCH = 200;

    private final Api agent = Api.agent();
    private final Api user = Api.as("u1");

    private static String batch() {
        return IntStream.range(0, BATCH).mapToObj(number -> "{'event':'said','data':" + number + "}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    @Test
    void readerBehindTheLogIsToldAndThenGetsEverythingKept() {
        AJob job = agent.creates("u1");
        job.appends(batch()).is(202);

        try (Sse stream = user.follows(job.id(), job.generation() + "-3")) {
            Sse.Frame snapshot = stream.next("job.snapshot");
            assertThat(snapshot.json().path("reason").asText()).isEqualTo("log_trimmed");
            assertThat(snapshot.seq()).isEqualTo(BATCH + 1L - ShortLogs.KEPT);
            assertThat(stream.next("said").seq()).isEqualTo(BATCH + 2L - ShortLogs.KEPT);
        }
    }

    @Test
    void readerWithoutACursorIsToldThatTheLogNoLongerBeginsAtItsStart() {
        AJob job = agent.creates("u1");
        job.appends(batch()).is(202);
        long before = BATCH + 1L - ShortLogs.KEPT;

        try (Sse stream = user.follows(job.id())) {
            Sse.Frame snapshot = stream.next("job.snapshot");
            assertThat(snapshot.json().path("reason").asText()).isEqualTo("log_trimmed");
            assertThat(snapshot.seq()).isEqualTo(before);
            assertThat(stream.next("said").seq()).isEqualTo(before + 1);
        }
        page(job, "limit=2").has("/items/0/event", "job.snapshot")
                .has("/items/1/id", job.generation() + "-" + (before + 1)).lacks("/items/2")
                .has("/lastEventId", job.generation() + "-" + (before + 1));
        page(job, "limit=1").has("/items/0/event", "job.snapshot").lacks("/items/1")
                .has("/lastEventId", job.generation() + "-" + before);
    }

    private Reply page(AJob job, String query) {
        return user.get(job.path() + "/events?" + query).is(200);
    }

    @Test
    @DisabledIfSystemProperty(named = "test.store", matches = "redis",
            disabledReason = "a reader is told what was heard here, though the log has let go of it: nobody is cut off")
    void readerThatIsCutOffGivesItsPlaceBack() {
        AJob job = agent.creates("u1");
        String behind = job.generation() + "-0";
        int more = 700;

        for (int reader = 0; reader < more; reader++) {
            try (Sse stream = user.follows(job.id(), behind)) {
                assertThat(stream.status()).isEqualTo(200);
                job.appends(batch()).is(202);
                stream.untilTheEnd();
            }
        }
        try (Sse stream = user.follows(job.id())) {
            assertThat(stream.status()).isEqualTo(200);
        }
    }
}

package dev.holdpoint.dialect.librechat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.smallrye.mutiny.Uni;
import org.junit.jupiter.api.Test;

/** Only so much goes on at once, and nothing is lost of what waits. */
@SuppressWarnings("FutureReturnValueIgnored") // work that never ends is what some of these are about
class LineTest {
    private final List<String> begun = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final Line line = new Line(2, 2);

    private CompletableFuture<String> comes(String name) {
        CompletableFuture<String> work = new CompletableFuture<>();
        line.through(() -> {
            begun.add(name);
            return Uni.createFrom().completionStage(work);
        }, () -> new IllegalStateException("full")).subscribe().with(told::add,
                failure -> told.add(name + " " + failure.getMessage()));
        return work;
    }

    @Test
    void whatComesWhileOthersGoOnWaitsInItsOrder() {
        CompletableFuture<String> first = comes("first");
        CompletableFuture<String> second = comes("second");
        comes("third");
        comes("fourth");
        assertThat(begun).containsExactly("first", "second");

        second.complete("second");
        assertThat(begun).containsExactly("first", "second", "third");
        first.complete("first");

        assertThat(begun).containsExactly("first", "second", "third", "fourth");
        assertThat(told).containsExactly("second", "first");
    }

    @Test
    void whatFindsNoRoomToWaitIsTurnedAway() {
        for (String name : List.of("first", "second", "third", "fourth", "fifth")) comes(name);

        assertThat(told).containsExactly("fifth full");
    }

    @Test
    void whatFailsMakesWayToo() {
        CompletableFuture<String> first = comes("first");
        comes("second");
        comes("third");

        first.completeExceptionally(new IllegalStateException("broken"));

        assertThat(told).containsExactly("first broken");
        assertThat(begun).containsExactly("first", "second", "third");
    }

    @Test
    void placeThatNobodyWaitedForIsFree() {
        comes("first").complete("first");
        comes("second").complete("second");
        comes("third");
        comes("fourth");
        comes("fifth");

        assertThat(begun).containsExactly("first", "second", "third", "fourth");
    }

    @Test
    void whoeverAsksForTheSameWhileItGoesOnSharesIt() {
        Shared<String, String> shared = new Shared<>();
        List<CompletableFuture<String>> works = new ArrayList<>();
        for (String reader : List.of("one", "other"))
            shared.of("frame", () -> {
                works.add(new CompletableFuture<>());
                return Uni.createFrom().completionStage(works.getLast());
            }).subscribe().with(frame -> told.add(reader + " " + frame));

        works.getFirst().complete("told");
        assertThat(works).hasSize(1);
        assertThat(told).containsExactly("one told", "other told");

        shared.of("frame", () -> Uni.createFrom().item("anew")).subscribe().with(told::add);
        assertThat(told).endsWith("anew");
    }

    @Test
    void readerWhoLeavesTakesNothingFromTheOthers() {
        Shared<String, String> shared = new Shared<>();
        CompletableFuture<String> work = new CompletableFuture<>();
        shared.of("frame", () -> line.through(() -> Uni.createFrom().completionStage(work), IllegalStateException::new))
                .subscribe().with(told::add).cancel();
        shared.of("frame", () -> Uni.createFrom().item("anew")).subscribe().with(told::add);

        work.complete("told");

        assertThat(told).containsExactly("told");
    }
}

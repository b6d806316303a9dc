package dev.holdpoint.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EventStreamTest {
    private static Service service;
    private static Holdpoint worker;
    private static Holdpoint ada;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final String id = "job-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        service = new Service();
        worker = service.as(Service.AGENT);
        ada = service.as(Service.ADA);
    }

    @AfterAll
    static void stop() {
        worker.close();
        ada.close();
        service.close();
    }

    @AfterEach
    void endThreads() { threads.shutdownNow(); }

    @Test
    void readerMissesNothingAndReadsNothingTwiceWhileTheServiceIsKilled() {
        Job job = worker.create(NewJob.of("ada").id(id));
        CompletableFuture<List<Event>> read = CompletableFuture.supplyAsync(() -> readAll(From.start()), threads);
        CompletableFuture<Void> written = CompletableFuture.runAsync(() -> {
            for (int batch = 0; batch < 60; batch++) job.append(batch(batch));
            job.complete();
        }, threads);

        for (int kills = 0; kills < 2; kills++) {
            long before = lastSeq();
            Until.there(() -> lastSeq() > before || written.isDone() ? true : null);
            service.kill();
            service.start();
        }
        written.join();

        List<Event> events = read.join();
        assertThat(events.stream().map(event -> event.id().seq()))
                .containsExactlyElementsOf(LongStream.rangeClosed(1, events.size()).boxed().toList());
        assertThat(events.stream().filter(event -> event.name().equals("token")).map(event -> event.data().asInt()))
                .containsExactlyElementsOf(IntStream.range(0, 600).boxed().toList());
        assertThat(events.get(events.size() - 1).name()).isEqualTo("job.completed");
    }

    private long lastSeq() { return EventId.of(ada.job(id).lastEventId()).seq(); }

    private static List<NewEvent> batch(int number) {
        return IntStream.range(number * 10, number * 10 + 10).mapToObj(n -> NewEvent.of("token", n)).toList();
    }

    private List<Event> readAll(From from) {
        List<Event> events = new ArrayList<>();
        try (EventStream stream = ada.events(id, from)) {
            stream.forEachRemaining(events::add);
        }
        return events;
    }

    @Test
    void readerGoesOnBehindTheLastEventItKnows() {
        Job job = worker.create(NewJob.of("ada").id(id));
        EventId known = job.append("token", 1);
        job.append("token", 2);
        job.complete();

        assertThat(readAll(From.after(known)).stream().map(Event::name)).containsExactly("token", "job.completed");
    }

    @Test
    void readerOfWhatHasEndedIsToldThatNothingFollows() {
        Job job = worker.create(NewJob.of("ada").id(id));
        job.complete();
        List<Event> all = readAll(From.start());

        assertThat(readAll(From.after(all.get(all.size() - 1).id()))).isEmpty();
    }

    @Test
    void readerFromNowSkipsTheReplay() {
        Job job = worker.create(NewJob.of("ada").id(id));
        job.append("token", "old");
        try (EventStream stream = ada.events(id, From.now())) {
            CompletableFuture<Event> next = CompletableFuture.supplyAsync(stream::next, threads);
            Until.there(() -> stream.place().orElse(null));

            job.append("token", "new");

            assertThat(next.join().data().asText()).isEqualTo("new");
        }
    }

    @Test
    void readerOfAnotherGenerationStartsOverFromASnapshot() {
        Job replaced = worker.create(NewJob.of("ada").id(id));
        EventId old = replaced.append("token", "old");
        Job job = worker.create(NewJob.of("ada").id(id));
        job.append(List.of(NewEvent.of("progress", 40).retained()));
        try (EventStream stream = ada.events(id, From.after(old))) {

            Event snapshot = stream.next();

            assertThat(snapshot.snapshot().orElseThrow().job().generation()).isEqualTo(job.generation());
            assertThat(snapshot.snapshot().orElseThrow().retained().path("progress").asInt()).isEqualTo(40);
            assertThat(List.of(stream.next(), stream.next())).extracting(Event::name).containsExactly("job.created",
                    "progress");
        }
    }

    @Test
    void streamThatIsClosedFromOutsideEnds() {
        worker.create(NewJob.of("ada").id(id));
        EventStream stream = ada.events(id, From.start());
        stream.next();
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(stream::hasNext, threads);

        stream.close();

        assertThat(waiting.join()).isFalse();
    }

    @Test
    void refusalIsNotTriedAgain() {
        EventStream stream = ada.events(id, From.start());

        assertThat(catchThrowableOfType(HoldpointProblem.class, stream::hasNext).slug()).isEqualTo("no-such-job");
    }

    @Test
    void subscriberGetsWhatItAskedForAndNoMore() throws InterruptedException {
        Job job = worker.create(NewJob.of("ada").id(id));
        job.append(batch(0));
        job.complete();
        BlockingQueue<Object> told = new LinkedBlockingQueue<>();
        Flow.Subscription[] subscription = new Flow.Subscription[1];
        ada.publisher(id, From.start()).subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription given) {
                subscription[0] = given;
                given.request(2);
            }

            @Override
            public void onNext(Event event) { told.add(event.name()); }

            @Override
            public void onError(Throwable failed) { told.add(failed); }

            @Override
            public void onComplete() { told.add("complete"); }
        });

        assertThat(List.of(told.take(), told.take())).containsExactly("job.created", "token");
        assertThat(told).isEmpty();
        subscription[0].request(Long.MAX_VALUE);
        List<Object> rest = new ArrayList<>();
        do
            rest.add(told.take());
        while (!rest.contains("complete"));
        assertThat(rest).hasSize(11).endsWith("token", "job.completed", "complete");
    }
}

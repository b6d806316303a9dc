package dev.holdpoint.client;

import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * The same events for whoever wants them pushed: a thread for each subscriber, which
 * reads on only as far as was asked for.
 */
final class EventPublisher implements Flow.Publisher<Event> {
    private final Supplier<EventStream> streams;

    EventPublisher(Supplier<EventStream> streams) { this.streams = streams; }

    @Override
    public void subscribe(Flow.Subscriber<? super Event> subscriber) {
        EventStream stream = streams.get();
        Demand demand = new Demand(stream);
        subscriber.onSubscribe(demand);
        Thread thread = new Thread(() -> push(stream, demand, subscriber), "holdpoint-events");
        thread.setDaemon(true);
        thread.start();
    }

    private static void push(EventStream stream, Demand demand, Flow.Subscriber<? super Event> subscriber) {
        try (stream) {
            while (stream.hasNext()) {
                demand.asked.acquire();
                if (demand.cancelled) return;
                if (demand.illegal) throw new IllegalArgumentException("ask for at least one event");
                subscriber.onNext(stream.next());
            }
            if (!demand.cancelled) subscriber.onComplete();
        } catch (InterruptedException interrupted) {
            subscriber.onError(Http.cancelled(interrupted));
        } catch (RuntimeException failed) {
            if (!demand.cancelled) subscriber.onError(failed);
        }
    }

    private static final class Demand implements Flow.Subscription {
        private static final int PLENTY = 1 << 30;

        final Semaphore asked = new Semaphore(0);
        volatile boolean cancelled;
        volatile boolean illegal;
        private final EventStream stream;

        Demand(EventStream stream) { this.stream = stream; }

        @Override
        public synchronized void request(long count) {
            illegal |= count < 1;
            int more = illegal ? 1 : (int) Math.min(count, PLENTY);
            asked.release(Math.min(more, PLENTY - Math.min(PLENTY - 1, asked.availablePermits())));
        }

        @Override
        public void cancel() {
            cancelled = true;
            asked.release();
            stream.close();
        }
    }
}

package dev.holdpoint.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Lets many threads do something at the same moment. */
public final class Race {
    private Race() {}

    /** Outcomes in the order of the runners. */
    public static <T> List<T> of(int runners, IntFunction<T> run) {
        List<Callable<T>> all = new ArrayList<>();
        for (int number = 0; number < runners; number++) {
            int runner = number;
            all.add(() -> run.apply(runner));
        }
        return of(all);
    }

    public static <T> List<T> of(List<Callable<T>> runners) {
        CyclicBarrier start = new CyclicBarrier(runners.size());
        try (ExecutorService threads = Executors.newFixedThreadPool(runners.size())) {
            List<Future<T>> running = runners.stream().map(runner -> threads.submit(() -> {
                start.await();
                return runner.call();
            })).toList();
            List<T> outcomes = new ArrayList<>();
            for (Future<T> one : running) outcomes.add(one.get());
            return outcomes;
        } catch (InterruptedException | ExecutionException failed) {
            throw new AssertionError(failed);
        }
    }
}

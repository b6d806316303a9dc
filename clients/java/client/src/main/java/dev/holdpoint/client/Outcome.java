package dev.holdpoint.client;

/**
 * What became of a prompt. Only after {@link Decided} may the worker go on; after all others but
 * {@link Waiting} the job is nothing for it any more.
 */
public sealed interface Outcome<T> {
    /** A person decided, and this worker holds the job. */
    record Decided<T>(T value) implements Outcome<T> {}

    /** Nobody decided in time; the job has ended. */
    record Expired<T>(String actionId) implements Outcome<T> {}

    /** Somebody aborted the job. */
    record Aborted<T>(String actionId) implements Outcome<T> {}

    /** A new generation of the job's id took over. */
    record Replaced<T>(String actionId) implements Outcome<T> {}

    /** Another worker goes on with the job, or already went. */
    record Taken<T>(String actionId) implements Outcome<T> {}

    /** Patience ended first. The prompt is still open: {@link Job#await} waits on. */
    record Waiting<T>(String actionId) implements Outcome<T> {}

    /** The value for whoever can't go on without it. */
    default T orElseThrow() {
        if (this instanceof Decided<T> decided) return decided.value();
        throw new NotDecided(this);
    }

    /** This outcome as one of another value, unless it is {@link Decided}. */
    default <R> Outcome<R> withoutValue() {
        if (this instanceof Expired<T> expired) return new Expired<>(expired.actionId());
        if (this instanceof Aborted<T> aborted) return new Aborted<>(aborted.actionId());
        if (this instanceof Replaced<T> replaced) return new Replaced<>(replaced.actionId());
        if (this instanceof Taken<T> taken) return new Taken<>(taken.actionId());
        if (this instanceof Waiting<T> waiting) return new Waiting<>(waiting.actionId());
        throw new IllegalStateException("decided");
    }
}

package dev.holdpoint.start;

import java.util.List;
import java.util.stream.Stream;

import io.quarkus.runtime.QuarkusBindException;

/** Why the service didn't start, for whoever reads but the last line. */
final class FailedStart {
    private static final String OURS = "dev.holdpoint.";

    private FailedStart() {}

    static String inASentence(Throwable failure) {
        List<Throwable> all = Stream.iterate(failure, one -> one != null, Throwable::getCause).toList();
        return "Holdpoint didn't start: " + all.stream().filter(FailedStart::isOurs).findFirst()
                .map(FailedStart::reason).orElseGet(() -> reason(all.getLast()));
    }

    /** What we throw says what to do; what it comes wrapped in, and what it came from, doesn't. */
    private static boolean isOurs(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return failure.getMessage() != null && (failure.getClass().getName().startsWith(OURS)
                || trace.length > 0 && trace[0].getClassName().startsWith(OURS));
    }

    private static String reason(Throwable failure) {
        if (failure instanceof QuarkusBindException taken)
            return "It can't listen on port " + taken.getPort() + " of " + taken.getHost() + " ("
                    + words(failure)
                    + "); quarkus.http.port or ssl-port names another one.";
        return words(failure);
    }

    private static String words(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}

package dev.holdpoint.start;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/**
 * Runs the service, or the command that the first argument names. Commands end before anything of the service starts.
 */
@QuarkusMain
public final class Main {
    private static final Duration HEALTH_PATIENCE = Duration.ofSeconds(2);

    private static final String USAGE = """
            Usage: java [-Dholdpoint.…=…] -jar quarkus-run.jar [command]

            Without a command: runs the service until it is stopped.
              keys     makes and lists API keys
              verify   verifies an export of the audit chain
              health   asks the service that runs here whether it is well
            A command tells by itself what else it takes.""";

    private Main() {}

    public static void main(String... arguments) {
        List<String> rest = Arrays.asList(arguments).subList(Math.min(1, arguments.length), arguments.length);
        switch (arguments.length == 0 ? "" : arguments[0]) {
            case VerifyCommand.NAME -> System.exit(new VerifyCommand(System.in, System.out, System.err).run(rest));
            case KeysCommand.NAME ->
                    System.exit(new KeysCommand(System.getenv("HOLDPOINT_AUTH_KEYS_FILE"), new RandomIds(),
                            new SystemClock(), System.out, System.err).run(rest));
            case HealthCommand.NAME ->
                    System.exit(new HealthCommand(System.getenv(), HEALTH_PATIENCE, System.out, System.err).run(rest));
            case "" -> serve();
            case "help", "--help", "-h" -> System.out.println(USAGE);
            default -> {
                System.err.println("There is no command " + arguments[0] + ". Options of the JVM go before -jar.");
                System.err.println(USAGE);
                System.exit(2);
            }
        }
    }

    /**
     * After a signal the JVM would say 143, however well the service drained; that looks like a crash,
     * so the service ends the process itself.
     */
    private static void serve() {
        // Nothing here speaks Brotli, and each start would leave another copy of its library in the temporary folder.
        System.setProperty("brotli4j.library.path", "none");
        ApplicationLifecycleManager
                .setDefaultExitCodeHandler((BiConsumer<Integer, Throwable>) (code, failure) -> {
                    if (failure != null) System.err.println(FailedStart.inASentence(failure));
                    Runtime.getRuntime().halt(code);
                });
        Thread serving = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> outlast(serving), "end"));
        Quarkus.run();
    }

    /** The JVM ends when its last hook does. */
    private static void outlast(Thread serving) {
        try {
            serving.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}

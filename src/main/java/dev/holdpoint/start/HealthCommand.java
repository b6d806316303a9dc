package dev.holdpoint.start;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dev.holdpoint.door.Management;

/**
 * Asks the service on this machine how it is, for platforms that can only run a
 * command, in images without any other program.
 */
final class HealthCommand {
    static final String NAME = "health";
    static final int HEALTHY = 0;
    static final int UNHEALTHY = 1;
    static final int UNUSABLE = 2;

    private static final String USAGE =
            """
                    Usage: health [live|ready] [--port PORT]
                    Asks 127.0.0.1 in plain HTTP. The port is HOLDPOINT_MANAGEMENT_PORT, or else QUARKUS_HTTP_PORT, or else 8080.""";
    private static final String USUAL_PORT = "8080";
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final int HIGHEST_PORT = 65_535;
    /** As far as the status: {@code HTTP/1.1 200}. */
    private static final int ENOUGH = 12;

    private final Map<String, String> environment;
    private final Duration patience;
    private final PrintStream out;
    private final PrintStream err;

    private record Wanted(String what, int port) {}

    /** @param patience how long to wait for a connection, and for each piece of the answer */
    HealthCommand(Map<String, String> environment, Duration patience, PrintStream out, PrintStream err) {
        this.environment = environment;
        this.patience = patience;
        this.out = out;
        this.err = err;
    }

    /** The exit status. */
    int run(List<String> arguments) {
        try {
            Wanted wanted = parse(arguments);
            String begin = ask(wanted);
            boolean well = begin.matches("HTTP/1\\.[01] 200");
            (well ? out : err).println(wanted.what() + (well ? ": yes" : ": no (" + begin + ")"));
            return well ? HEALTHY : UNHEALTHY;
        } catch (Misused misused) {
            err.println(misused.getMessage());
            return UNUSABLE;
        } catch (IOException silent) {
            err.println("The service doesn't answer: " + silent.getMessage());
            return UNHEALTHY;
        }
    }

    private Wanted parse(List<String> arguments) throws Misused {
        String what = "live";
        String port = Stream.of("HOLDPOINT_MANAGEMENT_PORT", "QUARKUS_HTTP_PORT").map(environment::get)
                .flatMap(named -> Optional.ofNullable(named).filter(text -> !text.isEmpty()).stream())
                .findFirst().orElse(USUAL_PORT);
        for (Iterator<String> words = arguments.iterator(); words.hasNext();) {
            String word = words.next();
            switch (word) {
                case "live", "ready" -> what = word;
                case "--port" -> port = words.hasNext() ? words.next() : "";
                default -> throw new Misused(USAGE);
            }
        }
        return new Wanted(what, number(port));
    }

    private static int number(String port) throws Misused {
        if (port.matches("[0-9]{1,5}")) {
            int number = Integer.parseInt(port);
            if (number >= 1 && number <= HIGHEST_PORT) return number;
        }
        throw new Misused(USAGE);
    }

    /** The begin of the answer. A socket is all that it takes, and starts faster than a client that knows HTTP. */
    private String ask(Wanted wanted) throws IOException {
        int millis = (int) patience.toMillis();
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(millis);
            socket.connect(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), wanted.port()), millis);
            socket.getOutputStream().write(("GET " + Management.PATH + "/health/" + wanted.what() + " HTTP/1.1\r\n"
                    + "Host: 127.0.0.1:" + wanted.port() + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(ENOUGH), StandardCharsets.ISO_8859_1);
        }
    }
}

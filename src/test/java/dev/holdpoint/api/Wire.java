package dev.holdpoint.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import io.restassured.RestAssured;

/** Says to the service what no decent HTTP client would. */
public final class Wire {
    private static final int PATIENCE = 20_000;

    private Wire() {}

    /** @param head everything of it, the empty line included */
    public record Answer(int status, String head, String body) {
        String header(String name) { return all(name).stream().findFirst().orElse(""); }

        List<String> all(String name) {
            return head.lines().filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip()).toList();
        }
    }

    /** A connection on which one thing is said after the other. */
    static final class Talk implements AutoCloseable {
        private final Socket socket;

        Talk() {
            try {
                socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port);
                socket.setSoTimeout(PATIENCE);
            } catch (IOException unreachable) {
                throw new UncheckedIOException(unreachable);
            }
        }

        void say(String text) {
            try {
                socket.getOutputStream().write(bytes(text));
                socket.getOutputStream().flush();
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }

        void sayIfAnybodyListens(String text) {
            try {
                socket.getOutputStream().write(bytes(text));
            } catch (IOException nobody) {
                // The end of it is heard.
            }
        }

        /** What comes up to the next empty line, or to the end. */
        String hears() { return hears("\r\n\r\n"); }

        /** The next part of a chunked body, as it was written. */
        String hearsChunk() {
            int octets = Integer.parseInt(hears("\r\n").strip(), 16);
            try {
                return new String(socket.getInputStream().readNBytes(octets + 2), StandardCharsets.UTF_8);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }

        private String hears(String end) {
            StringBuilder heard = new StringBuilder();
            try {
                for (int next = socket.getInputStream().read(); next >= 0; next = socket.getInputStream().read()) {
                    heard.append((char) next);
                    if (heard.toString().endsWith(end)) return heard.toString();
                }
            } catch (SocketException reset) {
                // An end as well.
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
            return heard.toString();
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }
    }

    public static byte[] bytes(String text) { return text.getBytes(StandardCharsets.UTF_8); }

    /** A request in full; {@code headers} are lines that end in CRLF. */
    public static Answer request(String method, String target, String headers, byte[] body) {
        String length = body.length > 0 || method.equals("POST") ? "Content-Length: " + body.length + "\r\n" : "";
        return send(bytes(method + " " + target + " HTTP/1.1\r\nHost: holdpoint\r\nConnection: close\r\n" + length
                + headers + "\r\n"), body);
    }

    public static Answer send(byte[]... parts) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
            socket.setSoTimeout(PATIENCE);
            try {
                for (byte[] part : parts) socket.getOutputStream().write(part);
                socket.getOutputStream().flush();
            } catch (IOException refusedWhileSending) {
                // The answer may be there all the same.
            }
            return parse(everything(socket.getInputStream()));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Sends a request, asks the question and hangs up without waiting for an answer. */
    public static boolean hangUpAfter(byte[] request, BooleanSupplier question) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
            socket.getOutputStream().write(request);
            socket.getOutputStream().flush();
            return question.getAsBoolean();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    public static void await(BooleanSupplier condition) {
        long last = System.nanoTime() + PATIENCE * 1_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > last) throw new AssertionError("it didn't come to pass within " + PATIENCE + " ms");
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static String everything(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        try {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) bytes.write(buffer, 0, read);
        } catch (SocketException reset) {
            // Whoever is refused while he sends gets a reset behind the answer.
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    public static Answer parse(String text) {
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) return new Answer(0, text, "");
        String head = text.substring(0, end);
        return new Answer(Integer.parseInt(head.substring(9, 12)), head, text.substring(end + 4));
    }
}

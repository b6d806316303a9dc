package dev.holdpoint.redis;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.net.SocketFactory;

/** One plain connection to a Redis: words go out, a reply comes back. */
public final class RedisWire implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Socket socket;
    private final InputStream in;

    /** What Redis answers instead of a value, such as {@code READONLY …}. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused(String reason) { super(reason); }
    }

    public RedisWire(int port) { this(port, SocketFactory.getDefault()); }

    RedisWire(int port, SocketFactory sockets) {
        try {
            socket = sockets.createSocket();
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) PATIENCE.toMillis());
            socket.setSoTimeout((int) PATIENCE.toMillis());
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException unreachable) {
            throw new UncheckedIOException(unreachable);
        }
    }

    /** A text, a {@code Long}, a list of such, or null. Fails when no reply comes in time. */
    public Object send(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ascii("*" + words.length + "\r\n"));
        for (String word : words) {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            out.writeBytes(ascii("$" + bytes.length + "\r\n"));
            out.writeBytes(bytes);
            out.writeBytes(ascii("\r\n"));
        }
        try {
            out.writeTo(socket.getOutputStream());
            return reply();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private Object reply() throws IOException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> rest;
            case '-' -> throw new Refused(rest);
            case ':' -> Long.valueOf(rest);
            case '$' -> rest.equals("-1") ? null : bulk(Integer.parseInt(rest));
            case '*' -> rest.equals("-1") ? null : list(Integer.parseInt(rest));
            default -> throw new IOException("not RESP: " + line);
        };
    }

    private List<Object> list(int size) throws IOException {
        List<Object> all = new ArrayList<>();
        while (all.size() < size) all.add(reply());
        return all;
    }

    private String bulk(int length) throws IOException {
        String text = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        in.skipNBytes(2);
        return text;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) throw new EOFException("the connection ended");
            if (next != '\r') line.append((char) next);
        }
        return line.toString();
    }

    private static byte[] ascii(String text) { return text.getBytes(StandardCharsets.US_ASCII); }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}

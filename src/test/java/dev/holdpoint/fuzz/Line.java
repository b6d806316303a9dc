package dev.holdpoint.fuzz;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.holdpoint.fuzz.Draft.Header;
import dev.holdpoint.machine.Loopback;
import org.jspecify.annotations.Nullable;

/**
 * One connection, which says whatever it is told to, as no decent client would. It
 * is opened again whenever it was closed.
 */
final class Line implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int WAIT_MILLIS = 100;
    private static final int STREAM_MILLIS = 40;
    private static final int MOST_OF_A_STREAM = 200_000;

    private final int port;
    private @Nullable Socket socket;
    private InputStream in = InputStream.nullInputStream();
    private boolean used;
    private @Nullable Request before;
    private @Nullable Request last;

    Line(int port) { this.port = port; }

    /** What was sent before over the same connection, if anything was. */
    @Nullable
    Request before() { return before; }

    Answer exchange(Request request) {
        boolean fresh = !used;
        before = used ? last : null;
        last = request;
        Answer answer = once(request);
        // Whoever keeps a connection open may find it closed by the time he speaks.
        return answer.status() == 0 && !fresh && request.plain() && !request.waits() ? once(request) : answer;
    }

    private Answer once(Request request) {
        try {
            Socket open = open();
            try {
                open.getOutputStream().write(request.bytes());
                open.getOutputStream().flush();
                if (!request.plain()) open.shutdownOutput();
            } catch (IOException refusedWhileSending) {
                // The answer may be there all the same.
            }
            open.setSoTimeout(request.waits() ? WAIT_MILLIS : PATIENCE_MILLIS);
            Answer answer = read(request.method().equals("HEAD"));
            used = true;
            if (!request.plain() || answer.status() == 0 || answer.status() >= 400
                    && answer.header("Connection").equalsIgnoreCase("close"))
                close();
            return answer;
        } catch (IOException broken) {
            close();
            return Answer.NONE;
        }
    }

    private Socket open() throws IOException {
        if (socket == null) {
            socket = new Socket(Loopback.FIRST, port);
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
        }
        return socket;
    }

    private Answer read(boolean head) throws IOException {
        String first = line();
        while (first.startsWith("HTTP/1.1 1")) {
            headers();
            first = line();
        }
        if (!first.startsWith("HTTP/1.")) return Answer.NONE;
        int status = Integer.parseInt(first.substring(9, 12));
        List<Header> headers = headers();
        Answer answer = new Answer(status, headers, "");
        if (head || status == 204 || status == 304) return answer;
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            if (answer.isStream()) stream().setSoTimeout(STREAM_MILLIS);
            readBody(answer, body);
        } catch (SocketTimeoutException enough) {
            close();
            if (!answer.isStream()) throw enough;
        }
        return new Answer(status, headers, body.toString(StandardCharsets.UTF_8));
    }

    private Socket stream() throws IOException { return open(); }

    private void readBody(Answer answer, ByteArrayOutputStream body) throws IOException {
        String length = answer.header("Content-Length");
        if (!length.isEmpty()) {
            body.writeBytes(in.readNBytes(Integer.parseInt(length)));
        } else if (answer.header("Transfer-Encoding").equalsIgnoreCase("chunked")) {
            for (int size = chunk(); size > 0; size = chunk()) {
                body.writeBytes(in.readNBytes(size));
                line();
                if (answer.isStream() && body.size() > MOST_OF_A_STREAM) throw new SocketTimeoutException();
            }
            line();
        } else {
            in.transferTo(body);
            close();
        }
    }

    /** Its size; 0 also where the connection ends instead. */
    private int chunk() throws IOException {
        String size = line();
        if (size.isEmpty()) close();
        return size.isEmpty() ? 0 : Integer.parseInt(size, 16);
    }

    private List<Header> headers() throws IOException {
        List<Header> headers = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.add(new Header(line.substring(0, Math.max(0, colon)), line.substring(colon + 1).strip()));
        }
        return headers;
    }

    /** Without its end; empty also at the end of everything. */
    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) line.append((char) octet);
        if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') line.setLength(line.length() - 1);
        return line.toString();
    }

    @Override
    public void close() {
        used = false;
        if (socket == null) return;
        try {
            socket.close();
        } catch (IOException gone) {
            // It is.
        }
        socket = null;
    }
}

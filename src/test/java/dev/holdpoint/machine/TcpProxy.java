package dev.holdpoint.machine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * Stands in front of a port and breaks the way to it: cuts, refuses, delays, or falls silent. A silent way keeps what
 * it was given and delivers it when it is mended, as TCP does. Unlike network namespaces and packet filters it needs no
 * privileges, so it works in every container.
 */
public final class TcpProxy implements AutoCloseable {
    /** Which way bytes go. */
    public enum Direction {
        TO_SERVER, TO_CLIENT
    }

    private final int port;
    private final int upstream;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicLong held = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private BiPredicate<InetAddress, Direction> silent = (client, direction) -> false;
    private Duration delay = Duration.ZERO;
    private volatile ServerSocket listener;
    private volatile Thread accepting;

    public TcpProxy(int upstream) { this(FreePorts.next(), upstream); }

    public TcpProxy(int port, int upstream) {
        this.port = port;
        this.upstream = upstream;
        listen();
    }

    public int port() { return port; }

    /** Mends everything. */
    public void pass() {
        change((client, direction) -> false, Duration.ZERO);
        if (listener.isClosed()) listen();
    }

    /** Ends every connection at once; new ones pass. */
    public void cut() { links.forEach(Link::close); }

    /** Ends every connection, and refuses new ones. */
    public void refuse() {
        close(listener);
        // The system goes on accepting for as long as a thread is inside accept.
        join(accepting);
        cut();
    }

    /** Says nothing more in this direction, though connections stay open and new ones are accepted. */
    public void silence(Direction direction) {
        change((client, way) -> way == direction, delay);
    }

    /** Says nothing more in both directions. */
    public void silence() { change((client, way) -> true, delay); }

    /** Says nothing more to and from clients that come from such addresses. */
    public void silence(Predicate<InetAddress> clients) {
        change((client, way) -> clients.test(client), delay);
    }

    /** Delivers everything this much later. */
    public void delay(Duration by) { change(silent, by); }

    public int connections() { return links.size(); }

    /** How often bytes or connections were held back so far. */
    public long held() { return held.get(); }

    @Override
    public void close() { refuse(); }

    private void change(BiPredicate<InetAddress, Direction> nowSilent, Duration nowDelay) {
        lock.lock();
        try {
            silent = nowSilent;
            delay = nowDelay;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void listen() {
        try {
            ServerSocket fresh = new ServerSocket();
            fresh.setReuseAddress(true);
            fresh.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            listener = fresh;
            accepting = Thread.ofVirtual().start(() -> accept(fresh));
        } catch (IOException taken) {
            throw new UncheckedIOException(taken);
        }
    }

    private void accept(ServerSocket from) {
        try {
            while (true) {
                Link link = new Link(from.accept());
                links.add(link);
                if (from.isClosed()) link.close();
                Thread.ofVirtual().start(link::open);
            }
        } catch (IOException closed) {
            // Refusing from now on.
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static void close(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception gone) {
            throw new IllegalStateException(gone);
        }
    }

    /** One client's connection, and ours to the server. */
    private final class Link {
        private final Socket client;
        private final Socket server = new Socket();

        Link(Socket client) { this.client = client; }

        void open() {
            try {
                awaitPassage(Direction.TO_SERVER);
                server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), upstream));
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> carry(server, client, Direction.TO_CLIENT));
                carry(client, server, Direction.TO_SERVER);
            } catch (IOException broken) {
                close();
            }
        }

        private void carry(Socket from, Socket to, Direction direction) {
            byte[] buffer = new byte[16_384];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    awaitPassage(direction);
                    out.write(buffer, 0, read);
                }
                // Also the end is news, and a silent way brings none.
                awaitPassage(direction);
            } catch (IOException broken) {
                // Ends both sides, as a reset does.
            } finally {
                close();
            }
        }

        private void awaitPassage(Direction direction) throws IOException {
            lock.lock();
            try {
                for (long left = delay.toNanos(); left > 0 && !client.isClosed();) left = changed.awaitNanos(left);
                if (silent.test(client.getInetAddress(), direction)) held.incrementAndGet();
                while (silent.test(client.getInetAddress(), direction) && !client.isClosed()) changed.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException(interrupted);
            } finally {
                lock.unlock();
            }
        }

        void close() {
            links.remove(this);
            TcpProxy.close(client);
            TcpProxy.close(server);
            lock.lock();
            try {
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}

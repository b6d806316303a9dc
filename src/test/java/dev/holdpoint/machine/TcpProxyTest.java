package dev.holdpoint.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

import dev.holdpoint.machine.TcpProxy.Direction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
    private static final int SOON = 150;
    private static final int PATIENCE = 5_000;

    private ServerSocket server;
    private TcpProxy proxy;

    @BeforeEach
    void open() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.setSoTimeout(PATIENCE);
        proxy = new TcpProxy(server.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        server.close();
    }

    /** A client behind the proxy, and the server's end of its connection. */
    private record Pair(Socket client, Socket server) implements AutoCloseable {
        void clientSays(int what) throws IOException { client.getOutputStream().write(what); }

        void serverSays(int what) throws IOException { server.getOutputStream().write(what); }

        int clientHears() throws IOException { return hear(client, PATIENCE); }

        int serverHears() throws IOException { return hear(server, PATIENCE); }

        static int hear(Socket socket, int millis) throws IOException {
            socket.setSoTimeout(millis);
            return socket.getInputStream().read();
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }

    private Pair connect() throws IOException { return connect(Loopback.FIRST); }

    private Pair connect(InetAddress from) throws IOException {
        Socket client = new Socket();
        client.bind(new InetSocketAddress(from, 0));
        client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()), PATIENCE);
        return new Pair(client, server.accept());
    }

    @Test
    void carriesBothWays() throws IOException { assertThatItCarries(); }

    private void assertThatItCarries() throws IOException {
        try (Pair pair = connect()) {
            pair.clientSays(1);
            pair.serverSays(2);

            assertThat(pair.serverHears()).isEqualTo(1);
            assertThat(pair.clientHears()).isEqualTo(2);
        }
    }

    @Test
    void cutEndsWhatIsOpenAndLetsNewConnectionsThrough() throws IOException {
        try (Pair pair = connect()) {
            proxy.cut();

            assertThat(pair.clientHears()).isEqualTo(-1);
            assertThat(pair.serverHears()).isEqualTo(-1);
        }
        assertThatItCarries();
    }

    @Test
    void refusesUntilItPassesAgain() throws IOException {
        try (Pair pair = connect()) {
            proxy.refuse();

            assertThat(pair.clientHears()).isEqualTo(-1);
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        }
        proxy.pass();

        assertThatItCarries();
    }

    @Test
    void silentDirectionKeepsConnectionsOpenAndDeliversWhenItIsMended() throws IOException {
        try (Pair pair = connect()) {
            proxy.silence(Direction.TO_SERVER);
            pair.clientSays(1);
            pair.serverSays(2);

            assertThat(pair.clientHears()).isEqualTo(2);
            assertThatThrownBy(() -> Pair.hear(pair.server(), SOON)).isInstanceOf(SocketTimeoutException.class);
            assertThat(proxy.held()).isEqualTo(1);

            proxy.pass();
            assertThat(pair.serverHears()).isEqualTo(1);
        }
    }

    @Test
    void silentProxyHoldsNewConnectionsToo() throws IOException {
        proxy.silence();
        server.setSoTimeout(SOON);
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            client.getOutputStream().write(1);

            assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);

            proxy.pass();
            server.setSoTimeout(PATIENCE);
            try (Socket arrived = server.accept()) {
                assertThat(Pair.hear(arrived, PATIENCE)).isEqualTo(1);
            }
        }
    }

    @Test
    void splitsClientsByTheAddressTheyComeFrom() throws IOException {
        try (Pair near = connect(Loopback.number(2)); Pair far = connect(Loopback.number(3))) {
            proxy.silence(Loopback.number(3)::equals);
            near.clientSays(1);
            far.clientSays(2);

            assertThat(near.serverHears()).isEqualTo(1);
            assertThatThrownBy(() -> Pair.hear(far.server(), SOON)).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void delays() throws IOException {
        try (Pair pair = connect()) {
            proxy.delay(Duration.ofMillis(200));
            long before = System.nanoTime();
            pair.clientSays(1);

            assertThat(pair.serverHears()).isEqualTo(1);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }
    }
}

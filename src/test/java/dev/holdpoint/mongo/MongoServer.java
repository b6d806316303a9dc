package dev.holdpoint.mongo;

import java.util.Optional;

import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.holdpoint.machine.FreePorts;
import dev.holdpoint.machine.Identity;

/**
 * MongoDB's wire protocol, served by this process on a loopback port. What it holds outlives a stop, not this object.
 */
public final class MongoServer implements AutoCloseable {
    private static final String NAMED = "QUARKUS_MONGODB_CONNECTION_STRING";

    private final MemoryBackend documents = new MemoryBackend() {
        @Override
        public void close() {
            // A server that stops would close them, and they could not be served again.
        }
    };
    private final int port = FreePorts.next();
    private de.bwaldvogel.mongo.MongoServer server;

    private final Identity identity;

    private MongoServer(Identity identity) {
        this.identity = identity;
        start();
    }

    public static MongoServer started() { return new MongoServer(null); }

    public static MongoServer overTls(Identity identity) { return new MongoServer(identity); }

    /** The real server that the environment names, if it names one; else one that all tests of this process share. */
    public static String sharedUrl() {
        return Optional.ofNullable(System.getenv(NAMED)).orElseGet(() -> Shared.SERVER.url());
    }

    private static final class Shared {
        static final MongoServer SERVER = started();
    }

    /** It has no sessions and says so; the driver then asks for none, and repeats no write by itself. */
    public String url() {
        return "mongodb://127.0.0.1:" + port;
    }

    /** On the same port, with everything that it held. */
    public void start() {
        server = new de.bwaldvogel.mongo.MongoServer(documents);
        if (identity != null) server.enableSsl(identity.privateKey(), null, identity.x509());
        server.bind("127.0.0.1", port);
    }

    /** Connections are cut, and new ones refused. */
    public void stop() {
        server.shutdownNow();
    }

    @Override
    public void close() {
        stop();
    }
}

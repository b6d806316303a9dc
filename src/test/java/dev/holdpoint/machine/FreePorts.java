package dev.holdpoint.machine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers. They and their cluster buses (10,000 higher) lie below the ports that systems give to clients, so
 * that a server which is down for a while finds its port free when it comes back.
 */
public final class FreePorts {
    public static final int BUS = 10_000;
    private static final int LOWEST = 12_000;
    private static final int COUNT = 10_000;
    private static final Set<Integer> TAKEN = ConcurrentHashMap.newKeySet();

    private FreePorts() {}

    public static int next() {
        int start = ThreadLocalRandom.current().nextInt(COUNT);
        for (int step = 0; step < COUNT; step++) {
            int port = LOWEST + (start + step) % COUNT;
            if (isFree(port) && isFree(port + BUS) && TAKEN.add(port)) return port;
        }
        throw new IllegalStateException("no port is free");
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}

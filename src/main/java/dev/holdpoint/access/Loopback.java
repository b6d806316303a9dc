package dev.holdpoint.access;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Whether only this machine can come in. */
public final class Loopback {
    private Loopback() {}

    /** @param host a name or an address; one that nobody knows is not this machine's. Blocks for a name */
    public static boolean is(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }
}

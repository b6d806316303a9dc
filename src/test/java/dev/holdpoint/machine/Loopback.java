package dev.holdpoint.machine;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Addresses of this machine that need no set-up: on Linux all of 127.0.0.0/8 is there. */
public final class Loopback {
    public static final InetAddress FIRST = number(1);

    private Loopback() {}

    public static InetAddress number(int last) {
        try {
            return InetAddress.getByAddress(new byte[]{127, 0, 0, (byte) last});
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

package dev.holdpoint.webhook;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses are somewhere on the open internet. Whatever else an address may mean, it leads to
 * this machine, its neighbours or nowhere.
 */
final class Addresses {
    private static final int V4 = 4;

    /** All special-purpose blocks of IPv4. */
    private static final List<Block> CLOSED_V4 = blocks("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8",
            "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4");
    /** What is global in IPv6, and what within it isn't. */
    private static final Block OPEN_V6 = block("2000::/3");
    private static final List<Block> CLOSED_V6 = blocks("2001::/23", "2001:db8::/32", "3fff::/20");
    /** Blocks whose addresses stand for one of IPv4, and where in them it begins. */
    private static final Block NAT64 = block("64:ff9b::/96");
    private static final Block MAPPED = new Block(new byte[]{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 0, 0, 0, 0}, 96);
    private static final Block SIX_TO_FOUR = block("2002::/16");
    private static final int AT_THE_END = 12;
    private static final int AFTER_THE_PREFIX = 2;

    private Addresses() {}

    @SuppressWarnings("ArrayRecordComponent") // never compared, and never changed once made
    private record Block(byte[] first, int bits) {
        boolean holds(byte[] address) {
            if (address.length != first.length) return false;
            int whole = bits / Byte.SIZE;
            int rest = bits % Byte.SIZE;
            if (!Arrays.equals(address, 0, whole, first, 0, whole)) return false;
            return rest == 0 || ((address[whole] ^ first[whole]) & 0xff) >> (Byte.SIZE - rest) == 0;
        }
    }

    private static List<Block> blocks(String... texts) { return Stream.of(texts).map(Addresses::block).toList(); }

    private static Block block(String text) {
        int slash = text.indexOf('/');
        return new Block(InetAddress.ofLiteral(text.substring(0, slash)).getAddress(),
                Integer.parseInt(text.substring(slash + 1)));
    }

    static boolean isOpen(InetAddress address) { return isOpen(address.getAddress()); }

    private static boolean isOpen(byte[] address) {
        if (address.length == V4) return CLOSED_V4.stream().noneMatch(block -> block.holds(address));
        if (MAPPED.holds(address) || NAT64.holds(address)) return isOpen(inner(address, AT_THE_END));
        if (SIX_TO_FOUR.holds(address)) return isOpen(inner(address, AFTER_THE_PREFIX));
        return OPEN_V6.holds(address) && CLOSED_V6.stream().noneMatch(block -> block.holds(address));
    }

    private static byte[] inner(byte[] address, int from) { return Arrays.copyOfRange(address, from, from + V4); }
}

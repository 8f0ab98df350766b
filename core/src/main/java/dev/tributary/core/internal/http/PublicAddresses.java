// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.internal.http;

import java.net.InetAddress;
import java.util.List;

/**
 * Which addresses are public: those that the IANA special-purpose registries (RFC 6890 and its registry) do not keep for
 * something else. Addresses that carry an IPv4 address inside (RFC 4291, 6052, 3056, 4380) are refused as a whole,
 * because what they lead to is somebody else's translator's choice.
 */
final class PublicAddresses {
    private static final List<Block> IPV4_SPECIAL = List.of(
            Block.of("0.0.0.0", 8), // this network
            Block.of("10.0.0.0", 8), // private
            Block.of("100.64.0.0", 10), // carrier-grade NAT
            Block.of("127.0.0.0", 8), // loopback
            Block.of("169.254.0.0", 16), // link-local, where clouds keep their metadata
            Block.of("172.16.0.0", 12), // private
            Block.of("192.0.0.0", 24), // protocol assignments
            Block.of("192.0.2.0", 24), // documentation
            Block.of("192.31.196.0", 24), // AS112
            Block.of("192.52.193.0", 24), // AMT
            Block.of("192.88.99.0", 24), // 6to4 relays
            Block.of("192.168.0.0", 16), // private
            Block.of("192.175.48.0", 24), // AS112
            Block.of("198.18.0.0", 15), // benchmarks
            Block.of("198.51.100.0", 24), // documentation
            Block.of("203.0.113.0", 24), // documentation
            Block.of("224.0.0.0", 4), // multicast
            Block.of("240.0.0.0", 4)); // reserved, and broadcast

    /** Only 2000::/3 is given out as global unicast; what is special inside it stands below. */
    private static final Block IPV6_GLOBAL = Block.of("2000::", 3);

    private static final List<Block> IPV6_SPECIAL = List.of(
            Block.of("2001::", 23), // protocol assignments: Teredo, benchmarks, ORCHID
            Block.of("2001:db8::", 32), // documentation
            Block.of("2002::", 16), // 6to4
            Block.of("2620:4f:8000::", 48), // AS112
            Block.of("3ffe::", 16), // the 6bone, given back
            Block.of("3fff::", 20)); // documentation

    private PublicAddresses() {}

    static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return IPV4_SPECIAL.stream().noneMatch(block -> block.holds(bytes));
        }
        return IPV6_GLOBAL.holds(bytes) && IPV6_SPECIAL.stream().noneMatch(block -> block.holds(bytes));
    }

    private record Block(List<Byte> prefix, int bits) {
        static Block of(String literal, int bits) {
            byte[] bytes = parse(literal);
            Byte[] boxed = new Byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                boxed[i] = bytes[i];
            }
            return new Block(List.of(boxed), bits);
        }

        private static byte[] parse(String literal) {
            try {
                return InetAddress.getByName(literal).getAddress(); // a literal is not looked up
            } catch (java.net.UnknownHostException impossible) {
                throw new IllegalArgumentException(literal, impossible);
            }
        }

        boolean holds(byte[] address) {
            if (address.length != prefix.size()) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit & 7);
                if (((address[bit >> 3] ^ prefix.get(bit >> 3)) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }
}

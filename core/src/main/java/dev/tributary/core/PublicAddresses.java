// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core;

import java.net.InetAddress;
import java.util.List;

/**
 * Which addresses are public: those that the IANA special-purpose registries (RFC 6890 and its registry) do not keep for
 * something else. Addresses that carry an IPv4 address inside (RFC 4291, 6052, 3056, 4380) are refused as a whole,
 * because what they lead to is somebody else's translator's choice. Thread-safe.
 */
public final class PublicAddresses {
    private static final List<AddressRange> IPV4_SPECIAL = List.of(
            AddressRange.parse("0.0.0.0/8"), // this network
            AddressRange.parse("10.0.0.0/8"), // private
            AddressRange.parse("100.64.0.0/10"), // carrier-grade NAT
            AddressRange.parse("127.0.0.0/8"), // loopback
            AddressRange.parse("169.254.0.0/16"), // link-local, where clouds keep their metadata
            AddressRange.parse("172.16.0.0/12"), // private
            AddressRange.parse("192.0.0.0/24"), // protocol assignments
            AddressRange.parse("192.0.2.0/24"), // documentation
            AddressRange.parse("192.31.196.0/24"), // AS112
            AddressRange.parse("192.52.193.0/24"), // AMT
            AddressRange.parse("192.88.99.0/24"), // 6to4 relays
            AddressRange.parse("192.168.0.0/16"), // private
            AddressRange.parse("192.175.48.0/24"), // AS112
            AddressRange.parse("198.18.0.0/15"), // benchmarks
            AddressRange.parse("198.51.100.0/24"), // documentation
            AddressRange.parse("203.0.113.0/24"), // documentation
            AddressRange.parse("224.0.0.0/4"), // multicast
            AddressRange.parse("240.0.0.0/4")); // reserved, and broadcast

    /** Only 2000::/3 is given out as global unicast; what is special inside it stands below. */
    private static final AddressRange IPV6_GLOBAL = AddressRange.parse("2000::/3");

    private static final List<AddressRange> IPV6_SPECIAL = List.of(
            AddressRange.parse("2001::/23"), // protocol assignments: Teredo, benchmarks, ORCHID
            AddressRange.parse("2001:db8::/32"), // documentation
            AddressRange.parse("2002::/16"), // 6to4
            AddressRange.parse("2620:4f:8000::/48"), // AS112
            AddressRange.parse("3ffe::/16"), // the 6bone, given back
            AddressRange.parse("3fff::/20")); // documentation

    private PublicAddresses() {}

    /** Whether anybody on the internet may be reached at the address. */
    public static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return IPV4_SPECIAL.stream().noneMatch(block -> block.contains(bytes));
        }
        return IPV6_GLOBAL.contains(bytes) && IPV6_SPECIAL.stream().noneMatch(block -> block.contains(bytes));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.agent;

import dev.tributary.core.StreamAddress;
import dev.tributary.ice.internal.wire.AddressText;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Socket addresses as bytes and as text. */
final class Addresses {
    private Addresses() {}

    /** The four or sixteen bytes of a resolved address, as its owner knows it. */
    static byte[] bytes(InetSocketAddress address) {
        InetAddress ip = StreamAddress.visible(address).getAddress();
        return ip == null ? new byte[4] : ip.getAddress();
    }

    /** The port of an address, as its owner knows it. */
    static int port(InetSocketAddress address) {
        return StreamAddress.visible(address).getPort();
    }

    static boolean isIpv6(InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address;
    }

    /** Whether checks may be sent there: a unicast address of somebody, and a port. */
    static boolean isCheckable(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        return ip != null && !ip.isAnyLocalAddress() && !ip.isMulticastAddress() && address.getPort() != 0;
    }

    static String text(InetSocketAddress address) {
        if (address instanceof StreamAddress stream) {
            return "tcp " + text(stream.remote());
        }
        InetAddress ip = address.getAddress();
        String host = ip == null ? address.getHostString() : AddressText.of(ip);
        return isIpv6(address) ? "[" + host + "]:" + address.getPort() : host + ":" + address.getPort();
    }
}

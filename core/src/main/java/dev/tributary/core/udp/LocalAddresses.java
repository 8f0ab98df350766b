// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.udp;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** The addresses of this machine that somebody else might reach. */
final class LocalAddresses {
    private LocalAddresses() {}

    /** All addresses of wanted interfaces that are up, IPv4 first; the loopback address if there are none. */
    static List<InetAddress> reachable(Predicate<NetworkInterface> wanted) {
        List<InetAddress> addresses = new ArrayList<>();
        try {
            NetworkInterface.networkInterfaces()
                    .filter(each -> isUp(each) && wanted.test(each))
                    .flatMap(NetworkInterface::inetAddresses)
                    // A link-local address needs a zone that means nothing to the peer.
                    .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                    .sorted(Comparator.comparingInt(address -> address.getAddress().length))
                    .forEach(addresses::add);
        } catch (SocketException e) {
            addresses.clear();
        }
        return addresses.isEmpty() ? List.of(InetAddress.getLoopbackAddress()) : List.copyOf(addresses);
    }

    private static boolean isUp(NetworkInterface networkInterface) {
        try {
            return networkInterface.isUp() && !networkInterface.isLoopback();
        } catch (SocketException e) {
            return false;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Looks up the addresses of hosts; may block. Thread-safe. */
@FunctionalInterface
public interface HostResolver {
    /** The resolver of the system. */
    HostResolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));

    /**
     * Looks up one host.
     *
     * @param host a name or the text of an address, without brackets
     * @throws UnknownHostException if it has no address
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What tells one {@link ReferenceServer} from another. Immutable.
 *
 * @param host the address to listen on for HTTP; a loopback one, because nobody needs a password
 * @param httpPort the TCP port, 0 for any
 * @param udpPort the UDP port for all media, 0 for any
 * @param accounts the user names
 * @param data the file of the embedded store, or {@code null} to forget everything at the end
 */
public record ServerSettings(
        String host,
        int httpPort,
        int udpPort,
        List<String> accounts,
        @Nullable Path data) {
    /** Copies the list. */
    public ServerSettings {
        accounts = List.copyOf(accounts);
    }

    /** A server for this machine only, that forgets everything at the end. */
    public static ServerSettings onLoopback(int httpPort, int udpPort, String... accounts) {
        return new ServerSettings("127.0.0.1", httpPort, udpPort, List.of(accounts), null);
    }

    /** The same server with a store that lasts. */
    public ServerSettings storedIn(Path file) {
        return new ServerSettings(host, httpPort, udpPort, accounts, file);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import dev.tributary.core.udp.MediaLoop;
import dev.tributary.core.udp.MediaSocket;
import dev.tributary.sfu.internal.peer.LoopPeers;
import dev.tributary.sfu.internal.peer.PeerDirectory;
import java.util.concurrent.CompletionStage;

/**
 * The socket of a session. Clients share the one port of the server. A pipe has a port of its own: two pipes between the
 * same two servers would have the same two addresses, and the datagrams of one would be taken for the other's.
 *
 * @param peers routes the datagrams of the socket
 * @param port its UDP port
 * @param closing closes it when the session is over, if it is the session's own
 */
record SessionSocket(LoopPeers peers, int port, Runnable closing) {
    /** Ends the use of the socket. */
    void release() {
        closing.run();
    }

    /** The socket that all clients of a loop share. */
    static SessionSocket shared(LoopPeers peers, int port) {
        return new SessionSocket(peers, port, () -> {});
    }

    /** A new socket on a loop, for one pipe. Completes on the loop's thread. */
    static CompletionStage<SessionSocket> own(MediaLoop loop) {
        LoopPeers[] peers = new LoopPeers[1];
        return loop.openSocket(socket -> {
                    peers[0] = new LoopPeers(socket, new PeerDirectory());
                    return peers[0];
                })
                .thenApply(socket -> new SessionSocket(peers[0], socket.port(), () -> closeLater(loop, socket)));
    }

    // After this turn, so that the goodbye is out first.
    private static void closeLater(MediaLoop loop, MediaSocket socket) {
        loop.execute(socket::close);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.peer;

import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which loop owns which peer, for the loops that receive a datagram of somebody else's peer: the kernel spreads datagrams
 * over the sockets of a port by address, and knows nothing of our peers. Thread-safe; asked only for addresses that a loop
 * does not know itself.
 */
public final class PeerDirectory {
    private final ConcurrentHashMap<String, PeerAttachment> byUfrag = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<InetSocketAddress, PeerAttachment> byAddress = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Integer, PeerAttachment> bySource = new ConcurrentHashMap<>();

    /** The peer whose checks carry that local user name fragment. */
    @Nullable
    PeerAttachment ofUfrag(String ufrag) {
        return byUfrag.get(ufrag);
    }

    /** The peer that sends from an address. */
    @Nullable
    PeerAttachment ofAddress(InetSocketAddress address) {
        return byAddress.get(address);
    }

    void addUfrag(String ufrag, PeerAttachment peer) {
        byUfrag.put(ufrag, peer);
    }

    void removeUfrag(String ufrag, PeerAttachment peer) {
        byUfrag.remove(ufrag, peer);
    }

    void addAddress(InetSocketAddress address, PeerAttachment peer) {
        byAddress.put(address, peer);
    }

    void removeAddress(InetSocketAddress address, PeerAttachment peer) {
        byAddress.remove(address, peer);
    }

    /** The peer that sends under an SSRC. */
    @Nullable
    PeerAttachment ofSource(int ssrc) {
        return bySource.get(ssrc);
    }

    /** How many names, addresses and sources lead to a peer: none when there are no peers. */
    public int size() {
        return byUfrag.size() + byAddress.size() + bySource.size();
    }

    /** The first peer keeps an SSRC: another one that takes the same draws nothing to itself. */
    boolean addSource(int ssrc, PeerAttachment peer) {
        return bySource.putIfAbsent(ssrc, peer) == null;
    }

    void removeSource(int ssrc, PeerAttachment peer) {
        bySource.remove(ssrc, peer);
    }
}

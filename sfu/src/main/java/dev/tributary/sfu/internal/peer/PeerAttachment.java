// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.peer;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.udp.MediaLoop;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A peer on its loop: what the loop feeds, drains and wakes. Owned by the loop's thread; only {@link #loop()} and
 * {@link #wakeup} may be called by others.
 */
public final class PeerAttachment {
    /** The addresses that one peer may hold at a time: more are a sign of somebody who plays with the table. */
    static final int ADDRESSES_MAX = 16;

    private final LoopPeers home;
    private final DatagramProtocol protocol;
    private final Owner owner;
    private final Predicate<InetSocketAddress> validated;
    final Set<String> ufrags = new HashSet<>();
    final Set<Integer> sources = new HashSet<>();
    final Set<InetSocketAddress> addresses = new LinkedHashSet<>();
    boolean dirty;
    boolean detached;
    MediaLoop.@Nullable Timer timer;
    long timerNanos = DatagramProtocol.NEVER;

    /** Who is told when a peer may have something to say. */
    public interface Owner {
        /**
         * Handles what the peer has to tell.
         *
         * @return whether anything was handled, so that it is worth draining once more
         */
        boolean process(long nowNanos);

        /** Something on our side broke: the session ends, and everybody else's goes on. */
        void failed(long nowNanos);
    }

    PeerAttachment(LoopPeers home, DatagramProtocol protocol, Owner owner, Predicate<InetSocketAddress> validated) {
        this.home = home;
        this.protocol = protocol;
        this.owner = owner;
        this.validated = validated;
    }

    /** The loop that owns the peer. */
    MediaLoop loop() {
        return home.loop();
    }

    DatagramProtocol protocol() {
        return protocol;
    }

    /** Whether the peer has proved that it can be reached at an address, or expects to hear from there. */
    boolean answersFrom(InetSocketAddress address) {
        return validated.test(address);
    }

    Owner owner() {
        return owner;
    }

    /** Says that the peer changed: it is drained at the end of this turn of the loop. */
    public void touch() {
        home.touch(this);
    }

    /** Has the peer drained soon. Any thread: a handshake that ran elsewhere has something to say. */
    public void wakeup() {
        home.execute(this::touch);
    }

    /** Routes checks for a local user name fragment to this peer. */
    public void addUfrag(String ufrag) {
        home.addUfrag(this, ufrag);
    }

    /** Stops routing a user name fragment here. */
    public void removeUfrag(String ufrag) {
        home.removeUfrag(this, ufrag);
    }

    /** Routes media of an SSRC that comes from an unknown address to this peer, which has authenticated that SSRC before. */
    public void addSource(int ssrc) {
        home.addSource(this, ssrc);
    }

    /** Takes the peer off the loop. Idempotent. */
    public void detach() {
        home.detach(this);
    }
}

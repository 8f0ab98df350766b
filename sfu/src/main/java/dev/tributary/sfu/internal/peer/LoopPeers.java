// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.peer;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.Transmit;
import dev.tributary.core.rtp.RtpPacket;
import dev.tributary.core.udp.DatagramReceiver;
import dev.tributary.core.udp.MediaLoop;
import dev.tributary.ice.Stun;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The peers of one media loop, and the only place where sans-IO peers meet a socket and a clock: datagrams are routed to
 * their peer by source address, first checks by user name fragment; peers that changed are drained at the end of the turn.
 *
 * <p>Owned by the loop's thread, but for {@link #execute}.
 */
public final class LoopPeers implements DatagramReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(LoopPeers.class);

    /** How often a peer is drained in one turn before the others get theirs: a guard against an endless conversation. */
    private static final int DRAINS_PER_TURN_MAX = 64;

    private final MediaLoop loop;
    private final PeerDirectory directory;
    private final Map<InetSocketAddress, PeerAttachment> byAddress = new HashMap<>();
    private final ArrayDeque<PeerAttachment> dirty = new ArrayDeque<>();
    private final Transmit slot = new Transmit();
    private long unroutedCount;
    private boolean inTurn;
    private boolean drainScheduled;

    /** The peers of a loop; {@code directory} is shared with the other loops of the port. */
    public LoopPeers(MediaLoop loop, PeerDirectory directory) {
        this.loop = loop;
        this.directory = directory;
    }

    /** The loop. */
    public MediaLoop loop() {
        return loop;
    }

    /** Datagrams that belonged to nobody. */
    public long unroutedCount() {
        return unroutedCount;
    }

    /** Runs a task on the loop and drains the peers that it touched. Any thread. */
    public void execute(Runnable task) {
        loop.execute(() -> {
            inTurn = true;
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("A task of a media loop failed", e);
            }
            batchEnded(loop.nowNanos());
        });
    }

    /**
     * Puts a peer on this loop.
     *
     * @param validated whether datagrams from an address may be the peer's: an address comes into the routing table only
     *     after that, or strangers could fill it
     */
    public PeerAttachment attach(
            DatagramProtocol protocol, PeerAttachment.Owner owner, Predicate<InetSocketAddress> validated) {
        return new PeerAttachment(this, protocol, owner, validated);
    }

    @Override
    public void receive(ByteBuffer datagram, InetSocketAddress source, long nowNanos) {
        inTurn = true;
        PeerAttachment peer = byAddress.get(source);
        if (peer == null || Stun.isStun(datagram)) {
            // A check names its session: an address that a session left behind may have become another's.
            PeerAttachment named = ofUfrag(datagram);
            peer = named != null ? named : peer != null ? peer : directory.ofAddress(source);
        }
        if (peer == null) {
            peer = ofSource(datagram);
        }
        if (peer == null) {
            unroutedCount++;
            return;
        }
        if (peer.loop() != loop) {
            peer.loop().handOver(datagram, source);
            return;
        }
        try {
            peer.protocol().handleDatagram(datagram, source, nowNanos);
        } catch (RuntimeException e) {
            fail(peer, e, nowNanos);
            return;
        }
        if (!peer.addresses.contains(source) && peer.answersFrom(source)) {
            move(source, peer);
        }
        touch(peer);
    }

    private @Nullable PeerAttachment ofUfrag(ByteBuffer datagram) {
        String ufrag = Stun.isStun(datagram) ? Stun.localUfragOf(datagram) : null;
        return ufrag == null ? null : directory.ofUfrag(ufrag);
    }

    /** A peer whose NAT forgot it goes on sending: its media says whose it is, and the peer's keys say whether that is so. */
    private @Nullable PeerAttachment ofSource(ByteBuffer datagram) {
        byte[] bytes = datagram.array();
        int offset = datagram.arrayOffset() + datagram.position();
        int length = datagram.remaining();
        int ssrc = RtpPacket.isRtpOrRtcp(bytes, offset, length) ? RtpPacket.senderSsrc(bytes, offset, length) : 0;
        return ssrc == 0 ? null : directory.ofSource(ssrc);
    }

    private void move(InetSocketAddress source, PeerAttachment peer) {
        if (peer.addresses.size() >= PeerAttachment.ADDRESSES_MAX && !peer.addresses.contains(source)) {
            InetSocketAddress oldest = peer.addresses.iterator().next();
            peer.addresses.remove(oldest);
            byAddress.remove(oldest, peer);
            directory.removeAddress(oldest, peer);
        }
        PeerAttachment before = byAddress.put(source, peer);
        if (before != null && before != peer) {
            before.addresses.remove(source);
        }
        directory.addAddress(source, peer);
        peer.addresses.add(source);
    }

    void addUfrag(PeerAttachment peer, String ufrag) {
        if (peer.ufrags.add(ufrag)) {
            directory.addUfrag(ufrag, peer);
        }
    }

    void addSource(PeerAttachment peer, int ssrc) {
        if (directory.addSource(ssrc, peer)) {
            peer.sources.add(ssrc);
        }
    }

    void removeUfrag(PeerAttachment peer, String ufrag) {
        if (peer.ufrags.remove(ufrag)) {
            directory.removeUfrag(ufrag, peer);
        }
    }

    void touch(PeerAttachment peer) {
        if (!peer.dirty && !peer.detached) {
            peer.dirty = true;
            dirty.add(peer);
        }
        // Touched by another socket's turn of the same loop: nobody else would drain it.
        if (!inTurn && !drainScheduled) {
            drainScheduled = true;
            loop.execute(() -> {
                drainScheduled = false;
                batchEnded(loop.nowNanos());
            });
        }
    }

    void detach(PeerAttachment peer) {
        if (peer.detached) {
            return;
        }
        transmit(peer);
        drop(peer);
    }

    private void drop(PeerAttachment peer) {
        peer.detached = true;
        if (peer.timer != null) {
            peer.timer.cancel();
            peer.timer = null;
        }
        for (String ufrag : peer.ufrags) {
            directory.removeUfrag(ufrag, peer);
        }
        for (InetSocketAddress address : peer.addresses) {
            byAddress.remove(address, peer);
            directory.removeAddress(address, peer);
        }
        for (int ssrc : peer.sources) {
            directory.removeSource(ssrc, peer);
        }
        peer.ufrags.clear();
        peer.sources.clear();
        peer.addresses.clear();
    }

    @Override
    public void batchEnded(long nowNanos) {
        inTurn = true;
        for (PeerAttachment peer; (peer = dirty.poll()) != null; ) {
            peer.dirty = false;
            try {
                drain(peer, nowNanos);
            } catch (RuntimeException e) {
                fail(peer, e, nowNanos);
            }
        }
        inTurn = false;
    }

    /** Our bug, not the loop's end: this session goes, the others stay. */
    private void fail(PeerAttachment peer, RuntimeException cause, long nowNanos) {
        LOG.error("A session failed and is closed", cause);
        try {
            peer.owner().failed(nowNanos);
        } catch (RuntimeException e) {
            LOG.error("A session failed while it was closed", e);
        }
        drop(peer);
    }

    private void drain(PeerAttachment peer, long nowNanos) {
        for (int i = 0; i < DRAINS_PER_TURN_MAX && !peer.detached; i++) {
            transmit(peer);
            if (!peer.owner().process(nowNanos)) {
                break;
            }
        }
        if (!peer.detached) {
            transmit(peer);
            arm(peer, nowNanos);
        }
    }

    private void transmit(PeerAttachment peer) {
        while (peer.protocol().pollTransmit(slot)) {
            // An address that we merely ask is another's as long as it is that one's.
            if (!peer.addresses.contains(slot.destination())
                    && !byAddress.containsKey(slot.destination())
                    && peer.answersFrom(slot.destination())) {
                move(slot.destination(), peer);
            }
            loop.send(slot.buffer(), slot.destination());
        }
    }

    private void arm(PeerAttachment peer, long nowNanos) {
        long deadline = peer.protocol().nextTimeoutNanos();
        if (deadline == peer.timerNanos && peer.timer != null) {
            return;
        }
        if (peer.timer != null) {
            peer.timer.cancel();
            peer.timer = null;
        }
        peer.timerNanos = deadline;
        if (deadline != DatagramProtocol.NEVER) {
            peer.timer = loop.schedule(Math.max(0, deadline - nowNanos), () -> fire(peer));
        }
    }

    private void fire(PeerAttachment peer) {
        peer.timer = null;
        peer.timerNanos = DatagramProtocol.NEVER;
        inTurn = true;
        if (!peer.detached) {
            long nowNanos = loop.nowNanos();
            try {
                peer.protocol().handleTimeout(nowNanos);
                touch(peer);
            } catch (RuntimeException e) {
                fail(peer, e, nowNanos);
            }
        }
        batchEnded(loop.nowNanos());
    }
}

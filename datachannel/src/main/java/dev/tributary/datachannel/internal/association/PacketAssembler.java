// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.association;

import dev.tributary.datachannel.SctpState;
import dev.tributary.datachannel.internal.tx.OutgoingChunk;
import dev.tributary.datachannel.internal.tx.RetransmissionQueue;
import dev.tributary.datachannel.internal.wire.ForwardTsnChunk;
import dev.tributary.datachannel.internal.wire.PacketHeader;
import dev.tributary.datachannel.internal.wire.SackChunk;
import java.nio.ByteBuffer;

/**
 * Puts the next packet together: control chunks first, then SACK, FORWARD TSN, chunks that are sent again, new ones.
 *
 * <p>Not thread-safe.
 */
final class PacketAssembler {
    /** RFC 9260 §6.1 D, §16 Max.Burst: so many packets of data follow one event. */
    private static final int BURST_PACKETS = 4;

    /** A loop that hands over several packets before it drains gets the burst of each, up to that many. */
    private static final int BURST_PACKETS_MAX = 64;

    private static final long ACK_DELAY_NANOS_MAX = 200_000_000L;

    private final Association association;
    private final int mtuBytes;
    private int burst;
    private long burstNanos;
    private long packetsSent;

    PacketAssembler(Association association) {
        this.association = association;
        this.mtuBytes = association.settings.mtuBytes();
    }

    long packetsSent() {
        return packetsSent;
    }

    /** Something happened: a few more packets may go. */
    void grantBurst(long nowNanos) {
        if (nowNanos != burstNanos) {
            burstNanos = nowNanos;
            burst = 0;
        }
        burst = Math.min(burst + BURST_PACKETS, BURST_PACKETS_MAX);
    }

    boolean assemble(ByteBuffer out, long nowNanos) {
        int local = association.settings.localPort();
        int remote = association.settings.remotePort();
        if (association.control.writeAlone(out, local, remote)) {
            packetsSent++;
            return true;
        }
        Session session = association.session();
        if (session == null) {
            return false;
        }
        PacketHeader.write(out, local, remote, session.peer.tag());
        boolean withChecksum = !session.agreed.zeroChecksum();
        if (association.state() == SctpState.COOKIE_ECHOED) {
            byte[] cookie = association.handshake.takeCookieEcho();
            if (cookie == null) {
                return false;
            }
            out.put(cookie);
            association.control.writeTogether(out, mtuBytes);
            // RFC 9653 §5.2: a packet with COOKIE ECHO has a checksum in any case.
            withChecksum = true;
        } else if (association.state().compareTo(SctpState.ESTABLISHED) < 0 || !fill(out, session, nowNanos)) {
            return false;
        }
        if (withChecksum) {
            PacketHeader.seal(out, 0);
        }
        packetsSent++;
        return true;
    }

    private boolean fill(ByteBuffer out, Session session, long nowNanos) {
        association.resets.begin(session, nowNanos);
        association.control.writeTogether(out, mtuBytes);
        boolean hasContent = out.position() > PacketHeader.BYTES;
        int beforeSack = out.position();
        boolean withSack = session.tracker.isAckPending();
        long window = association.windowBytes();
        if (withSack) {
            SackChunk sack = session.tracker.sack(window);
            withSack = sack.sizeBytes() <= mtuBytes - out.position();
            if (withSack) {
                sack.write(out);
            }
        }
        boolean withData = mayCarryData() && fillData(out, session, nowNanos);
        if (withData || hasContent || (withSack && session.tracker.isAckDue())) {
            if (withSack) {
                session.tracker.sackSent();
                association.window.said(window);
                association.timers.stop(Timers.Kind.ACK);
            }
            return true;
        }
        out.position(beforeSack);
        if (session.tracker.isAckPending()) {
            // RFC 9260 §6.2: within 200 ms, and well before the peer's time-out.
            long delay = Math.min(ACK_DELAY_NANOS_MAX, association.timeout.nanos() / 2);
            association.timers.setUnlessRunning(Timers.Kind.ACK, nowNanos + delay);
        }
        return false;
    }

    private boolean mayCarryData() {
        return switch (association.state()) {
            case ESTABLISHED, SHUTDOWN_PENDING, SHUTDOWN_RECEIVED -> true;
            default -> false;
        };
    }

    private boolean fillData(ByteBuffer out, Session session, long nowNanos) {
        RetransmissionQueue retransmissions = session.retransmissions;
        int before = out.position();
        // RFC 9260 §6.10: control chunks come before DATA; there are stacks that abort otherwise.
        writeForwardTsn(out, session, nowNanos);
        if (burst > 0) {
            int beforeData = out.position();
            boolean immediate = retransmissions.wantsImmediateSack();
            OutgoingChunk chunk = retransmissions.next(mtuBytes - out.position(), true, nowNanos);
            while (chunk != null) {
                chunk.write(out, immediate);
                chunk = retransmissions.next(mtuBytes - out.position(), false, nowNanos);
            }
            if (out.position() > beforeData) {
                burst--;
                retransmissions.packetDone();
            } else {
                // Instead of being sent, something may have been given up.
                writeForwardTsn(out, session, nowNanos);
            }
        }
        boolean withData = out.position() > before;
        if (withData && !retransmissions.isEmpty()) {
            association.timers.setUnlessRunning(Timers.Kind.T3, nowNanos + association.timeout.nanos());
        }
        return withData;
    }

    private void writeForwardTsn(ByteBuffer out, Session session, long nowNanos) {
        RetransmissionQueue retransmissions = session.retransmissions;
        int room = mtuBytes - out.position();
        if (retransmissions.isForwardTsnDue() && room >= ForwardTsnChunk.BYTES_MIN) {
            retransmissions.takeForwardTsn(room, nowNanos).write(out, session.agreed.interleaving());
            association.timers.set(Timers.Kind.FORWARD_TSN, nowNanos + retransmissions.forwardTsnRepeatNanos());
        }
    }
}

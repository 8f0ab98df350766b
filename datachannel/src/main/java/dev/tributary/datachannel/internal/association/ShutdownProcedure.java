// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.association;

import dev.tributary.datachannel.CloseReason;
import dev.tributary.datachannel.SctpAnomaly;
import dev.tributary.datachannel.SctpState;
import dev.tributary.datachannel.internal.wire.ChunkCursor;
import dev.tributary.datachannel.internal.wire.ChunkType;
import dev.tributary.datachannel.internal.wire.PlainChunk;

/**
 * The graceful end (RFC 9260 §9.2): nothing is lost that was given to be sent before.
 *
 * <pre>
 * A: SHUTDOWN-PENDING until everything is acknowledged
 * A -&gt; SHUTDOWN          -&gt; Z      A: SHUTDOWN-SENT, Z: SHUTDOWN-RECEIVED until everything is acknowledged
 * A &lt;- SHUTDOWN ACK      &lt;- Z      Z: SHUTDOWN-ACK-SENT
 * A -&gt; SHUTDOWN COMPLETE -&gt; Z      both closed
 * </pre>
 *
 * <p>Not thread-safe.
 */
final class ShutdownProcedure {
    private final Association association;

    ShutdownProcedure(Association association) {
        this.association = association;
    }

    /** The application asks for it. */
    void begin() {
        if (association.state() == SctpState.ESTABLISHED) {
            association.enter(SctpState.SHUTDOWN_PENDING);
            progress();
        } else if (association.state().compareTo(SctpState.ESTABLISHED) < 0) {
            association.close(new CloseReason(CloseReason.Kind.SHUTDOWN, 0, "Shut down before it was established"));
        }
    }

    /** Sends SHUTDOWN or SHUTDOWN ACK when nothing is left to send. */
    void progress() {
        Session session = association.session();
        if (session == null
                || !association.queue.isDrained(association.nowNanos())
                || !session.retransmissions.isEmpty()) {
            return;
        }
        if (association.state() == SctpState.SHUTDOWN_PENDING) {
            association.enter(SctpState.SHUTDOWN_SENT);
            sendShutdown(session);
        } else if (association.state() == SctpState.SHUTDOWN_RECEIVED) {
            association.enter(SctpState.SHUTDOWN_ACK_SENT);
            sendShutdownAck();
        }
    }

    /** T2 ran out: what was sent last is sent again. */
    void handleTimer() {
        if (association.giveUpUnanswered()) {
            return;
        }
        association.timeout.backOff();
        Session session = association.session();
        if (session == null) {
            return;
        }
        if (association.state() == SctpState.SHUTDOWN_SENT) {
            sendShutdown(session);
        } else if (association.state() == SctpState.SHUTDOWN_ACK_SENT) {
            sendShutdownAck();
        }
    }

    /** Takes SHUTDOWN. Returns whether its cumulative TSN ack was used. */
    boolean handleShutdown(ChunkCursor chunk, Session session, long nowNanos) {
        if (chunk.valueLength() < 4) {
            association.anomalies.count(SctpAnomaly.MALFORMED_CHUNK);
            return false;
        }
        int cumulative = chunk.packet().getInt(chunk.valueOffset());
        if (!session.retransmissions.handleCumulativeTsn(cumulative, nowNanos)) {
            association.anomalies.count(SctpAnomaly.SACK_OF_UNSENT_TSN);
            return false;
        }
        switch (association.state()) {
            case ESTABLISHED, SHUTDOWN_PENDING -> association.enter(SctpState.SHUTDOWN_RECEIVED);
            case SHUTDOWN_SENT -> {
                // RFC 9260 §9.2: both shut down at the same time.
                association.enter(SctpState.SHUTDOWN_ACK_SENT);
                sendShutdownAck();
            }
            case SHUTDOWN_ACK_SENT -> sendShutdownAck();
            default -> {
                // SHUTDOWN_RECEIVED: only the acknowledgement counts. Earlier states: RFC 9260 §9.2, dropped.
            }
        }
        return true;
    }

    void handleShutdownAck(Session session) {
        switch (association.state()) {
            case SHUTDOWN_SENT, SHUTDOWN_ACK_SENT -> {
                association.control.addAlone(session.peer.tag(), PlainChunk.of(ChunkType.SHUTDOWN_COMPLETE, 0));
                association.close(new CloseReason(CloseReason.Kind.SHUTDOWN, 0, "Shut down"));
            }
            default -> association.anomalies.count(SctpAnomaly.UNEXPECTED_CHUNK);
        }
    }

    void handleShutdownComplete() {
        if (association.state() == SctpState.SHUTDOWN_ACK_SENT) {
            association.close(new CloseReason(CloseReason.Kind.SHUTDOWN, 0, "Shut down by the peer"));
        } else {
            association.anomalies.count(SctpAnomaly.UNEXPECTED_CHUNK);
        }
    }

    /** RFC 9260 §9.2: in SHUTDOWN-SENT, data is answered with SHUTDOWN at once. */
    void dataReceived(Session session) {
        if (association.state() == SctpState.SHUTDOWN_SENT) {
            sendShutdown(session);
        }
    }

    private void sendShutdown(Session session) {
        association.control.add(PlainChunk.shutdown((int) session.tracker.cumulativeTsn()));
        startT2();
    }

    private void sendShutdownAck() {
        association.control.add(PlainChunk.of(ChunkType.SHUTDOWN_ACK, 0));
        startT2();
    }

    private void startT2() {
        association.timers.set(Timers.Kind.T2, association.nowNanos() + association.timeout.nanos());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.association;

import dev.tributary.datachannel.CloseReason;
import dev.tributary.datachannel.SctpAnomaly;
import dev.tributary.datachannel.SctpState;
import dev.tributary.datachannel.internal.tx.RetransmissionQueue.SackResult;
import dev.tributary.datachannel.internal.wire.ChunkCursor;
import dev.tributary.datachannel.internal.wire.ChunkType;
import dev.tributary.datachannel.internal.wire.ErrorCause;
import dev.tributary.datachannel.internal.wire.InitChunk;
import dev.tributary.datachannel.internal.wire.PacketHeader;
import dev.tributary.datachannel.internal.wire.PlainChunk;
import dev.tributary.datachannel.internal.wire.ReconfigParameter;
import dev.tributary.datachannel.internal.wire.SackChunk;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Takes packets apart and hands each chunk to the procedure that it is for. Nothing in here throws, whatever comes: what
 * makes no sense is counted, answered as the RFC says, or dropped.
 *
 * <p>Not thread-safe.
 */
final class PacketReceiver {
    private final Association association;
    private final Anomalies anomalies;
    private final PacketAcceptance acceptance;
    private final DataReceiver dataReceiver;
    private final ChunkCursor chunks = new ChunkCursor();

    PacketReceiver(Association association) {
        this.association = association;
        this.anomalies = association.anomalies;
        this.acceptance = new PacketAcceptance(association);
        this.dataReceiver = new DataReceiver(association);
    }

    void handle(ByteBuffer received, long nowNanos) {
        ByteBuffer packet = received.order() == ByteOrder.BIG_ENDIAN ? received : received.slice();
        int start = packet.position();
        chunks.begin(packet, start + PacketHeader.BYTES, packet.limit());
        if (packet.remaining() < PacketHeader.BYTES || !chunks.advance()) {
            anomalies.count(SctpAnomaly.MALFORMED_PACKET);
            return;
        }
        if (!acceptance.accepts(packet, start, chunks)) {
            return;
        }
        if (chunks.type() != ChunkType.COOKIE_ECHO && chunks.type() != ChunkType.INIT) {
            association.heartbeats.heard(nowNanos);
        }
        int tag = PacketHeader.tag(packet, start);
        boolean more = true;
        while (more && association.state() != SctpState.CLOSED) {
            more = handleChunk(chunks, tag, nowNanos) && chunks.advance();
        }
        if (chunks.isMalformed()) {
            anomalies.count(SctpAnomaly.MALFORMED_PACKET);
        }
        packetDone();
    }

    /** Returns false when the rest of the packet must not be looked at. */
    private boolean handleChunk(ChunkCursor chunk, int tag, long nowNanos) {
        int at = chunk.valueOffset();
        int length = chunk.valueLength();
        ByteBuffer in = chunk.packet();
        int type = chunk.type();
        if (type == ChunkType.INIT || type == ChunkType.INIT_ACK) {
            return handleInit(chunk, nowNanos);
        }
        if (type == ChunkType.COOKIE_ECHO) {
            return association.handshake.handleCookieEcho(chunk.value(), tag, nowNanos);
        }
        Session session = association.session();
        if (session == null) {
            if (type == ChunkType.ABORT) {
                handleAbort(in, at, length);
            } else {
                anomalies.count(SctpAnomaly.UNEXPECTED_CHUNK);
            }
            return false;
        }
        switch (type) {
            case ChunkType.DATA, ChunkType.I_DATA -> dataReceiver.handleData(chunk, session);
            case ChunkType.SACK -> handleSack(SackChunk.decode(in, at, length), session, nowNanos);
            case ChunkType.COOKIE_ACK -> association.handshake.handleCookieAck(nowNanos);
            case ChunkType.HEARTBEAT ->
                association.control.add(PlainChunk.of(ChunkType.HEARTBEAT_ACK, 0, chunk.value()));
            case ChunkType.HEARTBEAT_ACK -> association.heartbeats.handleAck(in, at, length, nowNanos);
            case ChunkType.ABORT -> handleAbort(in, at, length);
            case ChunkType.ERROR -> handleError(ErrorCause.decode(in, at, length), nowNanos);
            case ChunkType.FORWARD_TSN, ChunkType.I_FORWARD_TSN -> dataReceiver.handleForwardTsn(chunk, session);
            case ChunkType.RE_CONFIG ->
                association.resets.handle(ReconfigParameter.decode(in, at, length), session, nowNanos);
            case ChunkType.SHUTDOWN -> handleShutdown(chunk, session, nowNanos);
            case ChunkType.SHUTDOWN_ACK -> association.shutdown.handleShutdownAck(session);
            case ChunkType.SHUTDOWN_COMPLETE -> association.shutdown.handleShutdownComplete();
            default -> {
                return handleUnknown(chunk);
            }
        }
        return true;
    }

    private boolean handleInit(ChunkCursor chunk, long nowNanos) {
        InitChunk init = InitChunk.decode(chunk.packet(), chunk.valueOffset(), chunk.valueLength());
        if (init == null) {
            anomalies.count(SctpAnomaly.MALFORMED_CHUNK);
        } else if (chunk.type() == ChunkType.INIT) {
            association.handshake.handleInit(init, nowNanos);
        } else {
            association.handshake.handleInitAck(init, nowNanos);
        }
        // RFC 9260 §6.10: neither shares a packet.
        return false;
    }

    private void handleSack(@Nullable SackChunk sack, Session session, long nowNanos) {
        if (sack == null) {
            anomalies.count(SctpAnomaly.MALFORMED_CHUNK);
            return;
        }
        SackResult result = session.retransmissions.handleSack(sack, nowNanos);
        if (result == SackResult.USED) {
            afterAck(session, nowNanos);
        } else {
            anomalies.count(result == SackResult.OLD ? SctpAnomaly.OLD_SACK : SctpAnomaly.SACK_OF_UNSENT_TSN);
        }
    }

    private void handleShutdown(ChunkCursor chunk, Session session, long nowNanos) {
        if (association.shutdown.handleShutdown(chunk, session, nowNanos)) {
            afterAck(session, nowNanos);
        }
    }

    private void afterAck(Session session, long nowNanos) {
        association.answered();
        boolean advanced = session.retransmissions.takeCumulativeAdvanced();
        // RFC 9260 §6.3.2 R2, R3.
        if (session.retransmissions.isEmpty()) {
            association.timers.stop(Timers.Kind.T3);
        } else if (advanced) {
            association.timers.set(Timers.Kind.T3, nowNanos + association.timeout.nanos());
        }
        association.shutdown.progress();
    }

    private void handleAbort(ByteBuffer in, int at, int length) {
        ErrorCause cause = ErrorCause.decode(in, at, length);
        association.control.clear();
        association.close(
                cause == null
                        ? new CloseReason(CloseReason.Kind.ABORTED_BY_PEER, 0, "")
                        : new CloseReason(CloseReason.Kind.ABORTED_BY_PEER, cause.code(), cause.text()));
    }

    private void handleError(@Nullable ErrorCause cause, long nowNanos) {
        anomalies.count(SctpAnomaly.PEER_REPORTED_ERROR);
        if (cause != null && cause.code() == ErrorCause.STALE_COOKIE) {
            association.handshake.handleStaleCookie(nowNanos);
        }
    }

    private boolean handleUnknown(ChunkCursor chunk) {
        anomalies.count(SctpAnomaly.UNKNOWN_CHUNK);
        if (ChunkType.reportWhenUnknown(chunk.type())) {
            association.control.add(ErrorCause.of(ErrorCause.UNRECOGNIZED_CHUNK_TYPE, chunk.chunk())
                    .chunk(ChunkType.ERROR, 0));
        }
        return ChunkType.skipWhenUnknown(chunk.type());
    }

    private void packetDone() {
        Session session = association.session();
        if (session != null && association.state() != SctpState.CLOSED && session.tracker.packetDone()) {
            association.shutdown.dataReceived(session);
        }
    }
}

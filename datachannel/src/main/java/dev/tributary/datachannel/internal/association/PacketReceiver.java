// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.association;

import dev.tributary.datachannel.CloseReason;
import dev.tributary.datachannel.SctpAnomaly;
import dev.tributary.datachannel.SctpEvent;
import dev.tributary.datachannel.SctpState;
import dev.tributary.datachannel.internal.rx.DataTracker;
import dev.tributary.datachannel.internal.rx.Reassembly;
import dev.tributary.datachannel.internal.tx.RetransmissionQueue.SackResult;
import dev.tributary.datachannel.internal.wire.ChunkCursor;
import dev.tributary.datachannel.internal.wire.ChunkType;
import dev.tributary.datachannel.internal.wire.DataChunk;
import dev.tributary.datachannel.internal.wire.ErrorCause;
import dev.tributary.datachannel.internal.wire.ForwardTsnChunk;
import dev.tributary.datachannel.internal.wire.InitChunk;
import dev.tributary.datachannel.internal.wire.PacketHeader;
import dev.tributary.datachannel.internal.wire.PlainChunk;
import dev.tributary.datachannel.internal.wire.ReconfigParameter;
import dev.tributary.datachannel.internal.wire.SackChunk;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes packets apart and hands each chunk to what it is for. Nothing in here throws, whatever comes: what makes no sense
 * is counted, answered as the RFC says, or dropped.
 *
 * <p>Not thread-safe.
 */
final class PacketReceiver {
    private final Association association;
    private final Anomalies anomalies;
    private final DataChunk data = new DataChunk();

    PacketReceiver(Association association) {
        this.association = association;
        this.anomalies = association.anomalies;
    }

    void handle(ByteBuffer received, long nowNanos) {
        ByteBuffer packet = received.slice();
        int size = packet.remaining();
        ChunkCursor chunks = new ChunkCursor(packet, PacketHeader.BYTES, size);
        if (size < PacketHeader.BYTES || !chunks.advance()) {
            anomalies.count(SctpAnomaly.MALFORMED_PACKET);
            return;
        }
        if (PacketHeader.sourcePort(packet, 0) != association.settings.remotePort()
                || PacketHeader.destinationPort(packet, 0) != association.settings.localPort()) {
            anomalies.count(SctpAnomaly.WRONG_PORT);
            return;
        }
        if (!hasAcceptableChecksum(packet, size, chunks.type())) {
            anomalies.count(SctpAnomaly.BAD_CHECKSUM);
            return;
        }
        int tag = PacketHeader.tag(packet, 0);
        if (association.state() == SctpState.CLOSED) {
            answerOutOfTheBlue(chunks, tag);
            return;
        }
        if (!hasValidTag(chunks, tag)) {
            anomalies.count(SctpAnomaly.BAD_VERIFICATION_TAG);
            return;
        }
        if (chunks.type() != ChunkType.COOKIE_ECHO && chunks.type() != ChunkType.INIT) {
            association.heard();
        }
        boolean more = true;
        while (more && association.state() != SctpState.CLOSED) {
            more = handleChunk(chunks, tag, nowNanos) && chunks.advance();
        }
        if (chunks.isMalformed()) {
            anomalies.count(SctpAnomaly.MALFORMED_PACKET);
        }
        packetDone();
    }

    /** RFC 9260 §8.4: a peer that has not noticed the end is told, under its own tag. */
    private void answerOutOfTheBlue(ChunkCursor chunks, int tag) {
        switch (chunks.type()) {
            case ChunkType.SHUTDOWN_ACK ->
                association.control.addAlone(tag, PlainChunk.of(ChunkType.SHUTDOWN_COMPLETE, ChunkType.FLAG_T));
            case ChunkType.INIT, ChunkType.DATA, ChunkType.I_DATA, ChunkType.SACK, ChunkType.HEARTBEAT ->
                association.control.addAlone(
                        chunks.type() == ChunkType.INIT && chunks.valueLength() >= 4
                                ? chunks.packet().getInt(chunks.valueOffset())
                                : tag,
                        PlainChunk.of(ChunkType.ABORT, chunks.type() == ChunkType.INIT ? 0 : ChunkType.FLAG_T));
            default -> anomalies.count(SctpAnomaly.UNEXPECTED_CHUNK);
        }
    }

    private boolean hasAcceptableChecksum(ByteBuffer packet, int size, int firstType) {
        if (PacketHeader.hasValidChecksum(packet, 0, size)) {
            return true;
        }
        // RFC 9653 §5.3: zero is good when it was agreed on, but not with INIT and COOKIE ECHO.
        return association.settings.zeroChecksum()
                && PacketHeader.hasZeroChecksum(packet, 0)
                && firstType != ChunkType.INIT
                && firstType != ChunkType.COOKIE_ECHO;
    }

    /** RFC 9260 §8.5. */
    private boolean hasValidTag(ChunkCursor chunks, int tag) {
        int type = chunks.type();
        Session session = association.session();
        if (type == ChunkType.INIT) {
            return tag == 0 && chunks.isLast();
        }
        if (type == ChunkType.COOKIE_ECHO) {
            // Compared with the tag in the cookie.
            return tag != 0;
        }
        if (type == ChunkType.INIT_ACK) {
            return tag == association.handshake.localTag() && chunks.isLast();
        }
        boolean reflected = (chunks.flags() & ChunkType.FLAG_T) != 0
                && (type == ChunkType.ABORT || type == ChunkType.SHUTDOWN_COMPLETE);
        if (session == null) {
            // Only what can answer our INIT.
            return association.state() == SctpState.COOKIE_WAIT
                    && type == ChunkType.ABORT
                    && !reflected
                    && tag == association.handshake.localTag();
        }
        return tag == (reflected ? session.peer.tag() : session.localTag);
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
            case ChunkType.DATA, ChunkType.I_DATA -> handleData(chunk, session);
            case ChunkType.SACK -> handleSack(SackChunk.decode(in, at, length), session, nowNanos);
            case ChunkType.COOKIE_ACK -> association.handshake.handleCookieAck(nowNanos);
            case ChunkType.HEARTBEAT ->
                association.control.add(PlainChunk.of(ChunkType.HEARTBEAT_ACK, 0, chunk.value()));
            case ChunkType.HEARTBEAT_ACK -> association.heartbeatAcked(in, at, length);
            case ChunkType.ABORT -> handleAbort(in, at, length);
            case ChunkType.ERROR -> handleError(ErrorCause.decode(in, at, length), nowNanos);
            case ChunkType.FORWARD_TSN, ChunkType.I_FORWARD_TSN -> handleForwardTsn(chunk, session);
            case ChunkType.RE_CONFIG -> handleReconfig(ReconfigParameter.decode(in, at, length), session, nowNanos);
            case ChunkType.SHUTDOWN -> handleShutdown(chunk, session, nowNanos);
            case ChunkType.SHUTDOWN_ACK -> handleShutdownAck(session);
            case ChunkType.SHUTDOWN_COMPLETE -> handleShutdownComplete();
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

    // ------------------------------------------------------------------ data

    private void handleData(ChunkCursor chunk, Session session) {
        boolean interleaved = chunk.type() == ChunkType.I_DATA;
        if (!acceptsData() || interleaved != session.agreed.interleaving()) {
            // RFC 8260 §2.2.2: of DATA and I-DATA only the agreed one.
            anomalies.count(SctpAnomaly.UNEXPECTED_CHUNK);
            return;
        }
        boolean decoded = interleaved
                ? data.decodeInterleaved(chunk.packet(), chunk.flags(), chunk.valueOffset(), chunk.valueLength())
                : data.decode(chunk.packet(), chunk.flags(), chunk.valueOffset(), chunk.valueLength());
        if (!decoded) {
            anomalies.count(SctpAnomaly.MALFORMED_CHUNK);
            return;
        }
        if (data.payloadBytes == 0) {
            // RFC 9260 §6.2: an ERROR, and the chunk is dropped; without its TSN nothing goes on, so RFC 9260 §3.3.10.9
            // ends the association.
            association.misbehaved(ErrorCause.noUserData(data.tsn), SctpAnomaly.NO_USER_DATA);
            return;
        }
        DataTracker tracker = session.tracker;
        long tsn = tracker.unwrap(data.tsn);
        DataTracker.Sight sight = tracker.see(tsn, data.isImmediate());
        if (sight != DataTracker.Sight.NEW) {
            anomalies.count(
                    sight == DataTracker.Sight.DUPLICATE ? SctpAnomaly.DUPLICATE_TSN : SctpAnomaly.TSN_TOO_FAR_AHEAD);
        } else if (hasRoom(tsn, session)) {
            takeData(chunk.packet(), tsn, session);
        }
    }

    private boolean acceptsData() {
        return switch (association.state()) {
            case ESTABLISHED, SHUTDOWN_PENDING, SHUTDOWN_SENT -> true;
            default -> false;
        };
    }

    /** Whether a chunk may be kept. What is refused counts as lost: a peer that keeps to the window never meets this. */
    private boolean hasRoom(long tsn, Session session) {
        int window = association.settings.limits().receiveWindowBytes();
        int fragmentsMax = association.settings.limits().fragmentsMax();
        Reassembly reassembly = session.reassembly;
        long kept = reassembly.waitingBytes() + association.unpolledBytes();
        boolean next = tsn == session.tracker.cumulativeTsn() + 1;
        boolean full = kept + data.payloadBytes > window || reassembly.waitingCount() >= fragmentsMax;
        if (!full && (next || kept < window / 10L * 9 || !session.tracker.wouldOpenGap(tsn))) {
            return true;
        }
        if (full && next && association.unpolledBytes() == 0) {
            // Everything that is kept waits for something that is not the next chunk, and the application is not slow.
            boolean stuck = kept > window + (long) association.settings.limits().receivedMessageBytesMax()
                    || reassembly.waitingCount() > 2L * fragmentsMax;
            if (!stuck) {
                return true;
            }
            association.misbehaved(
                    ErrorCause.of(ErrorCause.OUT_OF_RESOURCE, "Receive buffer exhausted"), SctpAnomaly.WINDOW_EXCEEDED);
            return false;
        }
        anomalies.count(SctpAnomaly.WINDOW_EXCEEDED);
        session.tracker.windowChanged();
        return false;
    }

    private void takeData(ByteBuffer packet, long tsn, Session session) {
        session.tracker.take(tsn);
        if (data.stream >= association.settings.limits().streamsMax()) {
            // RFC 9260 §6.5: acknowledged, reported, and not delivered.
            anomalies.count(SctpAnomaly.INVALID_STREAM);
            association.control.add(ErrorCause.invalidStream(data.stream).chunk(ChunkType.ERROR, 0));
            return;
        }
        switch (session.reassembly.add(data, tsn, packet)) {
            case TAKEN -> performWaitingReset(session);
            case INCONSISTENT ->
                association.misbehaved(
                        ErrorCause.of(ErrorCause.PROTOCOL_VIOLATION, "Fragments contradict each other"),
                        SctpAnomaly.INCONSISTENT_FRAGMENTS);
            case MESSAGE_TOO_LARGE ->
                association.misbehaved(
                        ErrorCause.of(ErrorCause.PROTOCOL_VIOLATION, "Message larger than max-message-size"),
                        SctpAnomaly.MESSAGE_TOO_LARGE);
        }
    }

    private void handleForwardTsn(ChunkCursor chunk, Session session) {
        boolean interleaved = chunk.type() == ChunkType.I_FORWARD_TSN;
        if (!session.agreed.partialReliability() || interleaved != session.agreed.interleaving() || !acceptsData()) {
            anomalies.count(SctpAnomaly.INVALID_FORWARD_TSN);
            return;
        }
        ForwardTsnChunk forward = interleaved
                ? ForwardTsnChunk.decodeInterleaved(chunk.packet(), chunk.valueOffset(), chunk.valueLength())
                : ForwardTsnChunk.decode(chunk.packet(), chunk.valueOffset(), chunk.valueLength());
        if (forward == null) {
            anomalies.count(SctpAnomaly.MALFORMED_CHUNK);
            return;
        }
        DataTracker tracker = session.tracker;
        long to = tracker.unwrap(forward.newCumulativeTsn());
        if (to > tracker.cumulativeTsn() + association.settings.limits().tsnAheadMax()) {
            anomalies.count(SctpAnomaly.INVALID_FORWARD_TSN);
            return;
        }
        if (tracker.skipTo(to)) {
            session.reassembly.skip(to, forward.skipped());
            performWaitingReset(session);
        }
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

    private void afterAck(Session session, long nowNanos) {
        association.answered();
        boolean advanced = session.retransmissions.takeCumulativeAdvanced();
        // RFC 9260 §6.3.2 R2, R3.
        if (session.retransmissions.isEmpty()) {
            association.timers.stop(Timers.Kind.T3);
        } else if (advanced) {
            association.timers.set(Timers.Kind.T3, nowNanos + association.timeout.nanos());
        }
        association.progressShutdown();
    }

    // ------------------------------------------------------------------ stream resets

    private void handleReconfig(@Nullable List<ReconfigParameter> parameters, Session session, long nowNanos) {
        if (parameters == null) {
            anomalies.count(SctpAnomaly.MALFORMED_CHUNK);
            return;
        }
        if (!session.agreed.streamReset() || association.state().compareTo(SctpState.ESTABLISHED) < 0) {
            anomalies.count(SctpAnomaly.UNEXPECTED_CHUNK);
            return;
        }
        List<ReconfigParameter.Response> responses = new ArrayList<>();
        for (ReconfigParameter parameter : parameters) {
            if (parameter instanceof ReconfigParameter.Response response) {
                handleResetResponse(response, session, nowNanos);
            } else {
                responses.add(answerRequest(parameter, session));
            }
        }
        if (!responses.isEmpty()) {
            association.control.add(ReconfigParameter.chunk(responses));
        }
    }

    private ReconfigParameter.Response answerRequest(ReconfigParameter request, Session session) {
        StreamResets resets = session.resets;
        ReconfigParameter.Response known = resets.answerFromMemory(requestNumber(request));
        if (known != null) {
            if (known.result() == ReconfigParameter.Result.BAD_SEQUENCE_NUMBER) {
                anomalies.count(SctpAnomaly.BAD_RECONFIG_NUMBER);
            }
            return known;
        }
        if (request instanceof ReconfigParameter.OutgoingReset outgoing) {
            // RFC 6525 §5.2.2: the peer's number in "response sequence" is not looked at; some peers put their own
            // there.
            if (resets.accept(outgoing, session.tracker.cumulativeTsn())) {
                perform(outgoing, session);
            }
            return resets.lastResponse();
        }
        if (request instanceof ReconfigParameter.IncomingReset incoming) {
            incoming.streams().stream()
                    .filter(stream -> stream < association.outboundStreams())
                    .forEach(association.queue::prepareReset);
            return resets.accept(incoming, !incoming.streams().isEmpty());
        }
        anomalies.count(SctpAnomaly.UNSUPPORTED_RECONFIG);
        return resets.refuse((ReconfigParameter.Unsupported) request);
    }

    private static int requestNumber(ReconfigParameter request) {
        if (request instanceof ReconfigParameter.OutgoingReset outgoing) {
            return outgoing.requestNumber();
        } else if (request instanceof ReconfigParameter.IncomingReset incoming) {
            return incoming.requestNumber();
        }
        return ((ReconfigParameter.Unsupported) request).requestNumber();
    }

    private void performWaitingReset(Session session) {
        ReconfigParameter.OutgoingReset waiting = session.resets.takeWaiting(session.tracker.cumulativeTsn());
        if (waiting != null) {
            perform(waiting, session);
        }
    }

    private void perform(ReconfigParameter.OutgoingReset reset, Session session) {
        session.reassembly.resetStreams(reset.streams());
        association.tell(new SctpEvent.StreamsReset(reset.streams()));
    }

    private void handleResetResponse(ReconfigParameter.Response response, Session session, long nowNanos) {
        ReconfigParameter.OutgoingReset ended = session.resets.handle(response);
        association.answered();
        if (ended != null) {
            boolean performed = response.result() == ReconfigParameter.Result.PERFORMED
                    || response.result() == ReconfigParameter.Result.NOTHING_TO_DO;
            association.timers.stop(Timers.Kind.RECONFIG);
            association.queue.endResets(ended.streams(), performed);
            association.tell(new SctpEvent.ResetCompleted(ended.streams(), performed));
        } else if (session.resets.isUnderWay()) {
            association.timers.set(Timers.Kind.RECONFIG, nowNanos + association.timeout.nanos());
        }
    }

    // ------------------------------------------------------------------ ends and errors

    private void handleShutdown(ChunkCursor chunk, Session session, long nowNanos) {
        if (chunk.valueLength() < 4) {
            anomalies.count(SctpAnomaly.MALFORMED_CHUNK);
            return;
        }
        int cumulative = chunk.packet().getInt(chunk.valueOffset());
        if (!session.retransmissions.handleCumulativeTsn(cumulative, nowNanos)) {
            anomalies.count(SctpAnomaly.SACK_OF_UNSENT_TSN);
            return;
        }
        switch (association.state()) {
            case ESTABLISHED, SHUTDOWN_PENDING -> association.enter(SctpState.SHUTDOWN_RECEIVED);
            case SHUTDOWN_SENT -> {
                // RFC 9260 §9.2: both shut down at the same time.
                association.enter(SctpState.SHUTDOWN_ACK_SENT);
                association.sendShutdownAck();
            }
            case SHUTDOWN_ACK_SENT -> association.sendShutdownAck();
            default -> {
                // SHUTDOWN_RECEIVED: only the acknowledgement counts. Earlier states: RFC 9260 §9.2, dropped.
            }
        }
        afterAck(session, nowNanos);
    }

    private void handleShutdownAck(Session session) {
        switch (association.state()) {
            case SHUTDOWN_SENT, SHUTDOWN_ACK_SENT -> {
                association.control.addAlone(session.peer.tag(), PlainChunk.of(ChunkType.SHUTDOWN_COMPLETE, 0));
                association.close(new CloseReason(CloseReason.Kind.SHUTDOWN, 0, "Shut down"));
            }
            default -> anomalies.count(SctpAnomaly.UNEXPECTED_CHUNK);
        }
    }

    private void handleShutdownComplete() {
        if (association.state() == SctpState.SHUTDOWN_ACK_SENT) {
            association.close(new CloseReason(CloseReason.Kind.SHUTDOWN, 0, "Shut down by the peer"));
        } else {
            anomalies.count(SctpAnomaly.UNEXPECTED_CHUNK);
        }
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
        if (session == null || association.state() == SctpState.CLOSED) {
            return;
        }
        boolean dataInPacket = session.tracker.packetDone();
        if (dataInPacket && association.state() == SctpState.SHUTDOWN_SENT) {
            // RFC 9260 §9.2: in SHUTDOWN-SENT, data is answered with SHUTDOWN at once.
            association.sendShutdown(session);
        }
    }
}

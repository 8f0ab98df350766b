// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.association;

import dev.tributary.datachannel.Limits;
import dev.tributary.datachannel.SctpAnomaly;
import dev.tributary.datachannel.internal.rx.DataTracker;
import dev.tributary.datachannel.internal.rx.Reassembly;
import dev.tributary.datachannel.internal.wire.ChunkCursor;
import dev.tributary.datachannel.internal.wire.ChunkType;
import dev.tributary.datachannel.internal.wire.DataChunk;
import dev.tributary.datachannel.internal.wire.ErrorCause;
import dev.tributary.datachannel.internal.wire.ForwardTsnChunk;
import java.nio.ByteBuffer;

/**
 * DATA, I-DATA and the FORWARD TSNs as they arrive: whether they are taken, and what a peer hears that cannot be helped.
 *
 * <p>Not thread-safe.
 */
final class DataReceiver {
    private final Association association;
    private final Anomalies anomalies;
    private final Limits limits;
    private final DataChunk data = new DataChunk();

    DataReceiver(Association association) {
        this.association = association;
        this.anomalies = association.anomalies;
        this.limits = association.settings.limits();
    }

    void handleData(ChunkCursor chunk, Session session) {
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

    void handleForwardTsn(ChunkCursor chunk, Session session) {
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
        if (to > tracker.cumulativeTsn() + limits.tsnAheadMax()) {
            anomalies.count(SctpAnomaly.INVALID_FORWARD_TSN);
            return;
        }
        if (tracker.skipTo(to)) {
            session.reassembly.skip(to, forward.skipped());
            association.resets.performWaiting(session);
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
        long window = association.window.allBytes();
        long unpolled = association.window.unpolledBytes();
        Reassembly reassembly = session.reassembly;
        long kept = reassembly.waitingBytes() + unpolled;
        boolean next = tsn == session.tracker.cumulativeTsn() + 1;
        boolean full = kept + data.payloadBytes > window || reassembly.waitingCount() >= limits.fragmentsMax();
        if (!full && (next || kept < window / 10 * 9 || !session.tracker.wouldOpenGap(tsn))) {
            return true;
        }
        if (full && next && unpolled == 0) {
            // Everything that is kept waits for something that is not the next chunk, and the application is not slow.
            boolean stuck = kept > window + limits.receivedMessageBytesMax()
                    || reassembly.waitingCount() > 2L * limits.fragmentsMax();
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
        if (data.stream >= limits.streamsMax()) {
            // RFC 9260 §6.5: acknowledged, reported, and not delivered.
            anomalies.count(SctpAnomaly.INVALID_STREAM);
            association.control.add(ErrorCause.invalidStream(data.stream).chunk(ChunkType.ERROR, 0));
            return;
        }
        switch (session.reassembly.add(data, tsn, packet)) {
            case TAKEN -> association.resets.performWaiting(session);
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
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.association;

import dev.tributary.datachannel.SctpAnomaly;
import dev.tributary.datachannel.SctpState;
import dev.tributary.datachannel.internal.wire.ChunkCursor;
import dev.tributary.datachannel.internal.wire.ChunkType;
import dev.tributary.datachannel.internal.wire.PacketHeader;
import dev.tributary.datachannel.internal.wire.PlainChunk;
import java.nio.ByteBuffer;

/**
 * Which packets are for us: ports, checksum and verification tag, by the first chunk (RFC 9260 §6.8, §8.4, §8.5).
 *
 * <p>Not thread-safe.
 */
final class PacketAcceptance {
    private final Association association;
    private final Anomalies anomalies;

    PacketAcceptance(Association association) {
        this.association = association;
        this.anomalies = association.anomalies;
    }

    /** Whether the chunks of a packet are to be looked at, of which the cursor shows the first. */
    boolean accepts(ByteBuffer packet, int start, ChunkCursor first) {
        if (PacketHeader.sourcePort(packet, start) != association.settings.remotePort()
                || PacketHeader.destinationPort(packet, start) != association.settings.localPort()) {
            anomalies.count(SctpAnomaly.WRONG_PORT);
            return false;
        }
        if (!hasAcceptableChecksum(packet, start, first.type())) {
            anomalies.count(SctpAnomaly.BAD_CHECKSUM);
            return false;
        }
        int tag = PacketHeader.tag(packet, start);
        if (association.state() == SctpState.CLOSED) {
            answerOutOfTheBlue(first, tag);
            return false;
        }
        if (!hasValidTag(first, tag)) {
            anomalies.count(SctpAnomaly.BAD_VERIFICATION_TAG);
            return false;
        }
        return true;
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

    private boolean hasAcceptableChecksum(ByteBuffer packet, int start, int firstType) {
        if (PacketHeader.hasValidChecksum(packet, start, packet.remaining())) {
            return true;
        }
        // RFC 9653 §5.3: zero is good when it was agreed on, but not with INIT and COOKIE ECHO.
        return association.settings.zeroChecksum()
                && PacketHeader.hasZeroChecksum(packet, start)
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
}

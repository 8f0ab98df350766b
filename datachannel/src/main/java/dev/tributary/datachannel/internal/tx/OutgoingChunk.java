// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.tx;

import dev.tributary.datachannel.internal.wire.ChunkType;
import dev.tributary.datachannel.internal.wire.DataChunk;
import dev.tributary.datachannel.internal.wire.Parameters;
import java.nio.ByteBuffer;

/** One fragment of a message under its TSN, from its first transmission until it is acknowledged or given up. */
public final class OutgoingChunk {
    enum State {
        /** It has a TSN and was not sent yet. */
        NEW,
        IN_FLIGHT,
        TO_RETRANSMIT,
        ACKED,
        ABANDONED
    }

    private static final byte[] NOTHING = {};

    final OutgoingMessage message;
    final long tsn;
    final int lengthBytes;
    private final byte[] source;
    private final int offset;
    private final int flags;
    private final int fragmentNumber;
    private final boolean interleaved;

    State state = State.NEW;
    long sentNanos;
    /** The number of the transmission that sent it last: later ones were sent after it. */
    long sendOrder;

    int transmissions;
    int missingReports;

    /** The next fragment of a message: bytes of {@code source}, which nobody changes any more. */
    OutgoingChunk(OutgoingMessage message, long tsn, byte[] source, int offset, int lengthBytes, boolean interleaved) {
        this.message = message;
        this.tsn = tsn;
        this.source = source;
        this.offset = offset;
        this.lengthBytes = lengthBytes;
        this.fragmentNumber = message.fragmentCount;
        this.interleaved = interleaved;
        this.flags = (message.fragmentCount == 0 ? DataChunk.FLAG_BEGIN : 0)
                | (message.sentBytes + lengthBytes == message.sizeBytes ? DataChunk.FLAG_END : 0)
                | (message.unordered ? DataChunk.FLAG_UNORDERED : 0);
    }

    /** The rest of a message that is given up: a TSN that is never sent. */
    static OutgoingChunk restOf(OutgoingMessage message, long tsn) {
        OutgoingChunk rest = new OutgoingChunk(message, tsn, NOTHING, 0, 0, false);
        rest.state = State.ABANDONED;
        message.lastTsn = tsn;
        return rest;
    }

    /** How much of a packet it takes. */
    public int sizeBytes() {
        return headerBytes(interleaved) + ChunkType.padded(lengthBytes);
    }

    /** Writes the whole chunk, padded. */
    public void write(ByteBuffer out, boolean immediate) {
        int allFlags = immediate ? flags | DataChunk.FLAG_IMMEDIATE : flags;
        if (interleaved) {
            int ppidOrFsn = fragmentNumber == 0 ? message.ppid : fragmentNumber;
            DataChunk.writeInterleavedHeader(
                    out, allFlags, (int) tsn, message.stream.id, message.number, ppidOrFsn, lengthBytes);
        } else {
            DataChunk.writeHeader(
                    out, allFlags, (int) tsn, message.stream.id, message.number, message.ppid, lengthBytes);
        }
        out.put(source, offset, lengthBytes);
        Parameters.pad(out, lengthBytes);
    }

    static int headerBytes(boolean interleaved) {
        return interleaved ? DataChunk.INTERLEAVED_HEADER_BYTES : DataChunk.HEADER_BYTES;
    }
}

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

    final OutgoingMessage message;
    final long tsn;
    final int offset;
    final int lengthBytes;
    final int flags;
    final int fragmentNumber;
    final boolean interleaved;

    State state = State.NEW;
    long sentNanos;
    /** The number of the transmission that sent it last: later ones were sent after it. */
    long sendOrder;

    int transmissions;
    int missingReports;

    OutgoingChunk(OutgoingMessage message, long tsn, int lengthBytes, boolean interleaved) {
        this.message = message;
        this.tsn = tsn;
        this.offset = message.sentBytes;
        this.lengthBytes = lengthBytes;
        this.fragmentNumber = message.fragmentCount;
        this.interleaved = interleaved;
        this.flags = (message.fragmentCount == 0 ? DataChunk.FLAG_BEGIN : 0)
                | (message.sentBytes + lengthBytes == message.payload.length ? DataChunk.FLAG_END : 0)
                | (message.unordered ? DataChunk.FLAG_UNORDERED : 0);
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
        out.put(message.payload, offset, lengthBytes);
        Parameters.pad(out, lengthBytes);
    }

    static int headerBytes(boolean interleaved) {
        return interleaved ? DataChunk.INTERLEAVED_HEADER_BYTES : DataChunk.HEADER_BYTES;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.tx;

import dev.tributary.datachannel.internal.wire.ChunkType;
import dev.tributary.datachannel.internal.wire.DataChunk;
import dev.tributary.datachannel.internal.wire.Parameters;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One fragment of a message under its TSN, from its first transmission until it is acknowledged or given up; then the object
 * is used for another one.
 */
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

    private @Nullable OutgoingMessage message;
    long tsn;
    int lengthBytes;
    private byte[] source = NOTHING;
    private int offset;
    private int flags;
    private int fragmentNumber;
    private boolean interleaved;

    State state = State.NEW;
    long sentNanos;
    /** The number of the transmission that sent it last: later ones were sent after it. */
    long sendOrder;

    int transmissions;
    int missingReports;

    /** Becomes the next fragment of a message: bytes of {@code source}, which nobody changes any more. */
    void begin(OutgoingMessage of, long tsn, byte[] source, int offset, int lengthBytes, boolean interleaved) {
        this.message = of;
        this.tsn = tsn;
        this.source = source;
        this.offset = offset;
        this.lengthBytes = lengthBytes;
        this.fragmentNumber = of.fragmentCount;
        this.interleaved = interleaved;
        this.flags = (of.fragmentCount == 0 ? DataChunk.FLAG_BEGIN : 0)
                | (of.sentBytes + lengthBytes == of.sizeBytes ? DataChunk.FLAG_END : 0)
                | (of.unordered ? DataChunk.FLAG_UNORDERED : 0);
        this.state = State.NEW;
        this.sentNanos = 0;
        this.sendOrder = 0;
        this.transmissions = 0;
        this.missingReports = 0;
        of.outstandingCount++;
    }

    /** Becomes the rest of a message that is given up: a TSN that is never sent. */
    void beginRest(OutgoingMessage of, long tsn) {
        begin(of, tsn, NOTHING, 0, 0, false);
        state = State.ABANDONED;
        of.lastTsn = tsn;
    }

    /** Lets go of the message. */
    void release() {
        message().outstandingCount--;
        message = null;
        source = NOTHING;
    }

    /** What it is a fragment of. */
    OutgoingMessage message() {
        OutgoingMessage of = message;
        if (of == null) {
            throw new IllegalStateException("A chunk that is done has no message");
        }
        return of;
    }

    /** How much of a packet it takes. */
    public int sizeBytes() {
        return headerBytes(interleaved) + ChunkType.padded(lengthBytes);
    }

    /** Writes the whole chunk, padded. */
    public void write(ByteBuffer out, boolean immediate) {
        OutgoingMessage of = message();
        int allFlags = immediate ? flags | DataChunk.FLAG_IMMEDIATE : flags;
        if (interleaved) {
            int ppidOrFsn = fragmentNumber == 0 ? of.ppid : fragmentNumber;
            DataChunk.writeInterleavedHeader(out, allFlags, (int) tsn, of.stream.id, of.number, ppidOrFsn, lengthBytes);
        } else {
            DataChunk.writeHeader(out, allFlags, (int) tsn, of.stream.id, of.number, of.ppid, lengthBytes);
        }
        out.put(source, offset, lengthBytes);
        Parameters.pad(out, lengthBytes);
    }

    static int headerBytes(boolean interleaved) {
        return interleaved ? DataChunk.INTERLEAVED_HEADER_BYTES : DataChunk.HEADER_BYTES;
    }
}

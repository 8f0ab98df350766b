// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.tx;

import dev.tributary.datachannel.SendOptions;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way out: whole from the beginning, or written in pieces while it is sent.
 *
 * <p>Not thread-safe.
 */
public final class OutgoingMessage {
    private static final byte[] NOTHING = {};

    OutgoingStream stream;
    int ppid;
    int sizeBytes;
    boolean unordered;
    int maxRetransmits;
    long deadlineNanos;
    /** Whether it is part of the buffered amount of its stream. */
    boolean counted;

    private byte[] payload;
    private final @Nullable PieceBuffer pieces;
    private int writtenBytes;
    /** Its writer has more than there was room for. */
    private boolean blocked;

    /** SSN or MID; given when the first fragment is cut. */
    int number;

    int sentBytes;
    int fragmentCount;
    /** Fragments that are not acknowledged cumulatively. */
    int outstandingCount;

    long firstTsn;
    long lastTsn;
    boolean abandoned;

    private OutgoingMessage(
            OutgoingStream stream,
            int ppid,
            int sizeBytes,
            byte[] payload,
            @Nullable PieceBuffer pieces,
            SendOptions options,
            long deadlineNanos,
            boolean counted) {
        this.pieces = pieces;
        this.stream = stream;
        this.payload = payload;
        begin(stream, ppid, payload, options, deadlineNanos, counted);
        this.sizeBytes = sizeBytes;
    }

    /** Becomes another message that is there. */
    void begin(
            OutgoingStream stream, int ppid, byte[] payload, SendOptions options, long deadlineNanos, boolean counted) {
        this.stream = stream;
        this.ppid = ppid;
        this.sizeBytes = payload.length;
        this.payload = payload;
        this.writtenBytes = payload.length;
        this.unordered = !options.ordered();
        this.maxRetransmits = options.maxRetransmits();
        this.deadlineNanos = deadlineNanos;
        this.counted = counted;
        this.number = 0;
        this.sentBytes = 0;
        this.fragmentCount = 0;
        this.firstTsn = 0;
        this.lastTsn = 0;
        this.abandoned = false;
    }

    /** Whether nobody has a use for the object any more: it was there whole, and all of it is acknowledged. */
    boolean isDone() {
        return pieces == null && outstandingCount == 0 && unsentBytes() == 0;
    }

    /** Lets go of the payload. */
    void release() {
        payload = NOTHING;
    }

    /** A message that is there; its payload is not copied. */
    static OutgoingMessage whole(
            OutgoingStream stream, int ppid, byte[] payload, SendOptions options, long deadlineNanos, boolean counted) {
        return new OutgoingMessage(stream, ppid, payload.length, payload, null, options, deadlineNanos, counted);
    }

    /** A message that is written later, of which at most {@code aheadBytesMax} wait to be sent. */
    static OutgoingMessage streamed(
            OutgoingStream stream,
            int ppid,
            int sizeBytes,
            int aheadBytesMax,
            SendOptions options,
            long deadlineNanos) {
        PieceBuffer pieces = new PieceBuffer(Math.min(aheadBytesMax, sizeBytes));
        return new OutgoingMessage(stream, ppid, sizeBytes, NOTHING, pieces, options, deadlineNanos, true);
    }

    /** The stream that it goes out on. */
    public int streamId() {
        return stream.id;
    }

    /** Whether it was given up before all of it was sent. */
    public boolean isAbandoned() {
        return abandoned;
    }

    /** How much of it is still to be written. */
    public int unwrittenBytes() {
        return sizeBytes - writtenBytes;
    }

    /** How much of a further piece would be taken now. */
    public int writableBytes() {
        return pieces == null || abandoned ? 0 : Math.min(unwrittenBytes(), pieces.freeBytes());
    }

    /** Whether at least half of what may wait is sent, so that it is worth writing on. */
    public boolean isHalfDrained() {
        return pieces == null || pieces.sizeBytes() <= pieces.capacityBytes() / 2;
    }

    void write(ByteBuffer source, int bytes) {
        if (pieces != null) {
            pieces.write(source, bytes);
            writtenBytes += bytes;
            blocked = source.hasRemaining();
        }
    }

    boolean isCut() {
        return fragmentCount > 0;
    }

    /** What of it was never sent, written or not. */
    int unsentBytes() {
        return sizeBytes - sentBytes;
    }

    /** What of it is written and was never sent. */
    int waitingBytes() {
        return writtenBytes - sentBytes;
    }

    /** Whether a fragment can be cut: a full one, the last, or what there is when its writer finds no room for more. */
    boolean hasFragment(int fragmentBytes) {
        int waiting = waitingBytes();
        return waiting >= Math.min(fragmentBytes, unsentBytes()) || (blocked && waiting > 0);
    }

    /** How long the next fragment is when so much fits. */
    int fragmentBytes(int bytesMax) {
        int bytes = Math.min(waitingBytes(), bytesMax);
        // Without padding, unless it is the last.
        return bytes == unsentBytes() || bytes < 4 ? bytes : bytes & ~3;
    }

    /** The next fragment, of that many bytes that are written. */
    OutgoingChunk cut(long tsn, int lengthBytes, boolean interleaved, Recycling chunks) {
        OutgoingChunk chunk;
        if (pieces == null) {
            chunk = chunks.chunk(this, tsn, payload, sentBytes, lengthBytes, interleaved);
        } else if (pieces.isContiguous(lengthBytes)) {
            chunk = chunks.chunk(this, tsn, pieces.block(), pieces.offset(), lengthBytes, interleaved);
            pieces.skip(lengthBytes);
        } else {
            chunk = chunks.chunk(this, tsn, pieces.gather(lengthBytes), 0, lengthBytes, interleaved);
        }
        sentBytes += lengthBytes;
        fragmentCount++;
        lastTsn = tsn;
        return chunk;
    }

    /** Whether it is not worth sending any more; the count looks at one fragment that would be sent once more. */
    boolean isExpired(long nowNanos) {
        return nowNanos >= deadlineNanos;
    }
}

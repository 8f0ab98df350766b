// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.rx;

import dev.tributary.datachannel.SctpEvent;
import dev.tributary.datachannel.internal.wire.DataChunk;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Neighbouring fragments of one message, from the first position to the last, with their bytes in order.
 *
 * <p>Not thread-safe.
 */
final class FragmentRun {
    /** Some of the bytes: an array that fits, or a lent block that may have room for more. */
    private static final class Part {
        private final byte[] bytes;
        private final boolean lent;
        private int usedBytes;

        private Part(byte[] bytes, boolean lent) {
            this.bytes = bytes;
            this.lent = lent;
        }
    }

    private final int stream;
    private final long number;
    private final boolean unordered;
    private final BlockPool blocks;
    private final List<Part> parts = new ArrayList<>(2);

    private long firstPosition;
    private long lastPosition;
    private boolean begins;
    private boolean ends;
    private int ppid;
    private int fragmentCount;
    private int sizeBytes;

    /** A run of one fragment. */
    FragmentRun(DataChunk chunk, long position, long number, ByteBuffer packet, BlockPool blocks) {
        this.stream = chunk.stream;
        this.number = number;
        this.unordered = chunk.isUnordered();
        this.blocks = blocks;
        this.firstPosition = position;
        this.begins = chunk.isBegin();
        this.ppid = chunk.ppid;
        append(chunk, position, packet);
    }

    long firstPosition() {
        return firstPosition;
    }

    long lastPosition() {
        return lastPosition;
    }

    /** Whether it has the first fragment of its message. */
    boolean begins() {
        return begins;
    }

    /** Whether it has the last fragment of its message. */
    boolean ends() {
        return ends;
    }

    int fragmentCount() {
        return fragmentCount;
    }

    int sizeBytes() {
        return sizeBytes;
    }

    boolean isWhole() {
        return begins && ends;
    }

    /** Whether a fragment says of itself that it belongs to the same message. */
    boolean isOfSameMessage(int otherStream, long otherNumber, boolean otherUnordered) {
        return stream == otherStream && number == otherNumber && unordered == otherUnordered;
    }

    boolean isOfSameMessage(FragmentRun other) {
        return isOfSameMessage(other.stream, other.number, other.unordered);
    }

    /** Takes the next fragment. */
    void append(DataChunk chunk, long position, ByteBuffer packet) {
        int bytes = chunk.payloadBytes;
        Part last = parts.isEmpty() ? null : parts.get(parts.size() - 1);
        if (last == null || last.bytes.length - last.usedBytes < bytes) {
            last = newPart(bytes);
            parts.add(last);
        }
        packet.get(chunk.payloadOffset, last.bytes, last.usedBytes, bytes);
        last.usedBytes += bytes;
        sizeBytes += bytes;
        fragmentCount++;
        lastPosition = position;
        ends = chunk.isEnd();
    }

    /** Takes all of the run that follows. */
    void append(FragmentRun later) {
        parts.addAll(later.parts);
        sizeBytes += later.sizeBytes;
        fragmentCount += later.fragmentCount;
        lastPosition = later.lastPosition;
        ends = later.ends;
    }

    /** The message of a whole run, which gives its blocks back. */
    SctpEvent.MessageReceived message() {
        Part only = parts.get(0);
        byte[] payload;
        if (parts.size() == 1 && !only.lent) {
            payload = only.bytes;
        } else {
            payload = new byte[sizeBytes];
            int at = 0;
            for (Part part : parts) {
                System.arraycopy(part.bytes, 0, payload, at, part.usedBytes);
                at += part.usedBytes;
            }
        }
        release();
        return new SctpEvent.MessageReceived(stream, ppid, unordered, payload);
    }

    /** Gives back what was lent; the run must not be used any more. */
    void release() {
        for (Part part : parts) {
            if (part.lent) {
                blocks.giveBack(part.bytes);
            }
        }
        parts.clear();
    }

    private Part newPart(int bytes) {
        byte[] block = blocks.lend();
        return block == null ? new Part(new byte[bytes], false) : new Part(block, true);
    }
}

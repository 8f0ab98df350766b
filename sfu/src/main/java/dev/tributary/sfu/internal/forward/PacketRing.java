// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The packets of one incoming RTP stream, in the order of their arrival, with their payloads in the clear. It is where
 * subscribers read from, and the cache that answers their NACKs.
 *
 * <p><b>One writer, many readers, no locks.</b> The publisher's loop writes. Readers copy a slot with {@link #read} and
 * then its payload with {@link #copy}, and each answers whether the writer has not come by meanwhile; a torn read is a
 * miss, never a bad packet. The writer invalidates a slot before it changes it and announces the bytes that it is about to
 * overwrite before it overwrites them; readers look at both again after they have copied (a sequence lock).
 *
 * <p>Positions and indexes are 64-bit and never wrap; slots and bytes are found by their low bits.
 */
final class PacketRing {
    private static final long EMPTY = -1;

    private final byte[] bytes;
    private final int mask;
    private final AtomicLongArray arrivalIndexes;
    private final long[] sequences;
    private final long[] positions;
    private final long[] arrivalNanos;
    private final long[] traits;
    private final int[] lengths;
    private final int[] timestamps;
    private final byte[] payloadTypes;
    private final AtomicLongArray arrivalBySequence;

    private final AtomicLong arrivals = new AtomicLong();
    private final AtomicLong reservedEnd = new AtomicLong();
    private final AtomicLong lastKeyFrame = new AtomicLong(EMPTY);
    private int keyFrameTimestamp;
    private long reservedPosition;
    private long writePosition;

    PacketRing(int packets, int byteCapacity) {
        if (Integer.bitCount(packets) != 1 || Integer.bitCount(byteCapacity) != 1) {
            throw new IllegalArgumentException("Not powers of two: " + packets + ", " + byteCapacity);
        }
        bytes = new byte[byteCapacity];
        mask = packets - 1;
        arrivalIndexes = filled(packets);
        sequences = new long[packets];
        positions = new long[packets];
        arrivalNanos = new long[packets];
        traits = new long[packets];
        lengths = new int[packets];
        timestamps = new int[packets];
        payloadTypes = new byte[packets];
        arrivalBySequence = filled(packets);
    }

    // The writer's side.

    /** The array that payloads are written to, at the index that {@link #reserve} returns. */
    byte[] array() {
        return bytes;
    }

    /** Makes room for a packet and tells readers that what lies there is going away. */
    int reserve(int length) {
        int index = (int) (writePosition & bytes.length - 1);
        long position = index + length <= bytes.length ? writePosition : writePosition + bytes.length - index;
        reservedPosition = position;
        reservedEnd.setOpaque(position + length);
        VarHandle.storeStoreFence();
        return (int) (position & bytes.length - 1);
    }

    /**
     * Makes the packet in the reserved room visible.
     *
     * @param payloadAt where its payload begins, counted from the index that {@link #reserve} returned
     */
    void commit(
            int payloadAt,
            int payloadLength,
            long sequence,
            int timestamp,
            int payloadType,
            long packetTraits,
            long now) {
        long arrival = arrivals.getPlain();
        int slot = (int) arrival & mask;
        arrivalIndexes.setOpaque(slot, EMPTY);
        VarHandle.storeStoreFence();
        sequences[slot] = sequence;
        positions[slot] = reservedPosition + payloadAt;
        lengths[slot] = payloadLength;
        timestamps[slot] = timestamp;
        payloadTypes[slot] = (byte) payloadType;
        traits[slot] = packetTraits;
        arrivalNanos[slot] = now;
        writePosition = reservedPosition + payloadAt + payloadLength;
        arrivalIndexes.setRelease(slot, arrival);
        arrivalBySequence.setRelease((int) sequence & mask, arrival);
        boolean isSamePicture = lastKeyFrame.getPlain() != EMPTY && timestamp == keyFrameTimestamp;
        if (PacketTraits.has(packetTraits, PacketTraits.KEY_FRAME_START) && !isSamePicture) {
            // Parameter sets and the first slice of one picture all look like a beginning: the first of them is it.
            keyFrameTimestamp = timestamp;
            lastKeyFrame.setRelease(arrival);
        }
        arrivals.setRelease(arrival + 1);
    }

    // The readers' side.

    /** How many packets have arrived: the index of the next one. */
    long arrivals() {
        return arrivals.getAcquire();
    }

    /** Packets that are kept at most. */
    int capacity() {
        return mask + 1;
    }

    /** Arrival index of the latest packet that begins a key frame, or −1. */
    long lastKeyFrame() {
        return lastKeyFrame.getAcquire();
    }

    /** Copies the slot of an arrival; {@code false} if it is gone or not there yet. */
    boolean read(long arrivalIndex, RingEntry out) {
        int slot = (int) arrivalIndex & mask;
        if (arrivalIndex < 0 || arrivalIndexes.getAcquire(slot) != arrivalIndex) {
            return false;
        }
        out.arrivalIndex = arrivalIndex;
        out.sequence = sequences[slot];
        out.position = positions[slot];
        out.length = lengths[slot];
        out.timestamp = timestamps[slot];
        out.payloadType = payloadTypes[slot];
        out.traits = traits[slot];
        out.arrivalNanos = arrivalNanos[slot];
        VarHandle.loadLoadFence();
        return arrivalIndexes.getOpaque(slot) == arrivalIndex && isIntact(out);
    }

    /** Copies the slot of a sequence number; {@code false} if that packet is gone or never came. */
    boolean find(long sequence, RingEntry out) {
        long arrivalIndex = arrivalBySequence.getAcquire((int) sequence & mask);
        return read(arrivalIndex, out) && out.sequence == sequence;
    }

    /** Whether a packet with this sequence number is here. */
    boolean contains(long sequence) {
        long arrivalIndex = arrivalBySequence.getAcquire((int) sequence & mask);
        int slot = (int) arrivalIndex & mask;
        return arrivalIndex >= 0 && arrivalIndexes.getPlain(slot) == arrivalIndex && sequences[slot] == sequence;
    }

    /** Copies a part of a payload; it is good only if {@link #isIntact} says so afterwards. */
    void copy(RingEntry entry, int from, int length, byte[] target, int at) {
        System.arraycopy(bytes, (int) (entry.position & bytes.length - 1) + from, target, at, length);
    }

    /** Whether the bytes of a payload have not been given to another packet so far. */
    boolean isIntact(RingEntry entry) {
        VarHandle.loadLoadFence();
        return reservedEnd.getOpaque() - entry.position <= bytes.length;
    }

    private static AtomicLongArray filled(int length) {
        AtomicLongArray array = new AtomicLongArray(length);
        for (int i = 0; i < length; i++) {
            array.setPlain(i, EMPTY);
        }
        return array;
    }
}

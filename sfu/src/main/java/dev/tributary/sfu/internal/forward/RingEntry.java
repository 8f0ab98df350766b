// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

/** A reader's own copy of one slot of a {@link PacketRing}; reused for every packet. */
final class RingEntry {
    long arrivalIndex;
    long sequence;
    long position;
    int length;
    int timestamp;
    int payloadType;
    long traits;
    long arrivalNanos;

    boolean isKeyFrameStart() {
        return PacketTraits.has(traits, PacketTraits.KEY_FRAME_START);
    }

    boolean marker() {
        return PacketTraits.has(traits, PacketTraits.MARKER);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.agent;

import dev.tributary.core.Transmit;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Datagrams that wait to be sent: bounded, and its slots are reused, so that answering a check leaves no garbage. */
final class TransmitQueue {
    /** Every message of ours fits but those with very long fragments, whose slot is replaced by a larger one. */
    private static final int SLOT_BYTES = 128;

    private final int slotsMax;
    private final ArrayDeque<Slot> waiting = new ArrayDeque<>(2);
    private final ArrayDeque<Slot> free = new ArrayDeque<>(2);

    TransmitQueue(int slotsMax) {
        this.slotsMax = slotsMax;
    }

    boolean offer(byte[] bytes, int length, InetSocketAddress destination) {
        if (waiting.size() >= slotsMax) {
            return false;
        }
        Slot slot = free.poll();
        if (slot == null) {
            slot = new Slot();
        }
        if (slot.bytes.length < length) {
            slot.bytes = new byte[length];
        }
        System.arraycopy(bytes, 0, slot.bytes, 0, length);
        slot.length = length;
        slot.destination = destination;
        waiting.add(slot);
        return true;
    }

    boolean poll(Transmit out) {
        Slot slot = waiting.poll();
        if (slot == null || slot.destination == null) {
            return false;
        }
        out.clear().buffer().put(slot.bytes, 0, slot.length);
        out.ready(slot.destination);
        slot.destination = null;
        free.add(slot);
        return true;
    }

    void clear() {
        waiting.clear();
    }

    private static final class Slot {
        byte[] bytes = new byte[SLOT_BYTES];
        int length;

        @Nullable
        InetSocketAddress destination;
    }
}

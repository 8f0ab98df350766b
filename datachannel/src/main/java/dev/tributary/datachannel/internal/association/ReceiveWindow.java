// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.association;

/**
 * The room that the peer has: the receive window less what waits in the reassembly and for the application (RFC 9260 §6.2).
 *
 * <p>Not thread-safe.
 */
final class ReceiveWindow {
    private final long allBytes;
    private long unpolledBytes;
    private long saidBytes;

    ReceiveWindow(long allBytes) {
        this.allBytes = allBytes;
    }

    /** The window when nothing waits. */
    long allBytes() {
        return allBytes;
    }

    /** Payload of whole messages that the application has not polled. */
    long unpolledBytes() {
        return unpolledBytes;
    }

    void received(int bytes) {
        unpolledBytes += bytes;
    }

    void polled(int bytes) {
        unpolledBytes -= bytes;
    }

    /** The room that is left, with so much waiting in the reassembly. */
    long roomBytes(long reassemblyBytes) {
        return Math.max(0, allBytes - reassemblyBytes - unpolledBytes);
    }

    /** The peer was told. */
    void said(long bytes) {
        saidBytes = bytes;
    }

    /** RFC 9260 §6.2: whether the peer must learn that there is room again; true once. */
    boolean takeReopened(long roomBytes) {
        if (saidBytes >= allBytes / 4 || roomBytes < allBytes / 2) {
            return false;
        }
        saidBytes = allBytes;
        return true;
    }
}

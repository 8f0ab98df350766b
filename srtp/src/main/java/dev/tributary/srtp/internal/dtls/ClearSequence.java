// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.dtls;

/**
 * Numbers the records of epoch 0, which are not authenticated, anew. Incoming: one forged record with a high number would
 * put all genuine ones behind Bouncy Castle's replay window. Outgoing: a flight that is repeated has to look new to the
 * peer's. Handshake messages carry numbers of their own, so that nothing is taken twice. Not thread-safe.
 */
final class ClearSequence {
    private int next;

    /** Numbers all records of a datagram that are in the clear. */
    void renumber(byte[] bytes, int from, int end) {
        int at = from;
        while (at + InboundGuard.RECORD_HEADER_BYTES <= end) {
            if (bytes[at + 3] == 0 && bytes[at + 4] == 0) {
                int number = next++;
                bytes[at + 5] = 0;
                bytes[at + 6] = 0;
                for (int i = 10; i >= 7; i--) {
                    bytes[at + i] = (byte) number;
                    number >>>= 8;
                }
            }
            at += InboundGuard.RECORD_HEADER_BYTES + ((bytes[at + 11] & 0xFF) << 8 | bytes[at + 12] & 0xFF);
        }
    }
}

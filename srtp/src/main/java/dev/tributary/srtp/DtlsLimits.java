// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

/**
 * The limits of one {@link DtlsTransport}.
 *
 * @param sendBytes the largest piece of application data; a datagram is 37 bytes longer
 * @param queuedDatagrams datagrams of the peer that wait for the handshake; more are dropped, as a network would
 * @param handshakeRecords records of the peer that are looked at during the handshake, and repetitions of them after it,
 *     which bounds what a flood costs
 * @param handshakeMessageBytes the largest handshake message, which is allocated before anything is authenticated; all
 *     messages of a handshake together may have twice as much
 * @param pendingRecords decrypted application data that waits to be polled
 * @param handshakeTimeoutMillis how long a handshake may take
 * @param resendMillis after what time without an answer a flight is sent again; then after twice and from there on four
 *     times as much
 * @since 0.1
 */
public record DtlsLimits(
        int sendBytes,
        int queuedDatagrams,
        int handshakeRecords,
        int handshakeMessageBytes,
        int pendingRecords,
        int handshakeTimeoutMillis,
        int resendMillis) {
    /** What a server on the internet wants. */
    public static final DtlsLimits DEFAULT = new DtlsLimits(1200, 64, 2048, 32_768, 256, 15_000, 100);

    /** Checks the ranges. */
    public DtlsLimits {
        require(sendBytes >= 1 && sendBytes <= 1400, "sendBytes", sendBytes);
        require(queuedDatagrams >= 4, "queuedDatagrams", queuedDatagrams);
        require(handshakeRecords >= 32, "handshakeRecords", handshakeRecords);
        require(
                handshakeMessageBytes >= 4096 && handshakeMessageBytes <= 65_536,
                "handshakeMessageBytes",
                handshakeMessageBytes);
        require(pendingRecords >= 1, "pendingRecords", pendingRecords);
        require(handshakeTimeoutMillis >= 1, "handshakeTimeoutMillis", handshakeTimeoutMillis);
        require(resendMillis >= 10 && resendMillis <= 1000, "resendMillis", resendMillis);
    }

    private static void require(boolean holds, String name, long value) {
        if (!holds) {
            throw new IllegalArgumentException("DtlsLimits: " + name + " is out of range: " + value);
        }
    }
}

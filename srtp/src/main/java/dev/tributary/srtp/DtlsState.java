// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

/**
 * Where a {@link DtlsTransport} stands.
 *
 * @since 0.1
 */
public enum DtlsState {
    /** Nothing has happened; datagrams that arrive are kept. */
    NEW,
    /** The handshake runs. */
    HANDSHAKING,
    /** Both Finished messages have been verified. */
    CONNECTED,
    /** Over, whatever the reason. */
    CLOSED
}

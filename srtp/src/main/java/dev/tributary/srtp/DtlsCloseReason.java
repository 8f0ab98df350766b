// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

/**
 * Why a {@link DtlsTransport} is over.
 *
 * @since 0.1
 */
public enum DtlsCloseReason {
    /** We called {@link DtlsTransport#close}. */
    CLOSED_LOCALLY,
    /** The peer sent close_notify. */
    CLOSED_BY_PEER,
    /** The peer sent a fatal alert. */
    ALERT_RECEIVED,
    /** The peer's certificate is not the one that signalling promised, or it showed none. */
    FINGERPRINT_MISMATCH,
    /** No common version, cipher suite or SRTP profile. */
    INCOMPATIBLE,
    /** The peer broke the protocol. */
    VIOLATION,
    /** The handshake did not end in time. */
    HANDSHAKE_TIMEOUT,
    /** We failed; the detail says how. */
    INTERNAL_ERROR
}

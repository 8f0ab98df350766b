// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

/**
 * Which side of the DTLS handshake we are; it also says which half of the exported keys we write with (RFC 5764 §4.2).
 *
 * @since 0.1
 */
public enum DtlsRole {
    /** We send the ClientHello: {@code a=setup:active}. */
    CLIENT,
    /** We wait for the ClientHello: {@code a=setup:passive}. The server chooses the SRTP profile. */
    SERVER
}

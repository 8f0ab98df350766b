// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

/** Which side of the DTLS connection we are: it decides who may use which stream identifiers (RFC 8832 §6). */
public enum DtlsRole {
    /** Opens channels on even stream identifiers. */
    CLIENT,
    /** Opens channels on odd stream identifiers. */
    SERVER
}

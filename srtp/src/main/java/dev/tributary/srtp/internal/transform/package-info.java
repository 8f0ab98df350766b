// SPDX-License-Identifier: Apache-2.0
/** The cryptographic transforms of SRTP (RFC 3711 §4, RFC 7714) and the derivation of their keys; they know no sources. */
package dev.tributary.srtp.internal.transform;

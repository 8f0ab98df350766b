// SPDX-License-Identifier: Apache-2.0
/**
 * The DTLS engine: Bouncy Castle behind {@link dev.tributary.srtp.internal.dtls.DtlsEngine}, with the guard and the
 * transport that make it safe, and free of threads after the handshake.
 */
package dev.tributary.srtp.internal.dtls;

// SPDX-License-Identifier: Apache-2.0
/**
 * DTLS-SRTP (RFC 5764), SRTP and SRTCP (RFC 3711, 7714).
 *
 * <p>Begin with {@link dev.tributary.srtp.DtlsTransport}: datagrams of one peer go in, and one {@link
 * dev.tributary.srtp.DtlsEvent.Connected} with keys comes out. The keys make a {@link dev.tributary.srtp.SrtpSession},
 * which protects and opens packets in byte arrays. {@link dev.tributary.srtp.DtlsCertificate} and {@link
 * dev.tributary.srtp.Fingerprint} tie the handshake to the session description.
 *
 * <pre>
 * datagram 20..63   -&gt; DtlsTransport -&gt; pollRecord (SCTP), pollEvent (keys)
 * datagram 128..191 -&gt; SrtpSession.unprotect / unprotectRtcp
 * </pre>
 *
 * <p>Both are owned by one event loop. Only a handshake that runs has a thread of its own, lent by the host.
 */
package dev.tributary.srtp;

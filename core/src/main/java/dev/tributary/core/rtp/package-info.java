// SPDX-License-Identifier: Apache-2.0
/**
 * RTP and RTCP on the wire (RFC 3550, 3551, 4585, 5104, 8285): flyweights over a byte array that read and write in place
 * and allocate nothing.
 *
 * <p>Read {@link dev.tributary.core.rtp.RtpPacket} first; {@link dev.tributary.core.rtp.RtcpReader} and {@link
 * dev.tributary.core.rtp.RtcpWriter} are its counterparts for control packets. Sequence numbers live as 64-bit values
 * behind {@link dev.tributary.core.rtp.SequenceUnwrapper}; what little arithmetic on 16 and 32 bits remains is in {@link
 * dev.tributary.core.rtp.Serial}.
 *
 * <p>Nothing in here throws on any bytes: a reader answers {@code false}, or a negative number, for what makes no sense.
 * SSRCs and RTP timestamps are {@code int}s that carry 32 unsigned bits.
 */
package dev.tributary.core.rtp;

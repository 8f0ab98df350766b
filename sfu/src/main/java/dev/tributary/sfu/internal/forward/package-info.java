// SPDX-License-Identifier: Apache-2.0
/**
 * The forwarding engine: decrypted packets of publishers go in, packets for subscribers come out, without a socket, a
 * clock or an allocation for each packet.
 *
 * <pre>
 * publisher's loop                                        a subscriber's loop
 * InboundMedia -> IncomingStream -> PacketRing  ......->  Subscription -> RtpSink (protect and send)
 *   (SSRC table,   (statistics,      (and NACK cache)       (gates, layer, sequence, timestamp,
 *    reports,       NACK, RTX,                               payload type, extensions, RTX, reports)
 *    BYE)           key frames)  <- TrackSource.requestKeyFrame - OutboundMedia (feedback of the subscriber)
 * </pre>
 *
 * <p>Read {@link dev.tributary.sfu.internal.forward.InboundMedia} and {@link
 * dev.tributary.sfu.internal.forward.OutboundMedia} first: a peer has one of each and gives both its decrypted RTCP. What
 * joins them is a {@link dev.tributary.sfu.internal.forward.TrackSource}.
 *
 * <p><b>Threads.</b> Everything of a publisher belongs to the publisher's loop, everything of a subscriber to the
 * subscriber's. Across loops go: the ring (one writer; readers check before and after, a torn read is a miss), a few
 * published values, one task for each batch of packets, and requests for key frames.
 */
package dev.tributary.sfu.internal.forward;

// SPDX-License-Identifier: Apache-2.0
/**
 * Session descriptions (RFC 8866), offer and answer (RFC 3264, RFC 9429) and the track annotation. No sockets, threads, clock or
 * randomness.
 *
 * <p>What to read first: {@link dev.tributary.sdp.SessionDescription} is the text and its lines, lossless;
 * {@link dev.tributary.sdp.MediaDescription} has the typed accessors of a section. {@link dev.tributary.sdp.Negotiation} is offer
 * and answer as a state machine: wishes go in through {@link dev.tributary.sdp.Transceiver}, what this side can do through
 * {@link dev.tributary.sdp.Capabilities}, and what was agreed comes out as a {@link dev.tributary.sdp.NegotiatedSession}.
 *
 * <p>How a negotiation is made of parts that are not public:
 *
 * <pre>
 *   createOffer   TransceiverTable (who wants a section) -&gt; OfferWriter (with the numbers of FormatTable) -&gt; SectionWriter
 *   applyAnswer   AnswerCheck -&gt; Agreement.ofAnswer -&gt; Outcome (both texts -&gt; NegotiatedSession)
 *   applyOffer    PeerOffer.of (every check there is) -&gt; TransceiverTable (new sections)
 *   createAnswer  AnswerWriter (CodecSelection: what is taken) -&gt; SectionWriter -&gt; Agreement.ofOffer -&gt; Outcome
 * </pre>
 *
 * <p>What holds everywhere: records and descriptions are immutable; whatever a peer sends is used or refused by
 * {@link dev.tributary.sdp.SdpException}, within {@link dev.tributary.sdp.SdpLimits} and in linear time; a call that throws it has
 * changed nothing.
 */
package dev.tributary.sdp;

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

/** What a peer, or somebody in between, can get wrong. Each is counted and none throws. */
public enum SctpAnomaly {
    /** Malformed: shorter than a header, or with a chunk that does not fit. */
    MALFORMED_PACKET,
    /** Malformed: a chunk whose content makes no sense. */
    MALFORMED_CHUNK,
    /** The checksum is wrong. */
    BAD_CHECKSUM,
    /** Ports that are not ours. */
    WRONG_PORT,
    /** Violation: a verification tag that is not ours (RFC 9260 §8.5). */
    BAD_VERIFICATION_TAG,
    /** Violation: a chunk that has no place in this state, or not beside others in one packet. */
    UNEXPECTED_CHUNK,
    /** A chunk type that we do not know. */
    UNKNOWN_CHUNK,
    /** A state cookie that is not ours, or of another association. */
    FORGED_COOKIE,
    /** A state cookie that is too old. */
    STALE_COOKIE,
    /** A TSN farther ahead than {@link Limits#tsnAheadMax}. */
    TSN_TOO_FAR_AHEAD,
    /** A DATA chunk that arrived before. */
    DUPLICATE_TSN,
    /** DATA that does not fit the receive window. */
    WINDOW_EXCEEDED,
    /** DATA without payload. */
    NO_USER_DATA,
    /** DATA for a stream that was not announced. */
    INVALID_STREAM,
    /** Fragments that contradict each other. */
    INCONSISTENT_FRAGMENTS,
    /** A message larger than {@link Limits#receivedMessageBytesMax}. */
    MESSAGE_TOO_LARGE,
    /** A SACK for something that was never sent. */
    SACK_OF_UNSENT_TSN,
    /** A SACK that was overtaken by a newer one. */
    OLD_SACK,
    /** A FORWARD TSN that leads too far, back or where it was not agreed. */
    INVALID_FORWARD_TSN,
    /** A stream reset whose number is not the next one. */
    BAD_RECONFIG_NUMBER,
    /** A request to add streams or to reset TSNs, which data channels have no use for. */
    UNSUPPORTED_RECONFIG,
    /** A control chunk was dropped because too many wait. */
    CONTROL_QUEUE_FULL,
    /** The peer sent an ERROR chunk. */
    PEER_REPORTED_ERROR,
    /** A DCEP message that makes no sense, or at the wrong time. */
    BAD_DCEP_MESSAGE,
    /** A channel that the peer wanted to open was refused. */
    CHANNEL_REFUSED,
    /** A message on a stream without a channel. */
    MESSAGE_WITHOUT_CHANNEL,
    /** A message whose payload protocol identifier is none of RFC 8831. */
    UNKNOWN_PPID
}

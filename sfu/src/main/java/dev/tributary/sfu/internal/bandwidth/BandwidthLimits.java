// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.bandwidth;

/** The numbers of bandwidth estimation, with their reasons. */
final class BandwidthLimits {
    static final long MILLIS = 1_000_000L;
    static final long SECOND = 1_000 * MILLIS;

    /** Where an estimate begins: a small picture and sound fit, and the first probes follow at once. */
    static final long START_BPS = 1_000_000;
    /** No path is believed to carry less: sound always goes. */
    static final long BPS_MIN = 50_000;
    /** No subscriber needs more. */
    static final long BPS_MAX = 100_000_000;

    /** Packets whose sending is remembered at first, and at most: ten seconds at 800 packets a second. Powers of two. */
    static final int SENT_PACKETS_FIRST = 512;

    static final int SENT_PACKETS_MAX = 8_192;
    /** How long feedback may take; a packet forgotten earlier makes the memory grow. */
    static final long SENT_NANOS_MAX = 10 * SECOND;

    /** Arrivals remembered until they are reported. A power of two. */
    static final int ARRIVALS = 1_024;
    /** Time between two reports of arrivals. libwebrtc allows 50 to 250 ms. */
    static final long FEEDBACK_NANOS = 100 * MILLIS;
    /** Packets spoken of in one report, so that it fits a datagram whatever the pattern. */
    static final int FEEDBACK_PACKETS_MAX = 400;

    /** Packets that leave within this time are one group (draft-ietf-rmcat-gcc §5.2). */
    static final long GROUP_NANOS = 5 * MILLIS;
    /** A pause of feedback beyond this tells nothing about queues: a stall of ours, or of the receiver. */
    static final long STALL_NANOS = 2 * SECOND;

    /** Window of the acknowledged rate. */
    static final long THROUGHPUT_NANOS = 500 * MILLIS;

    /** Longest burst of a probe, least of its packets. */
    static final long PROBE_NANOS = 25 * MILLIS;

    static final int PROBE_PACKETS_MIN = 5;
    /** A probe that could not be sent in this time is given up. */
    static final long PROBE_LATE_NANOS = 200 * MILLIS;
    /** When the feedback on a probe is overdue. */
    static final long PROBE_ANSWER_NANOS = SECOND;
    /** Wait after a probe that brought nothing, at first and at most. */
    static final long PROBE_PAUSE_NANOS_MIN = 1_500 * MILLIS;

    static final long PROBE_PAUSE_NANOS_MAX = 4 * SECOND;

    private BandwidthLimits() {}
}

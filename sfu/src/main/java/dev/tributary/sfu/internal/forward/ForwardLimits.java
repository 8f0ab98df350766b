// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

/** The limits of the forwarding engine, with their reasons. */
final class ForwardLimits {
    static final long MILLIS = 1_000_000L;
    static final long SECOND = 1_000 * MILLIS;

    /** Packets of a video ring: more than a second at 8 Mbit/s. A power of two. */
    static final int VIDEO_RING_PACKETS = 1024;
    /** Bytes of a video ring. */
    static final int VIDEO_RING_BYTES = 1 << 20;
    /** Packets of an audio ring: five seconds of Opus. A power of two. */
    static final int AUDIO_RING_PACKETS = 256;
    /** Bytes of an audio ring: 256 packets at 160 kbit/s. */
    static final int AUDIO_RING_BYTES = 128 << 10;

    /** Longest RTP packet taken from a publisher; with our extensions it still fits a datagram of 1,500 bytes or so. */
    static final int PACKET_BYTES_MAX = 1600;
    /** Room for one outgoing packet with its extensions, its RTX head and the tag of SRTP. */
    static final int SCRATCH_BYTES = 2048;

    /** Missing packets remembered for one stream; with more, only a key frame helps. */
    static final int NACK_MISSING_MAX = 512;
    /** libwebrtc asks ten times. */
    static final int NACK_TRIES_MAX = 10;
    /** Reordering that is not loss yet. */
    static final long NACK_GUARD_NANOS = 10 * MILLIS;
    /** Shortest time between two requests for the same packet, whatever the RTT. */
    static final long NACK_RETRY_NANOS_MIN = 20 * MILLIS;

    /** RTT assumed before it is known. */
    static final long ROUND_TRIP_NANOS_INITIAL = 100 * MILLIS;
    /** A larger RTT out of a report is a lie or a stale report. */
    static final long ROUND_TRIP_NANOS_MAX = 10 * SECOND;

    /** Shortest time between two key frame requests to a publisher (or an RTT, if longer). */
    static final long KEY_FRAME_REQUEST_NANOS_MIN = 300 * MILLIS;
    /** When a requested key frame is asked for again. */
    static final long KEY_FRAME_RETRY_NANOS = SECOND;
    /** Repetitions before the publisher is believed not to answer. */
    static final int KEY_FRAME_RETRIES_MAX = 10;
    /** Key frames that one subscriber's PLIs cause in {@link #PLI_WINDOW_NANOS}. */
    static final int PLI_PER_WINDOW_MAX = 3;
    /** The window of that limit. */
    static final long PLI_WINDOW_NANOS = 10 * SECOND;

    /** Time between receiver reports, and between sender reports. */
    static final long REPORT_NANOS = SECOND;
    /** How long a sender report waits for the publisher's own, whose clock it must carry. */
    static final long SENDER_REPORT_PATIENCE_NANOS = 3 * SECOND;
    /** Sender reports remembered to tell RTT from a receiver's answer. A power of two. */
    static final int SENDER_REPORTS_KEPT = 8;

    /** Sent packets remembered for each video subscription. A power of two. */
    static final int SENT_VIDEO = 512;
    /** Sent packets remembered for each audio subscription. A power of two. */
    static final int SENT_AUDIO = 64;
    /** Resends of one packet. */
    static final int RESENDS_MAX = 3;
    /** Share of the media rate that resends may take, in percent. */
    static final int RESEND_PERCENT = 30;
    /** Bytes of resends that may be saved up. */
    static final int RESEND_BYTES_MAX = 96 << 10;

    /** Age up to which a new subscriber starts at the key frame in the ring instead of asking for one. */
    static final long REPLAY_NANOS_MAX = 2 * SECOND;
    /** The same for a switch of source or layer, which goes on in the present. */
    static final long REPLAY_SWITCH_NANOS_MAX = 200 * MILLIS;
    /** Packets that such a start may send at once. */
    static final int REPLAY_PACKETS_MAX = 200;

    /** A layer that is silent for this long is not there. */
    static final long LAYER_SILENCE_NANOS = 700 * MILLIS;
    /** How often the choice of layer is looked at. */
    static final long LAYER_CHOICE_NANOS = 200 * MILLIS;
    /** What a layer is believed to take before it was measured, if its codec does not tell its size. */
    static final long UNKNOWN_LAYER_BPS = 300_000;
    /** What a path is tried for before any picture flows. */
    static final long FIRST_DEMAND_BPS = 2_500_000;
    /** A new layer is measured over this long at first. */
    static final long BITRATE_FIRST_NANOS = 150 * MILLIS;
    /** Recent packets that a probe is made of. */
    static final int PADDING_RECENT_PACKETS = 16;
    /** Bytes of padding in a packet that has no other use (RFC 3550 section 5.1). */
    static final int PADDING_BYTES = 240;
    /** Window of the measured bitrate. */
    static final long BITRATE_WINDOW_NANOS = SECOND;

    /** SSRCs of one peer. A bundle has tracks × layers × 2 of them. */
    static final int INCOMING_SSRCS_MAX = 256;
    /** Media sections of one peer: the slots of the dynamic extension with room to spare. */
    static final int SECTIONS_MAX = 64;
    /** Layers of one track. */
    static final int LAYERS_MAX = 4;
    /** Subscriptions of one peer. */
    static final int SUBSCRIPTIONS_MAX = 64;

    /** A jump of the timestamp against the clock that means the publisher restarted it, in seconds. */
    static final int TIMESTAMP_JUMP_SECONDS = 10;
    /** A step of the sequence beyond this is no loss: the sender has restarted, or it was silent for too long. */
    static final int SEQUENCE_STEP_MAX = 3_000;
    /** Packets in a row at an unexpected place that mean the publisher restarted its sequence. */
    static final int RESTART_PACKETS = 3;

    private ForwardLimits() {}
}

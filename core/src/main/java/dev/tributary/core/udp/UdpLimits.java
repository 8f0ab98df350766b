// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.udp;

/** The limits of the media loops, with their reasons. */
final class UdpLimits {
    /** Longest datagram read; longer ones are cut by the kernel and then fail to authenticate. Paths carry 1,500. */
    static final int DATAGRAM_BYTES_MAX = 2048;

    /** Datagrams read by one system call. */
    static final int RECEIVE_BATCH = 32;

    /** The kernel accounts about 2.3 kB for each packet: its default of 208 KiB holds fewer packets than a key frame. */
    static final int SOCKET_BUFFER_BYTES = 4 << 20;

    /** Unsent bytes beyond which datagrams are dropped: about 50 ms at 640 Mbit/s. */
    static final int BACKLOG_BYTES_MAX = 4 << 20;

    /** Datagrams of one segmented send; the kernel takes 64 since Linux 4.18, 128 later. */
    static final int SEGMENTS_MAX = 64;

    /** Bytes of one segmented send, below what a UDP datagram can say in its length. */
    static final int SEGMENTED_BYTES_MAX = 60_000;

    /** Bytes of the slab that outgoing datagrams of a turn are copied to. */
    static final int SLAB_BYTES = 256 << 10;

    /** Datagrams from other loops that may wait: what a socket buffer of 4 MiB holds. */
    static final int HAND_OVERS_MAX = 2048;

    /** Loops of one port. */
    static final int LOOPS_MAX = 256;

    /** TCP connections at a time: each costs a socket and about 10 kB. */
    static final int STREAMS_MAX = 4096;

    /** TCP connections of one host: a household behind one address, not a flood. */
    static final int STREAMS_PER_HOST_MAX = 64;

    /** A connection whose peer got no answer for so long has not proved itself. */
    static final long UNANSWERED_MILLIS_MAX = 10_000;

    /** Bytes that such a connection may send: some checks, and what comes with them. */
    static final int UNANSWERED_BYTES_MAX = 8192;

    /** Silence after which a connection is closed: twice the time after which consent is lost (RFC 7675). */
    static final long STREAM_SILENCE_MILLIS_MAX = 60_000;

    /** Unsent bytes of a connection beyond which datagrams are dropped: a second of video. */
    static final int STREAM_BACKLOG_BYTES_MAX = 512 << 10;

    private UdpLimits() {}
}

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

    private UdpLimits() {}
}

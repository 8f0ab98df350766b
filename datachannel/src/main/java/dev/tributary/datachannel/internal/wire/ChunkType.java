// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.wire;

/** Chunk types (RFC 9260 §3.2, RFC 3758, RFC 6525, RFC 8260), as the unsigned value of the first byte. */
public final class ChunkType {
    public static final int DATA = 0;
    public static final int INIT = 1;
    public static final int INIT_ACK = 2;
    public static final int SACK = 3;
    public static final int HEARTBEAT = 4;
    public static final int HEARTBEAT_ACK = 5;
    public static final int ABORT = 6;
    public static final int SHUTDOWN = 7;
    public static final int SHUTDOWN_ACK = 8;
    public static final int ERROR = 9;
    public static final int COOKIE_ECHO = 10;
    public static final int COOKIE_ACK = 11;
    public static final int SHUTDOWN_COMPLETE = 14;
    public static final int I_DATA = 0x40;
    public static final int RE_CONFIG = 0x82;
    public static final int FORWARD_TSN = 0xC0;
    public static final int I_FORWARD_TSN = 0xC2;

    /** RFC 9260 §8.5.1: the tag in the common header is the receiver's own, reflected. */
    public static final int FLAG_T = 1;

    /** Bytes of type, flags and length. */
    public static final int HEADER_BYTES = 4;

    private ChunkType() {}

    /** RFC 9260 §3.2: the highest bit of an unknown type says whether the rest of the packet is processed. */
    public static boolean skipWhenUnknown(int type) {
        return (type & 0x80) != 0;
    }

    /** RFC 9260 §3.2: the second bit of an unknown type says whether it is reported. */
    public static boolean reportWhenUnknown(int type) {
        return (type & 0x40) != 0;
    }

    /** Chunks and parameters are padded to four bytes; the padding is not part of their length. */
    public static int padded(int lengthBytes) {
        return (lengthBytes + 3) & ~3;
    }
}

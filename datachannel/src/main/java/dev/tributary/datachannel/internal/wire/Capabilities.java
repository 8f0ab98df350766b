// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.wire;

import java.io.ByteArrayOutputStream;

/**
 * What one side of an association supports beyond RFC 9260.
 *
 * @param partialReliability FORWARD TSN (RFC 3758)
 * @param streamReset RE-CONFIG (RFC 6525)
 * @param interleaving I-DATA and I-FORWARD-TSN (RFC 8260)
 * @param zeroChecksum packets with a zero checksum are accepted (RFC 9653)
 */
public record Capabilities(
        boolean partialReliability, boolean streamReset, boolean interleaving, boolean zeroChecksum) {

    /** Nothing beyond RFC 9260. */
    public static final Capabilities NONE = new Capabilities(false, false, false, false);

    private static final int PARTIAL_RELIABILITY = 1;
    private static final int STREAM_RESET = 2;
    private static final int INTERLEAVING = 4;
    private static final int ZERO_CHECKSUM = 8;

    /** What the parameters of an INIT say. */
    static Capabilities of(boolean forwardTsn, byte[] extensions, boolean zeroChecksum) {
        return new Capabilities(
                forwardTsn || contains(extensions, ChunkType.FORWARD_TSN),
                contains(extensions, ChunkType.RE_CONFIG),
                contains(extensions, ChunkType.I_DATA) && contains(extensions, ChunkType.I_FORWARD_TSN),
                zeroChecksum);
    }

    /** What both sides support. */
    public Capabilities and(Capabilities other) {
        return new Capabilities(
                partialReliability && other.partialReliability,
                streamReset && other.streamReset,
                interleaving && other.interleaving,
                zeroChecksum && other.zeroChecksum);
    }

    /** As one number, for the cookie. */
    public int bits() {
        return (partialReliability ? PARTIAL_RELIABILITY : 0)
                | (streamReset ? STREAM_RESET : 0)
                | (interleaving ? INTERLEAVING : 0)
                | (zeroChecksum ? ZERO_CHECKSUM : 0);
    }

    /** The reverse of {@link #bits}. */
    public static Capabilities ofBits(int bits) {
        return new Capabilities(
                (bits & PARTIAL_RELIABILITY) != 0,
                (bits & STREAM_RESET) != 0,
                (bits & INTERLEAVING) != 0,
                (bits & ZERO_CHECKSUM) != 0);
    }

    /** The chunk types of the Supported Extensions parameter (RFC 5061 §4.2.7). */
    byte[] extensions() {
        ByteArrayOutputStream types = new ByteArrayOutputStream();
        if (streamReset) {
            types.write(ChunkType.RE_CONFIG);
        }
        if (partialReliability) {
            types.write(ChunkType.FORWARD_TSN);
        }
        if (interleaving) {
            types.write(ChunkType.I_DATA);
            types.write(ChunkType.I_FORWARD_TSN);
        }
        return types.toByteArray();
    }

    private static boolean contains(byte[] types, int type) {
        for (byte each : types) {
            if ((each & 0xFF) == type) {
                return true;
            }
        }
        return false;
    }
}

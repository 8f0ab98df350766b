// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.wire;

import dev.tributary.srtp.SrtpFailure;
import dev.tributary.srtp.internal.transform.Transform;

/** As much of an RTP header (RFC 3550 §5.1) as SRTP has to know: where it ends, the source, the sequence number. */
public final class RtpHeader {
    /** The header without CSRCs and extension. */
    public static final int FIXED_BYTES = 12;

    /** RFC 9335 §5: in place of 0xBEDE when the extension is encrypted. */
    private static final int CRYPTEX_ONE_BYTE = 0xC0DE;

    /** RFC 9335 §5: in place of 0x1000 when the extension is encrypted. */
    private static final int CRYPTEX_TWO_BYTE = 0xC2DE;

    private RtpHeader() {}

    /**
     * Where the payload begins.
     *
     * @return the length of the header, or a negative status
     */
    public static int length(byte[] bytes, int offset, int length) {
        if (length < FIXED_BYTES || (bytes[offset] & 0xC0) != 0x80) {
            return SrtpFailure.MALFORMED.status();
        }
        int header = FIXED_BYTES + 4 * (bytes[offset] & 0x0F);
        if ((bytes[offset] & 0x10) != 0) {
            if (length < header + 4) {
                return SrtpFailure.MALFORMED.status();
            }
            int extension = Transform.readInt(bytes, offset + header);
            int profile = extension >>> 16;
            if (profile == CRYPTEX_ONE_BYTE || profile == CRYPTEX_TWO_BYTE) {
                return SrtpFailure.CRYPTEX.status();
            }
            header += 4 + 4 * (extension & 0xFFFF);
        }
        return header <= length ? header : SrtpFailure.MALFORMED.status();
    }

    /** The sequence number, 16 bits. */
    public static int sequenceNumber(byte[] bytes, int offset) {
        return (bytes[offset + 2] & 0xFF) << 8 | (bytes[offset + 3] & 0xFF);
    }

    /** The synchronisation source. */
    public static int ssrc(byte[] bytes, int offset) {
        return Transform.readInt(bytes, offset + 8);
    }
}

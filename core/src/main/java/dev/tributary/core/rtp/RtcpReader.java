// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.rtp;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Walks through a compound RTCP packet (RFC 3550 section 6.1; reduced-size ones of RFC 5506 too) in place:
 *
 * <pre>{@code
 * reader.wrap(bytes, offset, length);
 * while (reader.next()) {
 *     if (reader.kind() == Kind.PICTURE_LOSS_INDICATION) {
 *         requestKeyFrame(reader.mediaSsrc());
 *     }
 * }
 * }</pre>
 *
 * <p>A packet whose length does not hold what its type promises is {@link Kind#MALFORMED}, so that after the kind has
 * been seen the accessors that belong to it cannot fail. Accessors of another kind return meaningless numbers or throw.
 * Not thread-safe; reusable.
 */
public final class RtcpReader {
    /** What a packet is. */
    public enum Kind {
        /** RFC 3550 section 6.4.1. */
        SENDER_REPORT,
        /** RFC 3550 section 6.4.2. */
        RECEIVER_REPORT,
        /** RFC 3550 section 6.5. */
        SOURCE_DESCRIPTION,
        /** RFC 3550 section 6.6. */
        BYE,
        /** RFC 4585 section 6.2.1. */
        GENERIC_NACK,
        /** draft-holmer-rmcat-transport-wide-cc-extensions. */
        TRANSPORT_CC,
        /** RFC 4585 section 6.3.1. */
        PICTURE_LOSS_INDICATION,
        /** RFC 5104 section 4.3.1. */
        FULL_INTRA_REQUEST,
        /** draft-alvestrand-rmcat-remb. */
        RECEIVER_ESTIMATED_MAXIMUM_BITRATE,
        /** Well-formed, but of no type that is read here. */
        UNKNOWN,
        /** Its header is sound, its body is not. */
        MALFORMED
    }

    private static final int HEADER_BYTES = 4;
    private static final int SENDER_INFO_BYTES = 28;
    private static final int FEEDBACK_HEADER_BYTES = 12;

    private byte[] array = {};
    private int end;
    private int at;
    private int bodyEnd;
    private int nextAt;
    private Kind kind = Kind.MALFORMED;

    /** Points at a compound packet; {@link #next} then moves to its first part. */
    public void wrap(byte[] bytes, int offset, int length) {
        boolean inside = offset >= 0 && length >= 0 && offset <= bytes.length - length;
        array = bytes;
        nextAt = inside ? offset : 0;
        end = inside ? offset + length : 0;
    }

    /**
     * Moves to the next packet of the compound.
     *
     * @return {@code false} at the end, and where the rest makes no sense
     */
    public boolean next() {
        at = nextAt;
        if (end - at < HEADER_BYTES || BigEndian.uint8(array, at) >>> 6 != 2) {
            return false;
        }
        int length = HEADER_BYTES + 4 * BigEndian.uint16(array, at + 2);
        if (length > end - at) {
            return false;
        }
        nextAt = at + length;
        bodyEnd = nextAt;
        if ((array[at] & 0x20) != 0) {
            int padding = length > HEADER_BYTES ? BigEndian.uint8(array, nextAt - 1) : 0;
            if (padding == 0 || padding > length - HEADER_BYTES) {
                kind = Kind.MALFORMED;
                return true;
            }
            bodyEnd -= padding;
        }
        kind = classify();
        return true;
    }

    /** What the current packet is. */
    public Kind kind() {
        return kind;
    }

    /** The packet type as on the wire. */
    public int packetType() {
        return BigEndian.uint8(array, at + 1);
    }

    /** The five bits that are a count of blocks, or the format of a feedback packet. */
    public int count() {
        return array[at] & 0x1F;
    }

    /** Index of the first byte of the current packet. */
    public int offset() {
        return at;
    }

    /** Bytes of the current packet with its header, without padding. */
    public int length() {
        return bodyEnd - at;
    }

    /** Who sends this packet: in every kind but SDES and BYE. */
    public int senderSsrc() {
        return BigEndian.int32(array, at + 4);
    }

    /** The stream that a feedback packet speaks of; zero in FIR and REMB. */
    public int mediaSsrc() {
        return BigEndian.int32(array, at + 8);
    }

    /** NTP timestamp of a sender report. */
    public long ntpTime() {
        return BigEndian.int64(array, at + 8);
    }

    /** RTP timestamp of a sender report. */
    public int rtpTimestamp() {
        return BigEndian.int32(array, at + 16);
    }

    /** Packets sent, by a sender report. */
    public long packetCount() {
        return BigEndian.uint32(array, at + 20);
    }

    /** Payload octets sent, by a sender report. */
    public long octetCount() {
        return BigEndian.uint32(array, at + 24);
    }

    /** Number of report blocks in a sender or receiver report. */
    public int reportCount() {
        return count();
    }

    /** Whose reception a report block tells of. */
    public int reportSsrc(int index) {
        return BigEndian.int32(array, report(index));
    }

    /** Fraction of packets lost since the last report, in 1/256. */
    public int reportFractionLost(int index) {
        return BigEndian.uint8(array, report(index) + 4);
    }

    /** Packets lost since the beginning; negative with duplicates. */
    public int reportCumulativeLost(int index) {
        return BigEndian.int32(array, report(index) + 4) << 8 >> 8;
    }

    /** Extended highest sequence number received: cycles in the upper 16 bits. */
    public int reportExtendedHighestSequenceNumber(int index) {
        return BigEndian.int32(array, report(index) + 8);
    }

    /** Interarrival jitter in timestamp units. */
    public long reportJitter(int index) {
        return BigEndian.uint32(array, report(index) + 12);
    }

    /** Middle 32 bits of the NTP timestamp of the last sender report received, or zero. */
    public int reportLastSenderReport(int index) {
        return BigEndian.int32(array, report(index) + 16);
    }

    /** Delay since that sender report in 1/65536 s. */
    public long reportDelaySinceLastSenderReport(int index) {
        return BigEndian.uint32(array, report(index) + 20);
    }

    /** A source that says goodbye. */
    public int byeSsrc(int index) {
        return BigEndian.int32(array, at + HEADER_BYTES + 4 * index);
    }

    /** Number of entries of a generic NACK. */
    public int nackCount() {
        return (bodyEnd - at - FEEDBACK_HEADER_BYTES) / 4;
    }

    /** The first lost sequence number of an entry. */
    public int nackPacketId(int index) {
        return BigEndian.uint16(array, at + FEEDBACK_HEADER_BYTES + 4 * index);
    }

    /** Which of the 16 sequence numbers after {@link #nackPacketId} are lost too, lowest bit first. */
    public int nackBitmask(int index) {
        return BigEndian.uint16(array, at + FEEDBACK_HEADER_BYTES + 4 * index + 2);
    }

    /** Number of entries of a full intra request. */
    public int firCount() {
        return (bodyEnd - at - FEEDBACK_HEADER_BYTES) / 8;
    }

    /** The stream that an entry of a full intra request wants a key frame of. */
    public int firSsrc(int index) {
        return BigEndian.int32(array, at + FEEDBACK_HEADER_BYTES + 8 * index);
    }

    /** The command sequence number of an entry: a repeated one is the same request (RFC 5104 section 4.3.1.1). */
    public int firSequenceNumber(int index) {
        return BigEndian.uint8(array, at + FEEDBACK_HEADER_BYTES + 8 * index + 4);
    }

    /** The bitrate of a REMB; numbers beyond a {@code long} are cut to its largest. */
    public long rembBitrateBps() {
        int word = BigEndian.int32(array, at + FEEDBACK_HEADER_BYTES + 4);
        int exponent = word >>> 18 & 0x3F;
        long mantissa = word & 0x3FFFF;
        return exponent > 45 && mantissa != 0 ? Long.MAX_VALUE : mantissa << Math.min(exponent, 45);
    }

    /** Number of streams that a REMB speaks of. */
    public int rembSsrcCount() {
        return BigEndian.uint8(array, at + FEEDBACK_HEADER_BYTES + 4);
    }

    /** A stream that a REMB speaks of. */
    public int rembSsrc(int index) {
        return BigEndian.int32(array, at + FEEDBACK_HEADER_BYTES + 8 + 4 * index);
    }

    /** The canonical name of the first chunk of a source description, or {@code null}. Allocates. */
    public @Nullable String cname() {
        int itemAt = at + HEADER_BYTES + 4;
        while (kind == Kind.SOURCE_DESCRIPTION && count() > 0 && itemAt + 2 <= bodyEnd && array[itemAt] != 0) {
            int length = BigEndian.uint8(array, itemAt + 1);
            if (itemAt + 2 + length > bodyEnd) {
                return null;
            }
            if (array[itemAt] == Rtcp.SDES_CNAME) {
                return new String(array, itemAt + 2, length, StandardCharsets.UTF_8);
            }
            itemAt += 2 + length;
        }
        return null;
    }

    private int report(int index) {
        int first = packetType() == Rtcp.SENDER_REPORT ? SENDER_INFO_BYTES : 8;
        return at + first + Rtcp.REPORT_BLOCK_BYTES * index;
    }

    private Kind classify() {
        int length = bodyEnd - at;
        int blocks = Rtcp.REPORT_BLOCK_BYTES * count();
        return switch (packetType()) {
            case Rtcp.SENDER_REPORT -> atLeast(length, SENDER_INFO_BYTES + blocks, Kind.SENDER_REPORT);
            case Rtcp.RECEIVER_REPORT -> atLeast(length, 8 + blocks, Kind.RECEIVER_REPORT);
            case Rtcp.SOURCE_DESCRIPTION -> atLeast(length, HEADER_BYTES + 8 * count(), Kind.SOURCE_DESCRIPTION);
            case Rtcp.BYE -> atLeast(length, HEADER_BYTES + 4 * count(), Kind.BYE);
            case Rtcp.TRANSPORT_FEEDBACK -> transportFeedback(length);
            case Rtcp.PAYLOAD_FEEDBACK -> payloadFeedback(length);
            default -> Kind.UNKNOWN;
        };
    }

    private Kind transportFeedback(int length) {
        return switch (count()) {
            case Rtcp.FORMAT_NACK -> atLeast(length, FEEDBACK_HEADER_BYTES + 4, Kind.GENERIC_NACK);
            case Rtcp.FORMAT_TRANSPORT_CC -> atLeast(length, FEEDBACK_HEADER_BYTES + 8, Kind.TRANSPORT_CC);
            default -> Kind.UNKNOWN;
        };
    }

    private Kind payloadFeedback(int length) {
        switch (count()) {
            case Rtcp.FORMAT_PLI:
                return atLeast(length, FEEDBACK_HEADER_BYTES, Kind.PICTURE_LOSS_INDICATION);
            case Rtcp.FORMAT_FIR:
                return atLeast(length, FEEDBACK_HEADER_BYTES + 8, Kind.FULL_INTRA_REQUEST);
            case Rtcp.FORMAT_APPLICATION:
                if (length < FEEDBACK_HEADER_BYTES + 8
                        || BigEndian.int32(array, at + FEEDBACK_HEADER_BYTES) != Rtcp.REMB_IDENTIFIER) {
                    return Kind.UNKNOWN;
                }
                return atLeast(
                        length,
                        FEEDBACK_HEADER_BYTES + 8 + 4 * rembSsrcCount(),
                        Kind.RECEIVER_ESTIMATED_MAXIMUM_BITRATE);
            default:
                return Kind.UNKNOWN;
        }
    }

    private static Kind atLeast(int length, int needed, Kind kind) {
        return length >= needed ? kind : Kind.MALFORMED;
    }
}

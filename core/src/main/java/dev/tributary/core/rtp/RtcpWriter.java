// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.rtp;

import java.nio.charset.StandardCharsets;

/**
 * Writes compound RTCP packets (RFC 3550 section 6.1) into a caller's array. Browsers want a sender or receiver report
 * first unless reduced size (RFC 5506) was negotiated.
 *
 * <pre>{@code
 * writer.wrap(bytes, 0, bytes.length);
 * writer.receiverReport(ours);
 * writer.reportBlock(theirs, fractionLost, lost, highest, jitter, lastSenderReport, delay);
 * writer.cname(ours, "stage");
 * send(bytes, 0, writer.length());
 * }</pre>
 *
 * <p>Each method answers whether its packet fitted, and writes nothing when not. Not thread-safe; reusable.
 */
public final class RtcpWriter {
    private static final int CNAME_BYTES_MAX = 255;

    private byte[] array = {};
    private int start;
    private int at;
    private int limit;
    private int reportAt = -1;

    /** Points at the room for one compound packet, which is then empty. */
    public void wrap(byte[] bytes, int offset, int room) {
        array = bytes;
        start = offset;
        at = offset;
        limit = Math.min(offset + room, bytes.length);
        reportAt = -1;
    }

    /** Bytes written since {@link #wrap}. */
    public int length() {
        return at - start;
    }

    /** Bytes that are still free. */
    public int remaining() {
        return limit - at;
    }

    /** Starts a sender report; {@link #reportBlock} adds to it. */
    public boolean senderReport(int ssrc, long ntpTime, int rtpTimestamp, long packetCount, long octetCount) {
        if (!begin(Rtcp.SENDER_REPORT, 0, 28)) {
            return false;
        }
        reportAt = at;
        BigEndian.putInt32(array, at + 4, ssrc);
        BigEndian.putInt64(array, at + 8, ntpTime);
        BigEndian.putInt32(array, at + 16, rtpTimestamp);
        BigEndian.putInt32(array, at + 20, (int) packetCount);
        BigEndian.putInt32(array, at + 24, (int) octetCount);
        at += 28;
        return true;
    }

    /** Starts a receiver report; {@link #reportBlock} adds to it. */
    public boolean receiverReport(int ssrc) {
        if (!begin(Rtcp.RECEIVER_REPORT, 0, 8)) {
            return false;
        }
        reportAt = at;
        BigEndian.putInt32(array, at + 4, ssrc);
        at += 8;
        return true;
    }

    /**
     * Adds a block to the report just started.
     *
     * @return {@code false} if it does not fit, the report has 31 blocks, or something else was written since
     */
    public boolean reportBlock(
            int ssrc,
            int fractionLost,
            int cumulativeLost,
            int extendedHighestSequenceNumber,
            long jitter,
            int lastSenderReport,
            long delaySinceLastSenderReport) {
        if (reportAt < 0 || limit - at < Rtcp.REPORT_BLOCK_BYTES || (array[reportAt] & 0x1F) == Rtcp.COUNT_MAX) {
            return false;
        }
        // RFC 3550 §6.4.1: 24 signed bits; what does not fit is clamped.
        int lost = Math.max(-0x80_0000, Math.min(0x7F_FFFF, cumulativeLost));
        BigEndian.putInt32(array, at, ssrc);
        BigEndian.putInt32(array, at + 4, Math.min(255, Math.max(0, fractionLost)) << 24 | lost & 0xFF_FFFF);
        BigEndian.putInt32(array, at + 8, extendedHighestSequenceNumber);
        BigEndian.putInt32(array, at + 12, (int) jitter);
        BigEndian.putInt32(array, at + 16, lastSenderReport);
        BigEndian.putInt32(array, at + 20, (int) delaySinceLastSenderReport);
        at += Rtcp.REPORT_BLOCK_BYTES;
        array[reportAt]++;
        BigEndian.putInt16(array, reportAt + 2, (at - reportAt) / 4 - 1);
        return true;
    }

    /** Adds a source description with one chunk and a canonical name, which is cut to 255 bytes. */
    public boolean cname(int ssrc, String cname) {
        byte[] name = cname.getBytes(StandardCharsets.UTF_8);
        return cname(ssrc, name);
    }

    /** Adds a source description with one chunk and a canonical name already encoded: allocates nothing. */
    public boolean cname(int ssrc, byte[] name) {
        int length = Math.min(CNAME_BYTES_MAX, name.length);
        // Chunk: SSRC, item head, name, and one to four null octets up to a word boundary (RFC 3550 §6.5).
        int total = 4 + 4 + (2 + length) / 4 * 4 + 4;
        if (!begin(Rtcp.SOURCE_DESCRIPTION, 1, total)) {
            return false;
        }
        int end = at + total;
        BigEndian.putInt32(array, at + 4, ssrc);
        array[at + 8] = Rtcp.SDES_CNAME;
        array[at + 9] = (byte) length;
        System.arraycopy(name, 0, array, at + 10, length);
        for (int i = at + 10 + length; i < end; i++) {
            array[i] = 0;
        }
        at = end;
        return true;
    }

    /** Adds a goodbye of one source. */
    public boolean bye(int ssrc) {
        if (!begin(Rtcp.BYE, 1, 8)) {
            return false;
        }
        BigEndian.putInt32(array, at + 4, ssrc);
        at += 8;
        return true;
    }

    /** Starts a generic NACK; {@link #nackEntry} adds to it. At least one entry must follow. */
    public boolean nack(int senderSsrc, int mediaSsrc) {
        if (!feedback(Rtcp.TRANSPORT_FEEDBACK, Rtcp.FORMAT_NACK, senderSsrc, mediaSsrc, 16)) {
            return false;
        }
        reportAt = at;
        at += 12;
        return true;
    }

    /**
     * Adds an entry to the NACK just started.
     *
     * @param packetId the first lost sequence number
     * @param bitmask which of the 16 after it are lost too, lowest bit first
     */
    public boolean nackEntry(int packetId, int bitmask) {
        if (reportAt < 0 || limit - at < 4) {
            return false;
        }
        BigEndian.putInt16(array, at, packetId);
        BigEndian.putInt16(array, at + 2, bitmask);
        at += 4;
        BigEndian.putInt16(array, reportAt + 2, (at - reportAt) / 4 - 1);
        return true;
    }

    /** Adds a picture loss indication. */
    public boolean pictureLossIndication(int senderSsrc, int mediaSsrc) {
        if (!feedback(Rtcp.PAYLOAD_FEEDBACK, Rtcp.FORMAT_PLI, senderSsrc, mediaSsrc, 12)) {
            return false;
        }
        at += 12;
        return true;
    }

    /** Adds a full intra request with one entry; a repetition of the same request keeps its number. */
    public boolean fullIntraRequest(int senderSsrc, int mediaSsrc, int sequenceNumber) {
        if (!feedback(Rtcp.PAYLOAD_FEEDBACK, Rtcp.FORMAT_FIR, senderSsrc, 0, 20)) {
            return false;
        }
        BigEndian.putInt32(array, at + 12, mediaSsrc);
        BigEndian.putInt32(array, at + 16, sequenceNumber << 24);
        at += 20;
        return true;
    }

    /** Adds a REMB for one stream; the bitrate is rounded down to what 18 bits of mantissa can say. */
    public boolean receiverEstimatedMaximumBitrate(int senderSsrc, int mediaSsrc, long bitrateBps) {
        if (!feedback(Rtcp.PAYLOAD_FEEDBACK, Rtcp.FORMAT_APPLICATION, senderSsrc, 0, 24)) {
            return false;
        }
        int exponent = Math.max(0, 46 - Long.numberOfLeadingZeros(Math.max(0, bitrateBps)));
        int mantissa = (int) (Math.max(0, bitrateBps) >>> exponent);
        BigEndian.putInt32(array, at + 12, Rtcp.REMB_IDENTIFIER);
        BigEndian.putInt32(array, at + 16, 1 << 24 | exponent << 18 | mantissa);
        BigEndian.putInt32(array, at + 20, mediaSsrc);
        at += 24;
        return true;
    }

    private boolean feedback(int type, int format, int senderSsrc, int mediaSsrc, int length) {
        if (!begin(type, format, length)) {
            return false;
        }
        BigEndian.putInt32(array, at + 4, senderSsrc);
        BigEndian.putInt32(array, at + 8, mediaSsrc);
        return true;
    }

    private boolean begin(int type, int count, int length) {
        if (limit - at < length) {
            return false;
        }
        reportAt = -1;
        array[at] = (byte) (2 << 6 | count);
        array[at + 1] = (byte) type;
        BigEndian.putInt16(array, at + 2, length / 4 - 1);
        return true;
    }
}

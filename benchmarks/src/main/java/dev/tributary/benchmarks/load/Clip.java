// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Recorded media, cut into RTP payloads with room for a {@link Stamp} behind each. It is replayed in a loop; its first frame
 * is a key frame.
 *
 * @param codec the encoding's name in SDP
 * @param frameNanos from one frame to the next
 * @param frames in order
 */
record Clip(String codec, long frameNanos, List<Frame> frames) {
    private static final int PAYLOAD_BYTES_MAX = 1_150 - Stamp.BYTES;
    private static final long PICTURE_NANOS = 33_333_333;
    private static final long SOUND_NANOS = 20_000_000;

    /**
     * One picture, or one piece of sound.
     *
     * @param isKey whether a decoder can begin here
     * @param payloads of its packets, each with {@link Stamp#BYTES} unused bytes at the end
     */
    record Frame(boolean isKey, List<byte[]> payloads) {}

    /** The recorded clip of a codec: 4 seconds, 1.2 Mbit/s of pictures or 32 kbit/s of sound. */
    static Clip of(String codec) {
        return switch (codec) {
            case "VP8" -> new Clip(codec, PICTURE_NANOS, vp8(read("clip-vp8.ivf")));
            case "H264" -> new Clip(codec, PICTURE_NANOS, h264(read("clip-h264.h264")));
            case "opus" -> new Clip(codec, SOUND_NANOS, opus(read("clip-opus.ogg")));
            default -> throw new IllegalArgumentException("No clip of " + codec + ": choose VP8 or H264");
        };
    }

    private static ByteBuffer read(String resource) {
        try (InputStream in = Clip.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing from the jar");
            }
            return ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new UncheckedIOException(resource + " cannot be read", e);
        }
    }

    /** IVF: a header of 32 bytes; before each picture its length and time. Payloads as RFC 7741 section 4.2 says. */
    private static List<Frame> vp8(ByteBuffer ivf) {
        List<Frame> frames = new ArrayList<>();
        ivf.position(32);
        while (ivf.remaining() > 12) {
            byte[] picture = new byte[ivf.getInt()];
            ivf.getLong();
            ivf.get(picture);
            List<byte[]> payloads = new ArrayList<>();
            for (int at = 0; at < picture.length; ) {
                int length = Math.min(PAYLOAD_BYTES_MAX - 1, picture.length - at);
                byte[] payload = new byte[1 + length + Stamp.BYTES];
                payload[0] = (byte) (at == 0 ? 0x10 : 0);
                System.arraycopy(picture, at, payload, 1, length);
                payloads.add(payload);
                at += length;
            }
            frames.add(new Frame((picture[0] & 1) == 0, payloads));
        }
        return frames;
    }

    /** Annex B of H.264, each picture behind an access unit delimiter. Payloads as RFC 6184 sections 5.6 and 5.8 say. */
    private static List<Frame> h264(ByteBuffer stream) {
        List<Frame> frames = new ArrayList<>();
        List<byte[]> payloads = new ArrayList<>();
        boolean isKey = false;
        for (byte[] unit : units(stream.array())) {
            int type = unit[0] & 0x1F;
            if (type == 9 && !payloads.isEmpty()) {
                frames.add(new Frame(isKey, payloads));
                payloads = new ArrayList<>();
                isKey = false;
            } else if (type != 9) {
                isKey |= type == 5;
                fragment(unit, payloads);
            }
        }
        frames.add(new Frame(isKey, payloads));
        return frames;
    }

    private static List<byte[]> units(byte[] stream) {
        List<byte[]> units = new ArrayList<>();
        int begin = -1;
        for (int at = 0; at + 2 < stream.length; at++) {
            if (stream[at] == 0 && stream[at + 1] == 0 && stream[at + 2] == 1) {
                if (begin >= 0) {
                    units.add(unit(stream, begin, at));
                }
                begin = at + 3;
            }
        }
        units.add(unit(stream, begin, stream.length));
        return units;
    }

    private static byte[] unit(byte[] stream, int begin, int end) {
        int last = end;
        while (stream[last - 1] == 0) {
            last--;
        }
        return Arrays.copyOfRange(stream, begin, last);
    }

    private static void fragment(byte[] unit, List<byte[]> payloads) {
        if (unit.length <= PAYLOAD_BYTES_MAX) {
            payloads.add(Arrays.copyOf(unit, unit.length + Stamp.BYTES));
            return;
        }
        for (int at = 1; at < unit.length; ) {
            int length = Math.min(PAYLOAD_BYTES_MAX - 2, unit.length - at);
            byte[] payload = new byte[2 + length + Stamp.BYTES];
            boolean isLast = at + length == unit.length;
            payload[0] = (byte) (unit[0] & 0xE0 | 28);
            payload[1] = (byte) ((at == 1 ? 0x80 : 0) | (isLast ? 0x40 : 0) | unit[0] & 0x1F);
            System.arraycopy(unit, at, payload, 2, length);
            payloads.add(payload);
            at += length;
        }
    }

    /** Ogg (RFC 3533): pages with a table of segments; the first two packets describe the stream (RFC 7845). */
    private static List<Frame> opus(ByteBuffer ogg) {
        List<Frame> frames = new ArrayList<>();
        int packets = 0;
        while (ogg.remaining() > 27) {
            int page = ogg.position();
            int segments = ogg.get(page + 26) & 0xFF;
            int data = page + 27 + segments;
            int length = 0;
            for (int segment = 0; segment < segments; segment++) {
                int lacing = ogg.get(page + 27 + segment) & 0xFF;
                length += lacing;
                if (lacing < 255) {
                    if (packets++ >= 2) {
                        byte[] payload = new byte[length + Stamp.BYTES];
                        ogg.get(data, payload, 0, length);
                        frames.add(new Frame(true, List.of(payload)));
                    }
                    data += length;
                    length = 0;
                }
            }
            ogg.position(data + length);
        }
        return frames;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.crowd;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One recorded picture as RTP payloads (RFC 7741 section 4.2). */
record Picture(List<byte[]> payloads) {
    private static final int HEADER_BYTES = 32;
    private static final int FRAME_HEADER_BYTES = 12;
    private static final int PAYLOAD_BYTES_MAX = 1_100;

    /** The clip; its first picture is its only key frame. */
    static List<Picture> clip() {
        ByteBuffer ivf = read().order(ByteOrder.LITTLE_ENDIAN).position(HEADER_BYTES);
        List<Picture> clip = new ArrayList<>();
        while (ivf.remaining() > FRAME_HEADER_BYTES) {
            byte[] picture = new byte[ivf.getInt()];
            ivf.getLong();
            ivf.get(picture);
            List<byte[]> payloads = new ArrayList<>();
            for (int at = 0; at < picture.length; at += PAYLOAD_BYTES_MAX) {
                byte[] part = Arrays.copyOfRange(picture, at, Math.min(picture.length, at + PAYLOAD_BYTES_MAX));
                byte[] payload = new byte[1 + part.length];
                // The S bit: a partition begins here.
                payload[0] = (byte) (at == 0 ? 0x10 : 0);
                System.arraycopy(part, 0, payload, 1, part.length);
                payloads.add(payload);
            }
            clip.add(new Picture(payloads));
        }
        return clip;
    }

    private static ByteBuffer read() {
        try (InputStream file = Picture.class.getResourceAsStream("guest.ivf")) {
            return ByteBuffer.wrap(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.interop;

import java.nio.ByteBuffer;
import java.util.Random;

/** RTP and RTCP packets of all shapes, by a seed. */
final class RtpPackets {
    private static final int SSRC = 0x5EED0001;

    private final long seed;
    private final Random random;

    RtpPackets(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
    }

    /** For messages of failed tests. */
    String seed() {
        return "-Dtributary.seed=" + seed;
    }

    /** With or without contributing sources and a header extension, 0 to 1,100 bytes of payload. */
    byte[] rtp(int sequence) {
        int sources = random.nextInt(3);
        int extensionWords = random.nextBoolean() ? random.nextInt(4) : -1;
        byte[] payload = new byte[random.nextInt(1_100)];
        random.nextBytes(payload);
        ByteBuffer out = ByteBuffer.allocate(12 + 4 * sources + 4 * (extensionWords + 1) + payload.length);
        out.put((byte) (0x80 | (extensionWords >= 0 ? 0x10 : 0) | sources)).put((byte) 96);
        out.putShort((short) sequence).putInt(sequence * 3_000).putInt(SSRC);
        for (int i = 0; i < sources; i++) {
            out.putInt(i);
        }
        if (extensionWords >= 0) {
            out.putShort((short) 0xBEDE).putShort((short) extensionWords);
            for (int i = 1; i <= extensionWords; i++) {
                // An element of three bytes, so that the extension reads back as it was.
                out.putInt(i << 28 | 2 << 24 | random.nextInt(1 << 24));
            }
        }
        return out.put(payload).array();
    }

    /** A sender report and a receiver report in one. */
    byte[] rtcp(int number) {
        ByteBuffer out = ByteBuffer.allocate(28 + 32);
        out.put((byte) 0x80).put((byte) 200).putShort((short) 6).putInt(SSRC);
        out.putLong(random.nextLong()).putInt(number).putInt(number).putInt(number);
        out.put((byte) 0x81).put((byte) 201).putShort((short) 7).putInt(SSRC).putInt(2);
        out.putLong(random.nextLong()).putLong(random.nextLong()).putInt(number);
        return out.array();
    }

    static int sequenceOf(byte[] packet) {
        return ByteBuffer.wrap(packet).getShort(2) & 0xFFFF;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.udp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Datagrams out of a stream, wherever TCP cuts it. */
class FrameReaderTest {
    private static final int LIMIT = 300;

    private final FrameReader reader = new FrameReader(LIMIT);
    private final List<byte[]> frames = new ArrayList<>();

    @Test
    void findsTheSameFramesWhereverTheStreamIsCut() {
        for (long seed = 1; seed <= 200; seed++) {
            Random random = new Random(seed);
            List<byte[]> sent = new ArrayList<>();
            ByteBuffer stream = ByteBuffer.allocate(20_000);
            for (int i = 0; i < 50; i++) {
                byte[] frame = new byte[1 + random.nextInt(LIMIT)];
                random.nextBytes(frame);
                sent.add(frame);
                stream.putShort((short) frame.length).put(frame);
            }
            stream.flip();
            frames.clear();

            while (stream.hasRemaining()) {
                ByteBuffer part =
                        stream.slice(stream.position(), Math.min(stream.remaining(), 1 + random.nextInt(700)));
                stream.position(stream.position() + part.remaining());
                assertThat(feed(part)).isTrue();
            }

            assertThat(frames).as("seed " + seed).containsExactlyElementsOf(sent);
        }
    }

    @Test
    void takesAFrameAtTheLimitAndRefusesOneBeyond() {
        ByteBuffer atLimit =
                ByteBuffer.allocate(2 + LIMIT).putShort((short) LIMIT).rewind();
        assertThat(feed(atLimit)).isTrue();
        assertThat(frames).hasSize(1);

        assertThat(feed(ByteBuffer.wrap(new byte[] {(byte) ((LIMIT + 1) >> 8), (byte) (LIMIT + 1)})))
                .isFalse();
    }

    @Test
    void readsLengthsAsUnsignedNumbers() {
        assertThat(feed(ByteBuffer.wrap(new byte[] {(byte) 0xFF, (byte) 0xFF}))).isFalse();
    }

    @Test
    void skipsEmptyFrames() {
        assertThat(feed(ByteBuffer.wrap(new byte[] {0, 0, 0, 0, 0, 1, 42}))).isTrue();

        assertThat(frames).containsExactly(new byte[] {42});
    }

    private boolean feed(ByteBuffer bytes) {
        return reader.read(bytes, frame -> {
            byte[] copy = new byte[frame.remaining()];
            frame.get(copy);
            frames.add(copy);
        });
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PacketRingTest {
    private final RingEntry entry = new RingEntry();

    @Test
    void findsPacketsByArrivalAndBySequenceUntilTheyAreOverwritten() {
        PacketRing ring = new PacketRing(8, 4096);
        for (int i = 0; i < 20; i++) {
            write(ring, 100 + i, 30);
        }

        assertThat(ring.arrivals()).isEqualTo(20);
        assertThat(ring.read(12, entry)).isTrue();
        assertThat(entry.sequence).isEqualTo(112);
        assertThat(ring.read(11, entry)).isFalse();
        assertThat(ring.read(20, entry)).isFalse();
        assertThat(ring.read(-1, entry)).isFalse();
        assertThat(ring.find(119, entry)).isTrue();
        assertThat(ring.find(111, entry)).isFalse();
        assertThat(ring.find(127, entry)).isFalse();
    }

    @Test
    void packetsWhoseBytesAreGivenToOthersAreGone() {
        PacketRing ring = new PacketRing(64, 1024);
        for (int i = 0; i < 12; i++) {
            write(ring, i, 100);
        }

        assertThat(ring.find(0, entry)).isFalse();
        assertThat(ring.find(11, entry)).isTrue();
        assertThat(ring.isIntact(entry)).isTrue();
        write(ring, 12, 900);
        assertThat(ring.isIntact(entry)).isFalse();
    }

    @Test
    void aReservationThatIsNotCommittedCostsOnlyTheOldBytes() {
        PacketRing ring = new PacketRing(64, 1024);
        write(ring, 1, 100);
        ring.reserve(500);
        write(ring, 2, 100);

        assertThat(ring.find(1, entry)).isTrue();
        assertThat(ring.find(2, entry)).isTrue();
    }

    /** A writer and a reader race on a tiny ring: what the reader takes for good must be what was written. */
    @Test
    @Timeout(30)
    void aTornReadIsAMissAndNeverABadPacket() throws InterruptedException {
        PacketRing ring = new PacketRing(16, 2048);
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<String> bad = new AtomicReference<>();
        long[] good = {0};
        Thread reader = new Thread(() -> {
            RingEntry mine = new RingEntry();
            byte[] copy = new byte[256];
            while (!done.get()) {
                long end = ring.arrivals();
                for (long i = end - 16; i < end; i++) {
                    if (!ring.read(i, mine)) {
                        continue;
                    }
                    ring.copy(mine, 0, mine.length, copy, 0);
                    if (!ring.isIntact(mine)) {
                        continue;
                    }
                    good[0]++;
                    byte expected = (byte) (mine.sequence * 31);
                    boolean wrong =
                            mine.sequence != i || mine.length != 20 + (int) (i % 200) || mine.timestamp != (int) i;
                    for (int at = 0; at < mine.length && !wrong; at++) {
                        wrong = copy[at] != expected;
                    }
                    if (wrong) {
                        bad.set("arrival " + i + " came as " + mine.sequence);
                    }
                }
            }
        });
        reader.start();
        for (int i = 0; i < 2_000_000 && bad.get() == null; i++) {
            write(ring, i, 20 + i % 200);
        }
        // Let the reader see the end, so that a fast writer alone does not make this test empty.
        while (good[0] < 1_000 && reader.isAlive() && bad.get() == null) {
            Thread.onSpinWait();
        }
        done.set(true);
        reader.join();

        assertThat(bad.get()).isNull();
        assertThat(good[0]).isPositive();
    }

    @Test
    void theSequenceMapAgreesWithAListOfEverything() {
        long seed = 20_250_101L;
        Random random = new Random(seed);
        SequenceMap map = new SequenceMap();
        map.reset(1_000, 50);
        long[] expected = new long[2_000];
        Arrays.fill(expected, -1);
        long next = 50;
        int drops = 0;
        for (int i = 0; i < expected.length; i++) {
            boolean drop = random.nextInt(100) == 0 && drops < SequenceMap.RANGES_MAX - 2;
            if (drop) {
                map.leaveOut(1_000 + i);
                drops++;
            } else {
                expected[i] = next++;
                assertThat(map.map(1_000 + i)).as("seed %s", seed).isEqualTo(expected[i]);
            }
        }
        for (int i = 0; i < expected.length; i++) {
            if (expected[i] >= 0) {
                assertThat(map.map(1_000 + i)).isEqualTo(expected[i]);
            }
        }
        assertThat(map.map(999)).isEqualTo(SequenceMap.TOO_OLD);
    }

    @Test
    void aKeyFrameBeginsWithTheFirstOfItsBeginnings() {
        PacketRing ring = new PacketRing(64, 1024);
        ring.reserve(4);
        ring.commit(0, 4, 1, 1_000, 96, 0, 0);
        for (int sequence = 2; sequence <= 4; sequence++) {
            ring.reserve(4);
            ring.commit(0, 4, sequence, 4_000, 96, PacketTraits.KEY_FRAME_START, 0);
        }
        assertThat(ring.lastKeyFrame()).isEqualTo(1);

        ring.reserve(4);
        ring.commit(0, 4, 5, 7_000, 96, PacketTraits.KEY_FRAME_START, 0);
        assertThat(ring.lastKeyFrame()).isEqualTo(4);
    }

    private static void write(PacketRing ring, long sequence, int length) {
        int at = ring.reserve(length);
        Arrays.fill(ring.array(), at, at + length, (byte) (sequence * 31));
        ring.commit(0, length, sequence, (int) sequence, 96, 0, 0);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Roll-over, reordering, loss and replay against a model that knows the true index of each packet: a packet must come
 * through exactly when it is new, and not more than a window behind the newest that came through.
 */
final class SrtpIndexPropertyTest {
    private static final int SEEDS = Integer.getInteger("tributary.seeds", 10_000);

    private static final long FIRST_SEED = Long.getLong("tributary.seed", 1);
    private static final int SSRC = 0x5EED;

    /** Seeds that share the sessions, each with a source of its own: deriving keys costs more than a run. */
    private static final int SEEDS_PER_PAIR = 500;

    private static final int STEPS = 100;
    private static final int PACKET_BYTES = 40;

    @Test
    void acceptsExactlyWhatIsNewAndInTheWindow() {
        SrtpPair pair = null;
        for (int i = 0; i < SEEDS; i++) {
            if (pair == null || i % SEEDS_PER_PAIR == 0) {
                pair = SrtpPair.of(SrtpProfile.values()[i / SEEDS_PER_PAIR % SrtpProfile.values().length]);
            }
            run(pair, i, FIRST_SEED + i);
        }
    }

    private static void run(SrtpPair pair, int ssrc, long seed) {
        Random random = new Random(seed);
        long rollOver = random.nextBoolean() ? 0 : random.nextInt(5);
        long index = rollOver << 16 | (random.nextBoolean() ? 65_440 + random.nextInt(96) : random.nextInt(65_536));
        pair.client().startAtRollOver(ssrc, rollOver);
        pair.server().expectRollOver(ssrc, rollOver);

        Model model = new Model(rollOver);
        Deque<Sealed> inFlight = new ArrayDeque<>();
        List<Sealed> recorded = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            Sealed sealed = seal(pair, ssrc, index);
            index += random.nextInt(20) == 0 ? 1 + random.nextInt(3000) : 1;
            if (random.nextInt(10) > 0) {
                inFlight.add(sealed);
            }
            recorded.add(sealed);
            Sealed arriving = random.nextInt(4) == 0
                    ? recorded.get(random.nextInt(recorded.size()))
                    : random.nextInt(6) == 0 ? inFlight.pollLast() : inFlight.pollFirst();
            if (arriving != null) {
                boolean expected = model.accept(arriving.index);
                int length = SrtpPair.open(pair.server(), arriving.bytes);
                if (length >= 0 != expected) {
                    throw new AssertionError("seed " + seed + " step " + step + ": index " + arriving.index
                            + (expected ? " is refused with " + SrtpFailure.of(length) : " is taken"));
                }
            }
        }
    }

    /** What a receiver that knew the true index of each packet would do. */
    private static final class Model {
        private final long rollOver;
        private final Set<Long> accepted = new HashSet<>();
        private long newest = -1;

        Model(long rollOver) {
            this.rollOver = rollOver;
        }

        boolean accept(long index) {
            boolean accepts;
            if (newest < 0) {
                accepts = Math.abs((index >>> 16) - rollOver) <= 1;
            } else if (index > newest) {
                accepts = index - newest <= 0x7FFF;
            } else {
                accepts = newest - index < 1024 && !accepted.contains(index);
            }
            if (accepts) {
                accepted.add(index);
                newest = Math.max(newest, index);
            }
            return accepts;
        }
    }

    /** Every sequence number and roll-over counter that a stream can have at the moment when a receiver comes. */
    @Test
    void joinsLateAtAnyIndexWhenTheRollOverIsTold() {
        SrtpPair pair = null;
        for (int i = 0; i < SEEDS; i++) {
            Random random = new Random(FIRST_SEED + i);
            if (pair == null || i % SEEDS_PER_PAIR == 0) {
                pair = SrtpPair.of(SrtpProfile.AEAD_AES_128_GCM);
            }
            // Half of them where guessing could go right.
            long rollOver = random.nextBoolean() ? random.nextInt(4) : random.nextLong() & 0xFFFF_FFFFL;
            pair.client().startAtRollOver(i, rollOver);
            int sequenceNumber = random.nextInt(65_536);
            byte[] sealed = SrtpPair.seal(pair.client(), SrtpPair.rtp(i, sequenceNumber, 20));

            int guessed = SrtpPair.open(pair.server(), sealed);
            // Nobody told: the first lap is assumed, or the first half of the second.
            if (rollOver > 1 || rollOver == 1 && sequenceNumber >= 0x8000) {
                require(guessed, SrtpFailure.AUTHENTICATION.status(), "guessed", FIRST_SEED + i);
                require(pair.server().expectRollOver(i, rollOver) ? 1 : 0, 1, "told", FIRST_SEED + i);
                require(SrtpPair.open(pair.server(), sealed), PACKET_BYTES, "opened", FIRST_SEED + i);
            } else {
                require(guessed, PACKET_BYTES, "guessed", FIRST_SEED + i);
            }
            require(pair.server().expectRollOver(i, rollOver) ? 1 : 0, 0, "told too late", FIRST_SEED + i);
        }
    }

    private static void require(int actual, int expected, String what, long seed) {
        if (actual != expected) {
            throw new AssertionError("seed " + seed + ", " + what + ": " + actual + " instead of " + expected);
        }
    }

    @Test
    void healsWhenAllPacketsBeforeTheFirstRollOverAreLost() {
        SrtpPair pair = SrtpPair.of(SrtpProfile.AEAD_AES_128_GCM);
        SrtpPair.seal(pair.client(), SrtpPair.rtp(SSRC, 65_535, 20));

        for (int sequenceNumber = 0; sequenceNumber < 3; sequenceNumber++) {
            byte[] sealed = SrtpPair.seal(pair.client(), SrtpPair.rtp(SSRC, sequenceNumber, 20));
            assertThat(SrtpPair.open(pair.server(), sealed)).isEqualTo(40);
        }
    }

    @Test
    void takesTheFirstPacketLateWhenTheRollOverOvertakesIt() {
        SrtpPair pair = SrtpPair.of(SrtpProfile.AES128_CM_HMAC_SHA1_80);
        byte[] before = SrtpPair.seal(pair.client(), SrtpPair.rtp(SSRC, 65_535, 20));
        byte[] after = SrtpPair.seal(pair.client(), SrtpPair.rtp(SSRC, 0, 20));

        assertThat(SrtpPair.open(pair.server(), after)).isEqualTo(40);
        assertThat(SrtpPair.open(pair.server(), before)).isEqualTo(40);
        assertThat(SrtpPair.open(pair.server(), before)).isEqualTo(SrtpFailure.REPLAYED.status());
    }

    @Test
    void acceptsRtcpInAWindowOf128() {
        SrtpPair pair = SrtpPair.of(SrtpProfile.AEAD_AES_128_GCM);
        List<byte[]> sealed = new ArrayList<>();
        for (int i = 0; i <= 128; i++) {
            byte[] packet = Arrays.copyOf(SrtpPair.rtcp(SSRC, i), 48);
            pair.client().protectRtcp(packet, 0, 28);
            sealed.add(packet);
        }

        assertThat(openRtcp(pair, sealed.get(128))).isEqualTo(28);
        assertThat(openRtcp(pair, sealed.get(1))).isEqualTo(28);
        assertThat(openRtcp(pair, sealed.get(1))).isEqualTo(SrtpFailure.REPLAYED.status());
        assertThat(openRtcp(pair, sealed.get(0))).isEqualTo(SrtpFailure.TOO_OLD.status());
        assertThat(openRtcp(pair, sealed.get(64))).isEqualTo(28);
    }

    private static int openRtcp(SrtpPair pair, byte[] sealed) {
        byte[] copy = sealed.clone();
        return pair.server().unprotectRtcp(copy, 0, copy.length);
    }

    private static Sealed seal(SrtpPair pair, int ssrc, long index) {
        return new Sealed(index, SrtpPair.seal(pair.client(), SrtpPair.rtp(ssrc, (int) index & 0xFFFF, 20)));
    }

    private record Sealed(long index, byte[] bytes) {}
}

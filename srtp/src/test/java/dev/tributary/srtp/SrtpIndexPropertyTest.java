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
    /** How many seeds; the full run has 10,000. */
    private static final int SEEDS = Integer.getInteger("tributary.seeds", 150);

    private static final long FIRST_SEED = Long.getLong("tributary.seed", 1);
    private static final int SSRC = 0x5EED;

    @Test
    void acceptsExactlyWhatIsNewAndInTheWindow() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            run(seed);
        }
    }

    private static void run(long seed) {
        Random random = new Random(seed);
        SrtpProfile profile = SrtpProfile.values()[random.nextInt(SrtpProfile.values().length)];
        SrtpPair pair = SrtpPair.of(profile);
        long rollOver = random.nextBoolean() ? 0 : random.nextInt(5);
        long index = rollOver << 16 | (random.nextBoolean() ? 65_400 + random.nextInt(136) : random.nextInt(65_536));
        pair.client().startAtRollOver(SSRC, rollOver);
        pair.server().expectRollOver(SSRC, rollOver);

        Set<Long> accepted = new HashSet<>();
        long newest = -1;
        Deque<Sealed> inFlight = new ArrayDeque<>();
        List<Sealed> recorded = new ArrayList<>();
        for (int step = 0; step < 300; step++) {
            Sealed sealed = seal(pair, index);
            index += random.nextInt(20) == 0 ? 1 + random.nextInt(3000) : 1;
            if (random.nextInt(10) > 0) {
                inFlight.add(sealed);
            }
            recorded.add(sealed);
            Sealed arriving = random.nextInt(4) == 0
                    ? recorded.get(random.nextInt(recorded.size()))
                    : random.nextInt(6) == 0 ? inFlight.pollLast() : inFlight.pollFirst();
            if (arriving == null) {
                continue;
            }
            boolean expected = newest < 0
                    ? Math.abs((arriving.index >>> 16) - rollOver) <= 1
                    : arriving.index > newest
                            ? arriving.index - newest <= 0x7FFF
                            : newest - arriving.index < 1024 && !accepted.contains(arriving.index);
            int length = SrtpPair.open(pair.server(), arriving.bytes);
            assertThat(length >= 0)
                    .as("seed %d step %d index %d newest %d", seed, step, arriving.index, newest)
                    .isEqualTo(expected);
            if (length >= 0) {
                accepted.add(arriving.index);
                newest = Math.max(newest, arriving.index);
            }
        }
    }

    @Test
    void joinsLateAtAnyIndexWhenTheRollOverIsTold() {
        Random random = new Random(FIRST_SEED);
        for (int i = 0; i < SEEDS; i++) {
            SrtpPair pair = SrtpPair.of(SrtpProfile.AEAD_AES_128_GCM);
            long rollOver = random.nextLong() & 0xFFFF_FFFFL;
            pair.client().startAtRollOver(SSRC, rollOver);
            byte[] sealed = SrtpPair.seal(pair.client(), SrtpPair.rtp(SSRC, random.nextInt(65_536), 20));

            assertThat(SrtpPair.open(pair.server(), sealed))
                    .as("roll-over %d is guessed", rollOver)
                    .isEqualTo(rollOver <= 1 ? 40 : SrtpFailure.AUTHENTICATION.status());
            assertThat(pair.server().expectRollOver(SSRC, rollOver)).isTrue();
            assertThat(SrtpPair.open(pair.server(), sealed))
                    .as("roll-over %d is told", rollOver)
                    .isEqualTo(40);
            assertThat(pair.server().expectRollOver(SSRC, rollOver)).isFalse();
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

    private static Sealed seal(SrtpPair pair, long index) {
        return new Sealed(index, SrtpPair.seal(pair.client(), SrtpPair.rtp(SSRC, (int) index & 0xFFFF, 20)));
    }

    private record Sealed(long index, byte[] bytes) {}
}

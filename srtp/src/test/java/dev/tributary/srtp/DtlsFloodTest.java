// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a hostile peer, or somebody on the path, can throw at a handshake. */
@Timeout(60)
final class DtlsFloodTest {
    @Test
    void allocatesNothingForFragmentsThatClaimToBeLong() {
        try (DtlsPair pair = new DtlsPair()) {
            for (int i = 0; i < 60; i++) {
                pair.server.take(DtlsRecords.greedyFragment(i % 16, 0xFFFFFF));
            }
            pair.run(() -> pair.server.transport.stats().recordsDropped() >= 60, 5_000);
            assertThat(pair.server.transport.stats().recordsDropped()).isEqualTo(60);

            pair.connect();
        }
    }

    @Test
    void looksAtABoundedNumberOfFragments() {
        DtlsLimits few = new DtlsLimits(1200, 64, 32, 32_768, 256, 15_000, 100);
        try (DtlsPair pair = new DtlsPair(client -> client, server -> server.limits(few))) {
            for (int i = 0; i < 50; i++) {
                pair.server.take(DtlsRecords.greedyFragment(i % 16, 1_000));
            }

            pair.run(() -> pair.server.transport.stats().recordsDropped() >= 50 - 32, 5_000);
            assertThat(pair.server.transport.stats().recordsDropped()).isEqualTo(50 - 32);
        }
    }

    @Test
    void queuesABoundedNumberOfDatagrams() {
        try (DtlsPair pair = new DtlsPair(client -> client, server -> server.remoteFingerprints(List.of()))) {
            pair.client.transport.start(0);
            pair.run(() -> pair.server.transport.stats().datagramsReceived() == 1, 5_000);
            byte[] filler = DtlsRecords.greedyFragment(0, 200);
            for (int i = 0; i < 63; i++) {
                pair.server.take(filler);
            }
            assertThat(pair.server.transport.stats().datagramsDropped()).isZero();
            pair.server.take(filler);
            assertThat(pair.server.transport.stats().datagramsDropped()).isEqualTo(1);
        }
    }

    @Test
    void connectsThroughAFloodOfClientHellos() {
        try (DtlsPair pair = new DtlsPair()) {
            byte[][] hello = new byte[1][];
            int[] copies = {0};
            long[] bytes = new long[2];
            pair.toServer = sent -> {
                if (hello[0] == null && !sent.isEmpty()) {
                    hello[0] = sent.get(0);
                }
                for (int i = 0; hello[0] != null && copies[0] < 1000 && i < 20; i++) {
                    byte[] copy = hello[0].clone();
                    // Another record sequence number, or the replay window alone would do.
                    copy[9] = (byte) (copies[0] >>> 8);
                    copy[10] = (byte) copies[0]++;
                    pair.server.take(copy);
                    bytes[0] += copy.length;
                }
                sent.forEach(datagram -> bytes[0] += datagram.length);
                return sent;
            };
            pair.toClient = sent -> {
                sent.forEach(datagram -> bytes[1] += datagram.length);
                return sent;
            };

            pair.connect();

            assertThat(bytes[1])
                    .as("answers stay below four times the questions")
                    .isLessThan(4 * bytes[0]);
        }
    }

    @Test
    void neverThrowsOnArbitraryBytes() {
        long seed = Long.getLong("tributary.seed", 11);
        Random random = new Random(seed);
        try (DtlsPair pair = new DtlsPair()) {
            for (int i = 0; i < 2_000; i++) {
                byte[] bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
                if (bytes.length > 13) {
                    bytes[0] = (byte) (20 + random.nextInt(5));
                    bytes[1] = (byte) 0xFE;
                    bytes[2] = (byte) 0xFD;
                    bytes[3] = 0;
                    bytes[4] = (byte) random.nextInt(2);
                    bytes[11] = 0;
                    bytes[12] = (byte) (bytes.length - 13);
                }
                pair.server.take(bytes);
            }
            pair.server.drain();
            assertThat(pair.server.transport.state()).as("seed " + seed).isNotEqualTo(DtlsState.CONNECTED);
        }
    }
}

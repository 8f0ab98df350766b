// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Handshakes over a bad network. Bouncy Castle repeats its flights by the real clock, so that these run in real time, all
 * seeds at once; the default is a handful, {@code -Dtributary.handshakes=1000} is the full run.
 */
@Timeout(600)
final class DtlsLossTest {
    private static final int HANDSHAKES = Integer.getInteger("tributary.handshakes", 8);
    private static final long FIRST_SEED = Long.getLong("tributary.seed", 1);

    @ParameterizedTest
    @ValueSource(ints = {5, 20, 30})
    void completesEveryHandshakeInSpiteOfLossReorderingAndDuplication(int lossPercent) {
        for (int first = 0; first < HANDSHAKES; first += 50) {
            int count = Math.min(50, HANDSHAKES - first);
            List<DtlsPair> pairs = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                DtlsPair pair = new DtlsPair();
                Random random = new Random(FIRST_SEED + first + i);
                pair.toServer = badWire(random, lossPercent);
                pair.toClient = badWire(random, lossPercent);
                pair.client.transport.start(DtlsPair.now());
                pairs.add(pair);
            }
            for (int i = 0; i < count; i++) {
                DtlsPair pair = pairs.get(i);
                try {
                    pair.run(() -> stepAll(pairs) && carries(pair), 20_000);
                } catch (AssertionError e) {
                    throw new AssertionError("seed " + (FIRST_SEED + first + i), e);
                }
            }
            pairs.forEach(DtlsPair::close);
        }
    }

    /** Both connected, and one piece of data through each way: lost last flights have to be repeated on demand. */
    private static boolean carries(DtlsPair pair) {
        if (pair.client.isConnected() && pair.server.records.isEmpty()) {
            pair.client.send(DtlsTransportTest.filled(500, 1));
        }
        if (pair.server.isConnected() && pair.client.records.isEmpty()) {
            pair.server.send(DtlsTransportTest.filled(500, 2));
        }
        boolean done = !pair.client.records.isEmpty() && !pair.server.records.isEmpty();
        if (done) {
            assertThat(pair.client.isConnected() && pair.server.isConnected()).isTrue();
        }
        return done;
    }

    private static boolean stepAll(List<DtlsPair> pairs) {
        pairs.forEach(DtlsPair::step);
        return true;
    }

    /** Takes records apart, so that each can be lost alone, the hardest case. */
    private static UnaryOperator<List<byte[]>> badWire(Random random, int lossPercent) {
        List<byte[]> late = new ArrayList<>();
        return sent -> {
            List<byte[]> arriving = new ArrayList<>();
            for (byte[] datagram : sent) {
                List<byte[]> parts = random.nextBoolean() ? DtlsRecords.split(datagram) : List.of(datagram);
                for (byte[] part : parts) {
                    if (random.nextInt(100) < lossPercent) {
                        continue;
                    }
                    if (random.nextInt(5) == 0) {
                        late.add(part);
                    } else {
                        arriving.add(part);
                    }
                    if (random.nextInt(10) == 0) {
                        late.add(part);
                    }
                }
            }
            if (random.nextBoolean()) {
                arriving.addAll(late);
                late.clear();
            }
            return arriving;
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class EarlyMediaTest {
    private static final InetSocketAddress SOURCE = new InetSocketAddress("192.0.2.1", 5000);

    private final EarlyMedia early = new EarlyMedia();

    @Test
    void keepsCopiesInOrder() {
        byte[] datagram = {0, 1, 2, 3};
        early.keep(datagram, 1, 2, SOURCE);
        datagram[1] = 9;
        early.keep(datagram, 3, 1, SOURCE);

        assertThat(early.poll())
                .isNotNull()
                .satisfies(packet -> assertThat(packet.bytes()).containsExactly(1, 2))
                .satisfies(packet -> assertThat(packet.source()).isEqualTo(SOURCE));
        assertThat(early.poll())
                .isNotNull()
                .satisfies(packet -> assertThat(packet.bytes()).containsExactly(3));
        assertThat(early.poll()).isNull();
    }

    @Test
    void dropsWhatIsOneTooMany() {
        for (int i = 0; i < EarlyMedia.PACKETS_MAX; i++) {
            assertThat(early.keep(new byte[] {(byte) i}, 0, 1, SOURCE)).isTrue();
        }
        assertThat(early.keep(new byte[] {1}, 0, 1, SOURCE)).isFalse();
        assertThat(early.poll())
                .isNotNull()
                .satisfies(packet -> assertThat(packet.bytes()).containsExactly(0));
    }
}

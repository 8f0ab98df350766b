// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EarlyMediaTest {
    private final EarlyMedia early = new EarlyMedia();

    @Test
    void keepsCopiesInOrder() {
        byte[] datagram = {0, 1, 2, 3};
        early.keep(datagram, 1, 2);
        datagram[1] = 9;
        early.keep(datagram, 3, 1);

        assertThat(early.poll()).containsExactly(1, 2);
        assertThat(early.poll()).containsExactly(3);
        assertThat(early.poll()).isNull();
    }

    @Test
    void dropsWhatIsOneTooMany() {
        for (int i = 0; i < EarlyMedia.PACKETS_MAX; i++) {
            assertThat(early.keep(new byte[] {(byte) i}, 0, 1)).isTrue();
        }
        assertThat(early.keep(new byte[] {1}, 0, 1)).isFalse();
        assertThat(early.poll()).containsExactly(0);
    }
}

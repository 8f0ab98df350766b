// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Garbage for each packet: what the JDK's cipher interface leaves, and nothing of ours. */
final class SrtpAllocationTest {
    private static final int PACKETS = 20_000;

    @ParameterizedTest
    @CsvSource({"AES128_CM_HMAC_SHA1_80, 160", "AEAD_AES_128_GCM, 1400"})
    void protectsWithNoMoreGarbageThanTheCipherLeaves(SrtpProfile profile, long bytesMax) {
        SrtpSession session = SrtpPair.of(profile).client();
        byte[] packet = SrtpPair.rtp(1, 0, 1200);
        byte[] out = new byte[packet.length + 16];
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        send(session, packet, out, 0);

        long before = threads.getCurrentThreadAllocatedBytes();
        send(session, packet, out, PACKETS);
        long perPacket = (threads.getCurrentThreadAllocatedBytes() - before) / PACKETS;

        assertThat(perPacket).isLessThanOrEqualTo(bytesMax);
    }

    private static void send(SrtpSession session, byte[] packet, byte[] out, int first) {
        for (int i = first; i < first + PACKETS; i++) {
            packet[2] = (byte) (i >>> 8);
            packet[3] = (byte) i;
            if (session.protect(packet, 0, packet.length, out, 0) < 0) {
                throw new AssertionError("refused: " + i);
            }
        }
    }
}

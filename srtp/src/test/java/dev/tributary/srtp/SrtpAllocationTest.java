// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Garbage for each packet: what the JDK's cipher interface leaves, and nothing of ours. */
final class SrtpAllocationTest {
    private static final int PACKETS = 6_000;
    private static final int IN_PLACE = 0;
    private static final int APART = 1;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private byte[] packet = {};
    private final byte[] out = new byte[2_000];

    @ParameterizedTest
    @CsvSource({
        "AEAD_AES_128_GCM, true, 0",
        "AEAD_AES_256_GCM, true, 0",
        "AES128_CM_HMAC_SHA1_80, true, 0",
        "AEAD_AES_128_GCM, false, 1100",
        "AEAD_AES_256_GCM, false, 1100",
        "AES128_CM_HMAC_SHA1_80, false, 112"
    })
    void leavesNoMoreThanTheCipherDoes(SrtpProfile profile, boolean accelerated, long bytesMax) {
        assumeTrue(!accelerated || SrtpAcceleration.isAvailable(), "needs the package to be opened");
        packet = SrtpPair.rtp(1, 0, 1200);

        for (int way : new int[] {APART, IN_PLACE}) {
            SrtpPair pair = SrtpPair.of(profile, SrtpLimits.DEFAULT, accelerated);
            send(pair, 0, way);
            long[] perPacket = send(pair, PACKETS, way);

            assertThat(perPacket[0]).as("protecting, way %d", way).isLessThanOrEqualTo(bytesMax);
            assertThat(perPacket[1]).as("unprotecting, way %d", way).isLessThanOrEqualTo(bytesMax);
        }
    }

    /** Bytes allocated for each packet protected and unprotected. */
    private long[] send(SrtpPair pair, int first, int way) {
        long sealing = 0;
        long opening = 0;
        for (int i = first; i < first + PACKETS; i++) {
            packet[2] = (byte) (i >>> 8);
            packet[3] = (byte) i;
            if (way == IN_PLACE) {
                System.arraycopy(packet, 0, out, 0, packet.length);
            }
            long start = threads.getCurrentThreadAllocatedBytes();
            int sealed = pair.client().protect(way == IN_PLACE ? out : packet, 0, packet.length, out, 0);
            long between = threads.getCurrentThreadAllocatedBytes();
            int opened = way == IN_PLACE
                    ? pair.server().unprotect(out, 0, sealed)
                    : pair.server().unprotect(out, 0, sealed, packet, 0);
            long end = threads.getCurrentThreadAllocatedBytes();
            if (opened != packet.length) {
                throw new AssertionError("refused: " + i);
            }
            sealing += between - start;
            opening += end - between;
        }
        return new long[] {sealing / PACKETS, opening / PACKETS};
    }
}

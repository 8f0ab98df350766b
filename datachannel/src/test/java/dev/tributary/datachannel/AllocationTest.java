// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Garbage for each message, both ends together: the message that is handed out, its two events, and little else. Fragments,
 * packets and acknowledgements leave next to nothing.
 */
class AllocationTest {
    private static final int BURST = 16;
    private static final long MILLI = 1_000_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final ByteBuffer packet = ByteBuffer.allocate(2_048);
    private long now;

    @ParameterizedTest
    @CsvSource({"100, true, 260", "100, false, 260", "16384, true, 19500", "16384, false, 19500"})
    void leavesLittleMoreThanTheMessageItself(int messageBytes, boolean interleaving, long bytesMax) {
        var settings = SctpSettings.DEFAULT.withInterleaving(interleaving);
        DataChannels near = new DataChannels(DtlsRole.CLIENT, settings, new SplittableRandom(1));
        DataChannels far = new DataChannels(DtlsRole.SERVER, settings, new SplittableRandom(2));
        near.connect(now);
        far.connect(now);
        DataChannel channel = near.open("x", "", DataChannelOptions.RELIABLE, now);
        byte[] message = new byte[messageBytes];
        for (int i = 0; i < 300; i++) {
            deliverBurst(near, far, channel, message);
        }
        int bursts = 300;
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < bursts; i++) {
            deliverBurst(near, far, channel, message);
        }
        long perMessage = (threads.getCurrentThreadAllocatedBytes() - before) / bursts / BURST;

        assertThat(perMessage).isBetween((long) messageBytes, bytesMax);
    }

    private void deliverBurst(DataChannels near, DataChannels far, DataChannel channel, byte[] message) {
        for (int i = 0; i < BURST; i++) {
            assertQueued(near.send(channel, message, now));
        }
        int received = 0;
        while (received < BURST) {
            while (carry(near, far) | carry(far, near)) {
                for (DataChannelEvent event = far.pollEvent(); event != null; event = far.pollEvent()) {
                    received += event instanceof DataChannelEvent.Message ? 1 : 0;
                }
                DataChannelEvent event = near.pollEvent();
                while (event != null) {
                    event = near.pollEvent();
                }
            }
            now += MILLI;
            near.handleTimeout(now);
            far.handleTimeout(now);
        }
    }

    private boolean carry(DataChannels from, DataChannels to) {
        boolean moved = false;
        while (from.pollTransmit(packet)) {
            to.handlePacket(packet, now);
            moved = true;
        }
        return moved;
    }

    private static void assertQueued(SendStatus status) {
        if (status != SendStatus.QUEUED) {
            throw new AssertionError("not sent: " + status);
        }
    }
}

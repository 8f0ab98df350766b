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
    private static final int BURSTS = 100;
    private static final int ROUNDS = 40;
    private static final long MILLI = 1_000_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final ByteBuffer packet = ByteBuffer.allocate(2_048);
    private long now;

    @ParameterizedTest
    @CsvSource({"100, true, 230", "100, false, 230", "16384, true, 18500", "16384, false, 18500"})
    void leavesLittleMoreThanTheMessageItself(int messageBytes, boolean interleaving, long bytesMax) {
        var settings = SctpSettings.builder().interleaving(interleaving).build();
        DataChannels near = new DataChannels(DtlsRole.CLIENT, settings, new SplittableRandom(1));
        DataChannels far = new DataChannels(DtlsRole.SERVER, settings, new SplittableRandom(2));
        near.connect(now);
        far.connect(now);
        DataChannel channel = near.open("x", "", DataChannelOptions.RELIABLE, now);
        byte[] message = new byte[messageBytes];
        long perMessage = Long.MAX_VALUE;
        // What the interpreter allocates goes away as the compiler gets its turn, which may take a while on a busy
        // machine.
        for (int round = 0; round < ROUNDS && perMessage > bytesMax; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < BURSTS; i++) {
                deliverBurst(near, far, channel, message);
            }
            perMessage = (threads.getCurrentThreadAllocatedBytes() - before) / BURSTS / BURST;
        }

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

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.tributary.core.Transmit;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A server answers checks of all its peers every few seconds: that has to leave no garbage. */
class CheckAllocationTest {
    private static final int CHECKS = 20_000;
    private static final IceCredentials LOCAL = new IceCredentials("serv", "0123456789abcdefghijkl");

    @Test
    void answeringACheckOfAKnownPeerAllocatesNothing() {
        IceAgent agent = IceAgent.builder(LOCAL).random(new Random(1)).lite();
        InetSocketAddress peer = new InetSocketAddress("192.0.2.7", 4000);
        ByteBuffer[] checks = new ByteBuffer[64];
        for (int i = 0; i < checks.length; i++) {
            checks[i] = ByteBuffer.wrap(Check.nominating(LOCAL));
        }
        Transmit slot = new Transmit();
        answer(agent, checks, peer, slot, 0);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();

        long least = Long.MAX_VALUE;
        for (int round = 1; round <= 5; round++) {
            long before = threads.getThreadAllocatedBytes(thread);
            long answers = answer(agent, checks, peer, slot, round);
            long allocated = threads.getThreadAllocatedBytes(thread) - before;
            assertThat(answers).isEqualTo(CHECKS);
            least = Math.min(least, allocated);
        }

        assertThat(least / (double) CHECKS).as("bytes for each check").isLessThan(1.0);
    }

    private static long answer(IceAgent agent, ByteBuffer[] checks, InetSocketAddress peer, Transmit slot, int round) {
        long answers = 0;
        for (int i = 0; i < CHECKS; i++) {
            agent.handleDatagram(checks[i % checks.length], peer, round * 1_000_000_000L + i);
            while (agent.pollTransmit(slot)) {
                answers++;
            }
            agent.pollEvent();
            agent.nextTimeoutNanos();
        }
        return answers;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What a session that is idle but for its consent checks keeps: a server has thousands. Measured as heap after a
 * collection, with the sessions and without, each in the middle of a long life: its peer has checked forty times, and
 * each time the socket has made the peer's address anew.
 */
class SessionMemoryTest {
    private static final int SESSIONS = 4_000;
    private static final int CHECKS = 40;

    @Test
    void anIdleLiteSessionKeepsLessThanFourKilobytes() {
        Random random = new Random(5);
        List<IceAgent> agents = new ArrayList<>(SESSIONS);
        long before = usedBytes();
        for (int i = 0; i < SESSIONS; i++) {
            agents.add(idle(IceCredentials.generate(random), i));
        }
        long each = (usedBytes() - before) / SESSIONS;

        assertThat(agents).allMatch(agent -> agent.state() == IceState.CONNECTED);
        assertThat(each).as("bytes for each session").isBetween(500L, 4_095L);
    }

    private static IceAgent idle(IceCredentials credentials, int number) {
        IceAgent agent = IceAgent.lite(credentials);
        for (int i = 0; i < CHECKS; i++) {
            InetSocketAddress peer = new InetSocketAddress("198.51." + (number >> 8) + "." + (number & 255), 40_000);
            Check.deliver(agent, Check.nominating(credentials), peer, i * 5_000_000_000L);
            Check.sent(agent);
            while (agent.pollEvent() != null) {
                assertThat(agent.selectedAddress()).isEqualTo(peer);
            }
        }
        return agent;
    }

    private static long usedBytes() {
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.ice.CandidateType;
import java.net.InetSocketAddress;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** The priority of a pair. */
class CandidatePairTest {
    private static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.7", 4000);

    @Test
    void hasThePriorityOfTheFormula() {
        CandidatePair pair = new CandidatePair(PEER, CandidateType.HOST, 100);

        // RFC 8445 §6.1.2.3: 2^32 * MIN(G,D) + 2 * MAX(G,D) + (G > D ? 1 : 0)
        assertThat(pair.priority(200, true)).isEqualTo((100L << 32) + 400 + 1);
        assertThat(pair.priority(200, false)).isEqualTo((100L << 32) + 400);
    }

    @Property(tries = 200)
    void bothSidesComputeTheSame(
            @ForAll @LongRange(min = 1, max = 0x7FFF_FFFFL) long mine,
            @ForAll @LongRange(min = 1, max = 0x7FFF_FFFFL) long theirs) {
        long here = new CandidatePair(PEER, CandidateType.HOST, theirs).priority(mine, true);
        long there = new CandidatePair(PEER, CandidateType.HOST, mine).priority(theirs, false);

        assertThat(here).isEqualTo(there).isPositive();
    }
}

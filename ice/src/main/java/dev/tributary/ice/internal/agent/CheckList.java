// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.agent;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.ice.CandidateType;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pairs of one generation, and the queue of triggered checks (RFC 8445 §6.1.2, §6.1.4.1). */
final class CheckList {
    final LocalKey local;

    @Nullable
    RemoteKey remote;

    final List<CandidatePair> pairs = new ArrayList<>(4);
    final ArrayDeque<CandidatePair> triggered = new ArrayDeque<>(4);

    @Nullable
    CandidatePair selected;

    long firstValidAt = DatagramProtocol.NEVER;

    CheckList(LocalKey local) {
        this.local = local;
    }

    @Nullable
    CandidatePair find(InetSocketAddress remoteAddress) {
        for (CandidatePair pair : pairs) {
            if (pair.remote.equals(remoteAddress)) {
                return pair;
            }
        }
        return null;
    }

    @Nullable
    CandidatePair findTransaction(long high, int low) {
        for (CandidatePair pair : pairs) {
            if (pair.has(high, low)) {
                return pair;
            }
        }
        return null;
    }

    CandidatePair add(InetSocketAddress remoteAddress, CandidateType type, long priority) {
        CandidatePair pair = new CandidatePair(remoteAddress, type, priority);
        pairs.add(pair);
        return pair;
    }

    /** Puts a pair at the end of the triggered queue, once. */
    void trigger(CandidatePair pair) {
        if (pair != selected) {
            pair.state = CandidatePair.State.WAITING;
        }
        if (!pair.triggered) {
            pair.triggered = true;
            triggered.add(pair);
        }
    }

    boolean hasLive() {
        for (CandidatePair pair : pairs) {
            if (pair.isLive()) {
                return true;
            }
        }
        return false;
    }

    int liveCount() {
        int count = 0;
        for (CandidatePair pair : pairs) {
            if (pair.isLive()) {
                count++;
            }
        }
        return count;
    }
}

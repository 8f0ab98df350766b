// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.agent;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The transaction ids of the last authenticated checks and where each came from.
 *
 * <p>The source address of a datagram is not covered by MESSAGE-INTEGRITY. Whoever sees a check pass could send a copy
 * of it from elsewhere and so draw the media there; a copy of a check that we have seen is therefore not believed. (A
 * repetition from the same address is the peer's retransmission.)
 *
 * <p>The memory is short, because ten thousand sessions have one. An older copy is answered, which draws nothing: media
 * does not follow a check without {@link AddressVerification}.
 */
final class RecentChecks {
    /** A minute and more of an eager peer's checks. */
    static final int REMEMBERED = 32;

    private final long[] ids = new long[REMEMBERED];
    private final @Nullable InetSocketAddress[] sources = new InetSocketAddress[REMEMBERED];
    private int next;

    /** Whether the check was seen from another address; remembers it when it is new. */
    boolean isReplay(long transactionHigh, int transactionLow, InetSocketAddress source) {
        long id = transactionHigh ^ Long.rotateLeft(transactionLow * 0x9E3779B97F4A7C15L, 17);
        for (int i = 0; i < REMEMBERED; i++) {
            InetSocketAddress before = sources[i];
            if (ids[i] == id && before != null) {
                return !before.equals(source);
            }
        }
        ids[next] = id;
        sources[next] = known(source);
        next = (next + 1) % REMEMBERED;
        return false;
    }

    /** A socket makes an address anew for each datagram: an equal one that is here already is kept instead. */
    private InetSocketAddress known(InetSocketAddress source) {
        for (InetSocketAddress before : sources) {
            if (source.equals(before)) {
                return before;
            }
        }
        return source;
    }
}

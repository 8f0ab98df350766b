// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.dynamic;

import dev.tributary.whipwhep.DynamicLimits;

/** How fast a client may send to a server. Not thread-safe. */
final class InboundRate {
    /** What becomes of a message. */
    enum Verdict {
        /** It is read. */
        ADMIT,
        /** It is the first above the rate: dropped, and the client is told. */
        DROP_AND_TELL,
        /** It is dropped in silence. */
        DROP,
        /** It is one too many. */
        CUT_OFF
    }

    private final TokenBucket bucket;
    private final int excessMax;
    private int excess;

    InboundRate(DynamicLimits limits) {
        this.bucket = new TokenBucket(limits.messagesPerSecond(), limits.messageBurst());
        this.excessMax = limits.excessMessages();
    }

    Verdict judge(long nowNanos) {
        if (bucket.tryTake(nowNanos)) {
            return Verdict.ADMIT;
        }
        excess++;
        if (excess > excessMax) {
            return Verdict.CUT_OFF;
        }
        return excess == 1 ? Verdict.DROP_AND_TELL : Verdict.DROP;
    }

    /** A new channel: what was dropped on the old one is forgiven, the rate is not. */
    void forgive() {
        excess = 0;
    }
}

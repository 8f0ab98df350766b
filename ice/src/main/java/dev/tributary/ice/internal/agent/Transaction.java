// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.agent;

import dev.tributary.ice.IceRole;

/** One request of ours and when it is sent again (RFC 8489 §6.2.1). */
final class Transaction {
    final long high;
    final int low;
    final byte[] bytes;
    final boolean useCandidate;
    final IceRole role;
    long sentAt;
    long dueAt;
    long rtoNanos;
    int sends;

    Transaction(long high, int low, byte[] bytes, boolean useCandidate, IceRole role) {
        this.high = high;
        this.low = low;
        this.bytes = bytes;
        this.useCandidate = useCandidate;
        this.role = role;
    }

    boolean matches(long otherHigh, int otherLow) {
        return high == otherHigh && low == otherLow;
    }
}

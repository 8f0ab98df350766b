// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.agent;

import static dev.tributary.ice.internal.wire.StunAttributes.BINDING_REQUEST;

import dev.tributary.ice.Candidate;
import dev.tributary.ice.CandidateType;
import dev.tributary.ice.IceRole;
import dev.tributary.ice.internal.wire.IntegrityKey.Algorithm;
import dev.tributary.ice.internal.wire.StunWriter;
import java.util.random.RandomGenerator;

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

    /**
     * A connectivity check (RFC 8445 §7.2.2), not sent yet.
     *
     * @param writer writes it, and is free again after the call
     * @param remote the peer's key of the generation that it belongs to
     */
    static Transaction check(
            StunWriter writer,
            RandomGenerator random,
            RemoteKey remote,
            IceRole role,
            long tieBreaker,
            boolean nominates) {
        long high = random.nextLong();
        int low = random.nextInt();
        writer.begin(BINDING_REQUEST, high, low)
                .username(remote.username)
                .priority(Candidate.priority(CandidateType.PEER_REFLEXIVE, 0xFFFF))
                .role(role == IceRole.CONTROLLING, tieBreaker);
        if (nominates) {
            writer.useCandidate();
        }
        writer.finish(remote.integrity, Algorithm.SHA1);
        return new Transaction(high, low, writer.copy(), nominates, role);
    }

    boolean matches(long otherHigh, int otherLow) {
        return high == otherHigh && low == otherLow;
    }
}

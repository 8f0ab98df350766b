// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import dev.tributary.core.AddressRange;
import dev.tributary.core.PublicAddresses;
import java.net.InetAddress;

/**
 * To which addresses of a peer an agent may send checks at all.
 *
 * <p>Whoever writes the peer's description chooses where our checks go. A server that takes descriptions from strangers
 * must not let them point it at its own network, just as it does not fetch any URL that it is given: use {@link #PUBLIC}
 * there, with ranges of one's own allowed by {@link #or}. Refused candidates are ignored and counted, and so is a check
 * that comes from a refused address.
 *
 * <p>Implementations are thread-safe and do not block.
 */
@FunctionalInterface
public interface CandidatePolicy {
    /** Every unicast address: for agents whose peer is trusted, or in one's own network. The default. */
    CandidatePolicy ANY = address -> true;

    /** Public addresses only, as {@link PublicAddresses} knows them: nothing private, loopback or link-local. */
    CandidatePolicy PUBLIC = PublicAddresses::isPublic;

    /** Whether checks may be sent to an address; multicast and wildcard addresses are refused before this is asked. */
    boolean permits(InetAddress address);

    /** One block of addresses, such as {@code 10.1.0.0/16}. */
    static CandidatePolicy range(String range) {
        AddressRange block = AddressRange.parse(range);
        return block::contains;
    }

    /** What either of two policies permits. */
    default CandidatePolicy or(CandidatePolicy other) {
        return address -> permits(address) || other.permits(address);
    }

    /** What this policy permits and the other does not. */
    default CandidatePolicy except(CandidatePolicy refused) {
        return address -> permits(address) && !refused.permits(address);
    }
}

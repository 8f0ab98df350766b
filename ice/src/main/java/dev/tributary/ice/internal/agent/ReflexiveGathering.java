// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.agent;

import static dev.tributary.core.DatagramProtocol.NEVER;
import static dev.tributary.ice.internal.wire.StunAttributes.BINDING_REQUEST;
import static dev.tributary.ice.internal.wire.StunAttributes.BINDING_SUCCESS;

import dev.tributary.ice.Candidate;
import dev.tributary.ice.CandidateType;
import dev.tributary.ice.IceEvent;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks STUN servers how the socket looks from outside (RFC 8445 §5.1.1.2, RFC 8489 §6). The answers carry no integrity: a
 * liar can make us tell the peer a wrong address, which then fails its checks, and nothing more.
 */
final class ReflexiveGathering {
    private final FullAgent agent;
    private final List<Query> queries = new ArrayList<>(1);

    private record Query(InetSocketAddress server, Transaction transaction) {}

    ReflexiveGathering(FullAgent agent) {
        this.agent = agent;
    }

    void ask(InetSocketAddress server, long now) {
        if (!Addresses.isCheckable(server) || queries.size() >= agent.limits.stunServersMax() || awaits(server)) {
            agent.emit(new IceEvent.GatheringFailed(server));
            return;
        }
        long high = agent.random.nextLong();
        int low = agent.random.nextInt();
        agent.writer.begin(BINDING_REQUEST, high, low).finish();
        Transaction transaction = new Transaction(high, low, agent.writer.copy(), false, agent.role());
        transaction.rtoNanos = agent.limits.rto().toNanos();
        Query query = new Query(server, transaction);
        queries.add(query);
        send(query, now);
    }

    private void send(Query query, long now) {
        Transaction transaction = query.transaction;
        transaction.sends++;
        transaction.sentAt = now;
        transaction.dueAt = now + transaction.rtoNanos;
        agent.transmit(transaction.bytes, transaction.bytes.length, query.server);
    }

    void advance(long now) {
        for (Query query : List.copyOf(queries)) {
            if (now < query.transaction.dueAt) {
                continue;
            }
            if (query.transaction.sends >= agent.limits.gatheringSendsMax()) {
                queries.remove(query);
                agent.emit(new IceEvent.GatheringFailed(query.server));
            } else {
                long ceiling = agent.limits.rtoMax().toNanos();
                query.transaction.rtoNanos = Math.min(2 * query.transaction.rtoNanos, ceiling);
                send(query, now);
            }
        }
    }

    /** Whether the response that the agent holds answers one of the questions; if so it is dealt with. */
    boolean handleResponse(InetSocketAddress source) {
        for (Query query : queries) {
            if (query.transaction.matches(agent.message.transactionHigh(), agent.message.transactionLow())) {
                if (source.equals(query.server)) {
                    queries.remove(query);
                    conclude(query.server);
                }
                return true;
            }
        }
        return false;
    }

    private void conclude(InetSocketAddress server) {
        InetSocketAddress mapped = agent.message.type() == BINDING_SUCCESS ? agent.message.mappedAddress() : null;
        if (mapped == null || !Addresses.isCheckable(mapped)) {
            agent.emit(new IceEvent.GatheringFailed(server));
            return;
        }
        Candidate candidate = Candidate.of(CandidateType.SERVER_REFLEXIVE, mapped, 0xFFFF, base(mapped));
        // RFC 8445 §5.1.3: the same address again is redundant; without a NAT it is the host candidate.
        boolean isKnown =
                agent.localCandidates.stream().anyMatch(known -> known.isUdp() && mapped.equals(known.socketAddress()));
        if (!isKnown) {
            agent.addLocalCandidate(candidate);
        }
        agent.emit(new IceEvent.CandidateGathered(candidate, !isKnown));
    }

    /** RFC 8445 §5.1.1.2: the socket, as far as it is known, for the peer's diagnosis only. */
    private @Nullable InetSocketAddress base(InetSocketAddress mapped) {
        for (Candidate candidate : agent.localCandidates) {
            InetSocketAddress address = candidate.socketAddress();
            if (candidate.type() == CandidateType.HOST
                    && address != null
                    && Addresses.isIpv6(address) == Addresses.isIpv6(mapped)) {
                return address;
            }
        }
        return null;
    }

    boolean awaits(InetSocketAddress source) {
        for (Query query : queries) {
            if (query.server.equals(source)) {
                return true;
            }
        }
        return false;
    }

    long nextTimeoutNanos() {
        long next = NEVER;
        for (Query query : queries) {
            next = Math.min(next, query.transaction.dueAt);
        }
        return next;
    }

    void end() {
        queries.clear();
    }
}

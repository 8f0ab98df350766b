// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.agent;

import static dev.tributary.core.DatagramProtocol.NEVER;
import static dev.tributary.ice.internal.wire.StunAttributes.BINDING_SUCCESS;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The question whether the peer is where something of it came from: one check to that address, signed for the peer, whose
 * answer only the peer can write.
 *
 * <p>The source of a datagram proves nothing, for MESSAGE-INTEGRITY and SRTP do not cover it: whoever sees a datagram pass
 * can send a copy of it from elsewhere, and the peer itself can write any source into a new one. So media moves to an address
 * only after this question was answered from there.
 *
 * <p>One question at a time, sent at most {@link dev.tributary.ice.IceLimits#verificationSendsMax} times with growing
 * pauses: nobody can make an agent send more than two such datagrams in a second, however many addresses are forged.
 */
final class AddressVerification {
    private final StunAgent agent;
    private @Nullable InetSocketAddress address;
    private @Nullable RemoteKey key;
    private @Nullable Transaction question;
    private long startedAt;

    AddressVerification(StunAgent agent) {
        this.agent = agent;
    }

    /** Whether an answer from an address is waited for. */
    boolean awaits(InetSocketAddress source) {
        return source.equals(address);
    }

    /**
     * Whether an address may be asked: none is being asked, or another one that has not answered the first time. So the
     * address that the peer came from last is asked soon, and no more is sent than to one address.
     */
    boolean mayAsk(InetSocketAddress target, long now) {
        Transaction asked = question;
        return asked == null || !target.equals(address) && now - startedAt >= asked.rtoNanos;
    }

    /** Asks an address that {@linkplain #mayAsk may be asked}. */
    void begin(InetSocketAddress target, RemoteKey remote, Transaction begun, long now) {
        begun.rtoNanos = agent.limits.rto().toNanos();
        address = target;
        startedAt = now;
        key = remote;
        question = begun;
        agent.counters.verifications++;
        send(begun, target, now);
    }

    private void send(Transaction asked, InetSocketAddress target, long now) {
        asked.sends++;
        asked.sentAt = now;
        asked.dueAt = now + asked.rtoNanos;
        agent.transmit(asked.bytes, asked.bytes.length, target);
    }

    void advance(long now) {
        Transaction asked = question;
        if (asked == null || address == null || now < asked.dueAt) {
            return;
        }
        if (asked.sends >= agent.limits.verificationSendsMax()) {
            end();
        } else {
            asked.rtoNanos = Math.min(2 * asked.rtoNanos, agent.limits.rtoMax().toNanos());
            send(asked, address, now);
        }
    }

    long nextTimeoutNanos() {
        return question == null ? NEVER : question.dueAt;
    }

    /** Whether the response that the agent holds belongs to the question; if so it is dealt with. */
    boolean handleResponse(InetSocketAddress source, long now) {
        Transaction asked = question;
        if (asked == null
                || key == null
                || !asked.matches(agent.message.transactionHigh(), agent.message.transactionLow())) {
            return false;
        }
        if (!agent.message.verify(key.integrity)) {
            agent.counters.wrongIntegrity++;
            return true;
        }
        // RFC 8445 §7.2.5.2.1: a path has to work both ways.
        boolean isThere = agent.message.type() == BINDING_SUCCESS && awaits(source);
        end();
        if (isThere) {
            agent.counters.responses++;
            agent.verified(source, asked.sends == 1 ? now - asked.sentAt : -1, now);
        }
        return true;
    }

    void end() {
        question = null;
        address = null;
        key = null;
    }
}

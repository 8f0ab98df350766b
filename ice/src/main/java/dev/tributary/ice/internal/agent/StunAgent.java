// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.agent;

import static dev.tributary.ice.internal.wire.StunAttributes.*;

import dev.tributary.core.Transmit;
import dev.tributary.ice.Candidate;
import dev.tributary.ice.IceAgent;
import dev.tributary.ice.IceCredentials;
import dev.tributary.ice.IceEvent;
import dev.tributary.ice.IceLimits;
import dev.tributary.ice.IceState;
import dev.tributary.ice.internal.wire.IntegrityKey.Algorithm;
import dev.tributary.ice.internal.wire.StunMessage;
import dev.tributary.ice.internal.wire.StunWriter;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What both agents share: the way of a datagram up to the point where it is known who wrote it, our credentials of one
 * or two generations, and the queues towards the owner. Nothing before the check of MESSAGE-INTEGRITY creates state or
 * sends anything.
 */
abstract class StunAgent implements IceAgent {
    final IceLimits limits;
    final StunMessage message = new StunMessage();
    final StunWriter writer = new StunWriter();
    final Counters counters = new Counters();
    final RecentChecks recentChecks = new RecentChecks();
    final AddressVerification verification = new AddressVerification(this);
    final List<Candidate> localCandidates = new ArrayList<>(2);

    LocalKey local;
    /** The generation before, while its checks are still answered. */
    @Nullable
    LocalKey previousLocal;
    /** When {@link #previousLocal} ends; NEVER while the hand-over is not done. */
    long retireAt = NEVER;
    /** Since when patience is counted; NEVER before the peer's credentials are known. */
    long startedAt = NEVER;

    private IceState state = IceState.NEW;
    private final TransmitQueue transmits;
    private final ArrayDeque<IceEvent> events = new ArrayDeque<>(4);
    private long latestNanos;

    StunAgent(IceCredentials local, IceLimits limits) {
        this.local = new LocalKey(local);
        this.limits = limits;
        this.transmits = new TransmitQueue(limits.transmitsMax());
    }

    // ---- what the agents do differently

    /** A check that was written by the peer. It has not been answered yet. */
    abstract void handleCheck(LocalKey key, InetSocketAddress source, long nowNanos);

    /** A response, not verified yet. */
    abstract void handleResponse(InetSocketAddress source, long nowNanos);

    /** The peer is at an address that was {@linkplain AddressVerification asked}. {@code rttNanos} is -1 when unknown. */
    abstract void verified(InetSocketAddress address, long rttNanos, long nowNanos);

    /** Fires what is due. */
    abstract void advance(long nowNanos);

    // ---- inputs

    @Override
    public final void handleDatagram(ByteBuffer datagram, InetSocketAddress source, long nowNanos) {
        long now = clock(nowNanos);
        if (state == IceState.CLOSED || source.getAddress() == null) {
            return;
        }
        counters.datagrams++;
        StunMessage.ParseResult parsed =
                message.parse(datagram.array(), datagram.arrayOffset() + datagram.position(), datagram.remaining());
        if (parsed != StunMessage.ParseResult.OK || !message.isBinding()) {
            counters.malformed++;
        } else if (!message.fingerprintAgrees()) {
            counters.wrongFingerprint++;
        } else {
            switch (message.type()) {
                case BINDING_REQUEST -> handleRequest(source, now);
                case BINDING_SUCCESS, BINDING_ERROR -> {
                    if (!verification.handleResponse(source, now)) {
                        handleResponse(source, now);
                    }
                }
                default -> {
                    // RFC 8445 §11: a Binding indication is a keepalive. Anybody can send one, so it means nothing.
                }
            }
        }
    }

    private void handleRequest(InetSocketAddress source, long now) {
        if (state == IceState.FAILED) {
            return; // only a restart, with new credentials, revives a session
        }
        if (!message.hasUsername() || message.integrityAlgorithm() == null) {
            // Deviates from RFC 8489 §9.1.3 (400): whoever proves nothing gets nothing, see
            // docs/conformance/rfc8489.md.
            counters.unauthenticated++;
            return;
        }
        LocalKey key = keyOfRequest();
        if (key == null) {
            counters.wrongUfrag++;
        } else if (!message.verify(key.integrity)) {
            counters.wrongIntegrity++;
        } else if (recentChecks.isReplay(message.transactionHigh(), message.transactionLow(), source)) {
            counters.replayed++;
        } else if (message.unknownCount() > 0) {
            counters.unknownAttributes++;
            answer(BINDING_ERROR).errorCode(ERROR_UNKNOWN_ATTRIBUTE).unknownAttributes(message);
            finishAnswer(key, source);
        } else {
            counters.requests++;
            handleCheck(key, source, now);
        }
    }

    private @Nullable LocalKey keyOfRequest() {
        if (message.usernameBegins(local.ufrag)) {
            return local;
        }
        return previousLocal != null && message.usernameBegins(previousLocal.ufrag) ? previousLocal : null;
    }

    @Override
    public final void handleTimeout(long nowNanos) {
        long now = clock(nowNanos);
        if (state != IceState.CLOSED) {
            if (previousLocal != null && now >= retireAt) {
                retirePrevious();
            }
            verification.advance(now);
            advance(now);
        }
    }

    // ---- answers

    final void answerSuccess(LocalKey key, byte[] ip, InetSocketAddress source) {
        answer(BINDING_SUCCESS).xorMappedAddress(ip, Addresses.port(source));
        finishAnswer(key, source);
    }

    final void answerRoleConflict(LocalKey key, InetSocketAddress source) {
        counters.roleConflicts++;
        answer(BINDING_ERROR).errorCode(ERROR_ROLE_CONFLICT);
        finishAnswer(key, source);
    }

    private StunWriter answer(int type) {
        return writer.begin(type, message.transactionHigh(), message.transactionLow());
    }

    private void finishAnswer(LocalKey key, InetSocketAddress destination) {
        Algorithm algorithm = message.integrityAlgorithm();
        writer.finish(key.integrity, algorithm == null ? Algorithm.SHA1 : algorithm);
        transmit(writer.bytes(), writer.length(), destination);
    }

    final void transmit(byte[] bytes, int length, InetSocketAddress destination) {
        if (!transmits.offer(bytes, length, destination)) {
            counters.transmitsDropped++;
        }
    }

    // ---- generations

    /** Makes the credentials current; the ones that carry the selected path stay beside them. */
    final void replaceLocal(IceCredentials credentials) {
        if (previousLocal == null) {
            previousLocal = local;
        } else if (retireAt != NEVER) {
            retirePrevious();
            previousLocal = local;
        } else {
            emit(new IceEvent.UfragRetired(local.credentials.ufrag())); // a restart that was never completed
        }
        local = new LocalKey(credentials);
        retireAt = NEVER;
    }

    /** The new generation carries the media from now on. */
    final void handOver(long now) {
        if (previousLocal != null && retireAt == NEVER) {
            retireAt = now + limits.ufragLinger().toNanos();
        }
    }

    final void retirePrevious() {
        if (previousLocal != null) {
            emit(new IceEvent.UfragRetired(previousLocal.credentials.ufrag()));
        }
        previousLocal = null;
        retireAt = NEVER;
    }

    /** Whether {@link #restart} was called and the new generation carries nothing yet. */
    final boolean isHandingOver() {
        return previousLocal != null && retireAt == NEVER;
    }

    /** RFC 7675 §5.1: a peer checks every interval, give or take a fifth; silence beyond that is a missed check. */
    final long consentMissedNanos() {
        return limits.consentInterval().toNanos() * 13 / 10;
    }

    // ---- outputs and getters

    @Override
    public final boolean pollTransmit(Transmit out) {
        return transmits.poll(out);
    }

    @Override
    public final @Nullable IceEvent pollEvent() {
        return events.poll();
    }

    final void emit(IceEvent event) {
        if (events.size() >= limits.eventsMax()) {
            events.poll();
        }
        events.add(event);
    }

    final void become(IceState next) {
        if (state != next && state != IceState.CLOSED) {
            emit(new IceEvent.StateChanged(state, next));
            state = next;
            if (next == IceState.FAILED) {
                emit(new IceEvent.Failed(diagnosis()));
            }
        }
    }

    /** Time that goes backwards is no time passed. */
    final long clock(long nowNanos) {
        latestNanos = Math.max(latestNanos, nowNanos);
        return latestNanos;
    }

    @Override
    public final IceState state() {
        return state;
    }

    @Override
    public final IceCredentials localCredentials() {
        return local.credentials;
    }

    @Override
    public final List<String> localUfrags() {
        String current = local.credentials.ufrag();
        return previousLocal == null ? List.of(current) : List.of(current, previousLocal.credentials.ufrag());
    }

    @Override
    public final void addLocalCandidate(Candidate candidate) {
        localCandidates.add(candidate);
        localCandidates.sort(
                Comparator.comparingLong((Candidate each) -> each.priority()).reversed());
    }

    @Override
    public final List<Candidate> localCandidates() {
        return List.copyOf(localCandidates);
    }

    @Override
    public void close() {
        become(IceState.CLOSED);
        verification.end();
        transmits.clear();
    }
}

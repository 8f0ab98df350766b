// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.dtls;

import dev.tributary.srtp.DtlsCloseReason;
import dev.tributary.srtp.DtlsLimits;
import dev.tributary.srtp.DtlsRole;
import dev.tributary.srtp.Fingerprint;
import dev.tributary.srtp.SrtpProfile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.jspecify.annotations.Nullable;

/**
 * DTLS 1.2 by Bouncy Castle. Its handshake blocks, so that runs on a thread of the executor, which owns {@link
 * FlightTransport} and {@link HandshakePolicy} meanwhile; when it has published {@link #established} it is gone, and from
 * then on everything runs on the loop without blocking.
 */
public final class BouncyCastleEngine implements DtlsEngine {
    private static final int WAIT_MILLIS = 60_000;

    private final DtlsRole role;
    private final DtlsLimits limits;
    private final Runnable wakeup;
    private final HandshakePolicy policy;
    private final InboundGuard guard;
    private final OutboundFlights outbound;
    private final FlightTransport transport;
    private final Queue<EngineOutcome> outcomes = new ConcurrentLinkedQueue<>();
    private final Queue<byte[]> records = new ArrayDeque<>();
    private volatile @Nullable DTLSTransport established;
    private @Nullable DTLSTransport connection;
    private byte[] buffer = new byte[0];
    private long overflow;
    private volatile boolean closed;
    private boolean ended;

    /** An engine that has not begun. */
    public BouncyCastleEngine(
            DtlsRole role,
            DtlsIdentity identity,
            List<SrtpProfile> profiles,
            boolean srtpRequired,
            DtlsLimits limits,
            Runnable wakeup) {
        this.role = role;
        this.limits = limits;
        this.wakeup = wakeup;
        this.policy = new HandshakePolicy(identity, limits, List.copyOf(profiles), srtpRequired);
        this.guard = new InboundGuard(role, limits.handshakeMessageBytes(), limits.handshakeRecords());
        this.outbound = new OutboundFlights(TimeUnit.MILLISECONDS.toNanos(limits.resendMillis()));
        this.transport = new FlightTransport(limits.queuedDatagrams(), outbound::add, wakeup);
    }

    /** Says which certificates the peer may show; before {@link #start}. */
    public void expect(List<Fingerprint> fingerprints) {
        policy.expect(fingerprints);
    }

    @Override
    public void start(Executor executor) {
        transport.running(true);
        boolean accepted = false;
        try {
            executor.execute(this::handshake);
            accepted = true;
        } finally {
            if (!accepted) {
                transport.running(false);
            }
        }
    }

    private void handshake() {
        EngineOutcome outcome = new EngineOutcome.Ended(DtlsCloseReason.INTERNAL_ERROR, "the handshake broke off");
        try {
            DTLSTransport done = role == DtlsRole.SERVER ? accept() : connect();
            outcome = new EngineOutcome.Established(policy.keyingMaterial());
            transport.flush();
            established = done;
        } catch (IOException | RuntimeException | LinkageError e) {
            outcome = ended(e);
            transport.flush();
        } finally {
            outcomes.add(outcome);
            transport.running(false);
            wakeup.run();
        }
    }

    private DTLSTransport accept() throws IOException {
        DtlsServerPeer peer = new DtlsServerPeer(policy);
        transport.cancelBy(peer::cancel);
        return new DTLSServerProtocol().accept(peer, transport);
    }

    private DTLSTransport connect() throws IOException {
        DtlsClientPeer peer = new DtlsClientPeer(policy);
        transport.cancelBy(peer::cancel);
        return new DTLSClientProtocol().connect(peer, transport);
    }

    private EngineOutcome ended(Throwable cause) {
        String detail = String.valueOf(cause.getMessage());
        if (policy.peerClosed()) {
            return new EngineOutcome.Ended(DtlsCloseReason.CLOSED_BY_PEER, "close_notify during the handshake");
        }
        if (closed) {
            return new EngineOutcome.Ended(DtlsCloseReason.CLOSED_LOCALLY, "closed during the handshake");
        }
        if (policy.fingerprintMismatch()) {
            return new EngineOutcome.Ended(DtlsCloseReason.FINGERPRINT_MISMATCH, detail);
        }
        if (cause instanceof TlsFatalAlertReceived received) {
            String name = AlertDescription.getText(received.getAlertDescription());
            return new EngineOutcome.Ended(DtlsCloseReason.ALERT_RECEIVED, name);
        }
        if (cause instanceof TlsFatalAlert alert) {
            DtlsCloseReason reason = switch (alert.getAlertDescription()) {
                case AlertDescription.handshake_failure,
                        AlertDescription.protocol_version,
                        AlertDescription.insufficient_security -> DtlsCloseReason.INCOMPATIBLE;
                case AlertDescription.internal_error -> DtlsCloseReason.INTERNAL_ERROR;
                default -> DtlsCloseReason.VIOLATION;
            };
            return new EngineOutcome.Ended(reason, detail);
        }
        return new EngineOutcome.Ended(
                DtlsCloseReason.INTERNAL_ERROR, cause.getClass().getSimpleName() + ": " + detail);
    }

    @Override
    public void awaitIdle() {
        transport.awaitIdle();
    }

    @Override
    public void handleTimeout(long nowNanos) {
        adopt();
        outbound.handleTimeout(nowNanos);
    }

    @Override
    public long nextTimeoutNanos() {
        return outbound.nextTimeoutNanos();
    }

    @Override
    public boolean handleDatagram(ByteBuffer datagram) {
        adopt();
        int length = datagram.remaining();
        if (ended
                || closed
                || length < InboundGuard.RECORD_HEADER_BYTES
                || length > FlightTransport.RECEIVE_BYTES
                // Before the guard has seen it: what the guard has let pass must not be lost.
                || !transport.hasRoom()) {
            return false;
        }
        int from = datagram.arrayOffset() + datagram.position();
        byte[] passed = guard.filter(datagram.array(), from, from + length);
        if (passed != null) {
            transport.offer(passed);
            drain();
        }
        if (guard.takeRepeated() && role == DtlsRole.SERVER) {
            outbound.repeat();
        }
        return true;
    }

    /** Brings over what the thread of the handshake has made: flights, and in the end the connection. */
    private void adopt() {
        if (connection != null) {
            return;
        }
        DTLSTransport made = established;
        for (List<byte[]> flight = transport.pollFlight(); flight != null; flight = transport.pollFlight()) {
            outbound.replace(flight);
            guard.flightSent(flight);
        }
        if (made == null) {
            return;
        }
        connection = made;
        outbound.stop();
        transport.unblock();
        guard.handshakeDone();
        if (closed) {
            closeQuietly(made);
            forgetKeys();
            return;
        }
        buffer = new byte[FlightTransport.RECEIVE_BYTES];
        for (byte[] early = guard.pollEarly(); early != null; early = guard.pollEarly()) {
            transport.offer(early);
        }
        drain();
    }

    /** Decrypts all that is there. */
    private void drain() {
        DTLSTransport open = connection;
        if (open == null || ended) {
            return;
        }
        try {
            // Asked before: Bouncy Castle allocates a whole datagram to find out that there is none.
            while (!transport.isEmpty()) {
                // The time is never waited for, but 0 would mean forever.
                keep(open.receive(buffer, 0, buffer.length, WAIT_MILLIS));
                for (int length = 0; length >= 0; length = open.receivePending(buffer, 0, buffer.length)) {
                    keep(length);
                }
            }
        } catch (FlightTransport.WouldBlock e) {
            // What was there was no application data, and all of it has been looked at.
        } catch (IOException | RuntimeException e) {
            end(ended(e));
        }
        if (policy.peerClosed()) {
            end(new EngineOutcome.Ended(DtlsCloseReason.CLOSED_BY_PEER, "close_notify"));
        }
    }

    /** Keeps what was decrypted. A record of length zero is no data, and no end. */
    private void keep(int length) {
        if (length <= 0) {
            return;
        }
        if (records.size() < limits.pendingRecords()) {
            records.add(Arrays.copyOf(buffer, length));
        } else {
            overflow++;
        }
    }

    private void end(EngineOutcome outcome) {
        if (!ended) {
            ended = true;
            outcomes.add(outcome);
        }
    }

    @Override
    public byte @Nullable [] pollDatagram() {
        adopt();
        return outbound.poll();
    }

    @Override
    public byte @Nullable [] pollRecord() {
        adopt();
        return records.poll();
    }

    @Override
    public @Nullable EngineOutcome pollOutcome() {
        adopt();
        EngineOutcome outcome = outcomes.poll();
        if (outcome instanceof EngineOutcome.Ended) {
            outbound.stop();
        }
        return outcome;
    }

    @Override
    public boolean send(ByteBuffer data) {
        DTLSTransport open = connection;
        if (open == null || ended || closed) {
            return false;
        }
        try {
            open.send(data.array(), data.arrayOffset() + data.position(), data.remaining());
            return true;
        } catch (IOException | RuntimeException e) {
            end(ended(e));
            return false;
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        DTLSTransport open = connection;
        if (open == null) {
            outbound.stop();
            transport.cancel();
        } else if (!ended) {
            closeQuietly(open);
        }
        records.clear();
    }

    private void forgetKeys() {
        var keys = policy.keyingMaterial();
        if (keys != null) {
            keys.close();
        }
    }

    private static void closeQuietly(DTLSTransport open) {
        try {
            open.close();
        } catch (IOException e) {
            // The alert did not go out; the peer will find out by ICE.
            return;
        }
    }

    @Override
    public long recordsDropped() {
        return guard.dropped() + overflow;
    }
}

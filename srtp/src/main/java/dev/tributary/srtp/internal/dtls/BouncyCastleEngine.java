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
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.TlsTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * DTLS 1.2 by Bouncy Castle. Its handshake blocks, so that runs on a thread of the executor, which owns {@link
 * FlightTransport} and {@link HandshakePolicy} meanwhile; when it has published {@link #established} it is gone, and from
 * then on everything runs on the loop without blocking.
 */
public final class BouncyCastleEngine implements DtlsEngine {
    private final DtlsRole role;
    private final DtlsLimits limits;
    private final Runnable wakeup;
    private final HandshakePolicy policy;
    private final InboundGuard guard;
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
        this.transport = new FlightTransport(guard, limits, wakeup);
    }

    /** Says which certificates the peer may show; before {@link #start}. */
    public void expect(List<Fingerprint> fingerprints) {
        policy.expect(fingerprints);
    }

    @Override
    public void start(Executor executor) {
        executor.execute(this::handshake);
    }

    private void handshake() {
        EngineOutcome outcome = new EngineOutcome.Ended(DtlsCloseReason.INTERNAL_ERROR, "the handshake broke off");
        try {
            DTLSTransport done = role == DtlsRole.SERVER
                    ? new DTLSServerProtocol().accept(new DtlsServerPeer(policy), transport)
                    : new DTLSClientProtocol().connect(new DtlsClientPeer(policy), transport);
            outcome = new EngineOutcome.Established(policy.keyingMaterial());
            transport.flush();
            established = done;
        } catch (IOException | RuntimeException | LinkageError e) {
            outcome = ended(e);
            transport.flush();
        } finally {
            outcomes.add(outcome);
            wakeup.run();
        }
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
        if (cause instanceof TlsTimeoutException) {
            return new EngineOutcome.Ended(DtlsCloseReason.HANDSHAKE_TIMEOUT, detail);
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
    public boolean handleDatagram(ByteBuffer datagram) {
        int length = datagram.remaining();
        if (ended || closed || length < InboundGuard.RECORD_HEADER_BYTES || length > FlightTransport.RECEIVE_BYTES) {
            return false;
        }
        byte[] copy = new byte[length];
        datagram.get(datagram.position(), copy);
        boolean taken = transport.offer(copy);
        if (adopt()) {
            drain();
        }
        return taken;
    }

    /** Takes the connection over from the thread that made it; {@code false} while there is none. */
    private boolean adopt() {
        if (connection != null) {
            return true;
        }
        DTLSTransport made = established;
        if (made == null) {
            return false;
        }
        connection = made;
        transport.unblock();
        buffer = new byte[FlightTransport.RECEIVE_BYTES];
        if (closed) {
            closeQuietly(made);
            forgetKeys();
        } else {
            drain();
        }
        return true;
    }

    /** Decrypts all that is there. */
    private void drain() {
        DTLSTransport open = connection;
        if (open == null || ended) {
            return;
        }
        try {
            // The time is never waited for, but 0 would mean forever. A record of length zero is no data, and no end.
            for (int length = 0; length >= 0; length = open.receive(buffer, 0, buffer.length, 1000)) {
                if (length > 0) {
                    keep(Arrays.copyOf(buffer, length));
                }
            }
        } catch (FlightTransport.WouldBlock e) {
            if (guard.takeRepeated() && role == DtlsRole.SERVER) {
                transport.repeatFlight();
            }
            if (policy.peerClosed()) {
                end(new EngineOutcome.Ended(DtlsCloseReason.CLOSED_BY_PEER, "close_notify"));
            }
        } catch (IOException | RuntimeException e) {
            end(ended(e));
        }
    }

    private void keep(byte[] record) {
        if (records.size() < limits.pendingRecords()) {
            records.add(record);
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
        return transport.pollDatagram();
    }

    @Override
    public byte @Nullable [] pollRecord() {
        adopt();
        return records.poll();
    }

    @Override
    public @Nullable EngineOutcome pollOutcome() {
        adopt();
        return outcomes.poll();
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
            transport.wake();
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

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.srtp.internal.dtls.BouncyCastleEngine;
import dev.tributary.srtp.internal.dtls.EngineOutcome;
import dev.tributary.srtp.internal.transform.ProfileOrder;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * DTLS 1.2 with one peer over a path that ICE found (RFC 6347, RFC 5764, RFC 8827 §6.5): it proves that the peer has the
 * certificate of its session description, yields the keys of SRTP, and carries the packets of SCTP.
 *
 * <pre>
 * NEW -- start (client), first datagram (server) --&gt; HANDSHAKING -- Finished --&gt; CONNECTED
 *  any -- close, close_notify, fatal alert, timeout --&gt; CLOSED
 * </pre>
 *
 * <p><b>Threads.</b> Every method is called by the owner loop and returns at once. The handshake blocks a thread of the
 * executor handed in; that thread touches queues made for it and nothing else, and calls the {@code wakeup} when there
 * are datagrams or events to poll. The wake-up is called from that thread, so it has to be thread-safe; it should post to
 * the loop, which then polls. After the handshake no thread but the loop is involved.
 *
 * <p><b>Driving.</b> After each call, and after each wake-up, poll {@link #pollTransmit} until {@code false}, {@link
 * #pollEvent} until {@code null}, {@link #pollRecord} until {@code null}, and read {@link #nextTimeoutNanos}. There are no
 * addresses here: where datagrams go is ICE's matter, and whoever hands a datagram in has checked that it comes from the
 * peer's path. Application data that comes together with the end of the handshake is delivered after {@link
 * DtlsEvent.Connected}.
 *
 * <p><b>Time</b> is the caller's {@code nowNanos} alone, also for repeating flights: a simulation in virtual time needs
 * only {@link DtlsHandshakeExecutor#inStep}, and then no wake-up.
 *
 * <p><b>Hostile input</b> never throws. What a peer can make us hold is bounded by {@link DtlsLimits}.
 *
 * <pre>{@code
 * var dtls = DtlsTransport.builder(DtlsRole.SERVER, certificate, executor, () -> loop.execute(this::drain))
 *         .remoteFingerprints(List.of(Fingerprint.parse(attribute)))
 *         .build();
 * dtls.handleDatagram(datagram, nowNanos);
 * }</pre>
 *
 * @since 0.1
 */
public final class DtlsTransport implements AutoCloseable {
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final DtlsRole role;
    private final DtlsLimits limits;
    private final Executor executor;
    private final boolean inStep;
    private final BouncyCastleEngine engine;
    private final Queue<DtlsEvent> events = new ArrayDeque<>();
    private DtlsState state = DtlsState.NEW;
    private boolean fingerprintsKnown;
    private boolean begun;
    private long deadlineNanos = DatagramProtocol.NEVER;
    private long retryNanos = DatagramProtocol.NEVER;
    private long datagramsReceived;
    private long datagramsSent;
    private long recordsReceived;
    private long recordsSent;
    private long datagramsDropped;
    private long sendsRefused;

    private DtlsTransport(Builder builder) {
        this.role = builder.role;
        this.limits = builder.limits;
        this.executor = builder.executor;
        this.inStep = builder.executor instanceof DtlsHandshakeExecutor threads && threads.isInStep();
        this.engine = new BouncyCastleEngine(
                role,
                builder.certificate.identity(),
                builder.profiles == null ? ProfileOrder.known() : builder.profiles,
                builder.srtpRequired,
                builder.limits,
                builder.wakeup);
        if (!builder.fingerprints.isEmpty()) {
            expectFingerprints(builder.fingerprints, 0);
        }
    }

    /**
     * Begins a transport.
     *
     * @param role our side
     * @param certificate ours, whose fingerprint is in our session description
     * @param executor where the handshake may block; it may refuse, then the handshake is tried again later
     * @param wakeup called from the handshake's thread when there is something to poll
     */
    public static Builder builder(DtlsRole role, DtlsCertificate certificate, Executor executor, Runnable wakeup) {
        return new Builder(role, certificate, executor, wakeup);
    }

    /** Our side. */
    public DtlsRole role() {
        return role;
    }

    /** Where it stands. */
    public DtlsState state() {
        return state;
    }

    /**
     * Says which certificates the peer may show, when that was not known at the beginning (we made the offer). The
     * handshake does not begin before; datagrams that arrive meanwhile are kept. Ignored once the handshake has begun.
     */
    public void expectFingerprints(List<Fingerprint> fingerprints, long nowNanos) {
        if (state != DtlsState.NEW || fingerprints.isEmpty()) {
            return;
        }
        engine.expect(fingerprints);
        fingerprintsKnown = true;
        tryBegin(nowNanos);
        settle(nowNanos);
    }

    /** Begins the handshake as client, when there is a path. As server nothing happens: the peer begins. */
    public void start(long nowNanos) {
        if (role == DtlsRole.CLIENT) {
            begin(nowNanos);
            settle(nowNanos);
        }
    }

    /**
     * Takes one datagram of the peer.
     *
     * @param datagram array-backed, borrowed
     */
    public void handleDatagram(ByteBuffer datagram, long nowNanos) {
        datagramsReceived++;
        if (state == DtlsState.CLOSED || !engine.handleDatagram(datagram)) {
            datagramsDropped++;
        } else if (role == DtlsRole.SERVER) {
            begin(nowNanos);
        }
        settle(nowNanos);
    }

    /** Fires what is due: a flight is repeated, a handshake that takes too long ends, or another try to begin one. */
    public void handleTimeout(long nowNanos) {
        if (retryNanos <= nowNanos) {
            tryBegin(nowNanos);
        }
        settle(nowNanos);
        if (deadlineNanos <= nowNanos && state != DtlsState.CONNECTED && state != DtlsState.CLOSED) {
            engine.close();
            finish(DtlsCloseReason.HANDSHAKE_TIMEOUT, "not connected after " + limits.handshakeTimeoutMillis() + " ms");
        }
    }

    /**
     * Writes the next datagram to send. Goes on after {@link #close}, until the alert is out.
     *
     * @param out has at least 2,048 bytes of room, as {@link dev.tributary.core.Transmit} has; advanced
     * @return {@code false} when there is none
     */
    public boolean pollTransmit(ByteBuffer out) {
        byte[] datagram = engine.pollDatagram();
        if (datagram == null) {
            return false;
        }
        out.put(datagram);
        datagramsSent++;
        return true;
    }

    /** The next event, or {@code null}. */
    public @Nullable DtlsEvent pollEvent() {
        collect();
        return events.poll();
    }

    /** The next piece of application data received, which is the caller's now, or {@code null}. */
    public @Nullable ByteBuffer pollRecord() {
        collect();
        byte[] record = state == DtlsState.NEW || state == DtlsState.HANDSHAKING ? null : engine.pollRecord();
        if (record == null) {
            return null;
        }
        recordsReceived++;
        return ByteBuffer.wrap(record);
    }

    /**
     * Sends one piece of application data as one datagram.
     *
     * @param data array-backed; consumed when it is sent
     * @return {@code false} when it was not: not connected, empty, or larger than {@link DtlsLimits#sendBytes}
     */
    public boolean send(ByteBuffer data) {
        collect();
        boolean fits = data.hasRemaining() && data.remaining() <= limits.sendBytes();
        if (state != DtlsState.CONNECTED || !fits || !engine.send(data)) {
            sendsRefused++;
            return false;
        }
        data.position(data.limit());
        recordsSent++;
        return true;
    }

    /** When {@link #handleTimeout} wants to be called, or {@link DatagramProtocol#NEVER}. */
    public long nextTimeoutNanos() {
        return Math.min(Math.min(deadlineNanos, retryNanos), engine.nextTimeoutNanos());
    }

    /** What happened so far. */
    public DtlsStats stats() {
        return new DtlsStats(
                datagramsReceived,
                datagramsSent,
                recordsReceived,
                recordsSent,
                datagramsDropped,
                engine.recordsDropped(),
                sendsRefused);
    }

    /**
     * Ends it: the peer gets a close_notify, or an alert when the handshake runs. A handshake that waits is woken and its
     * thread returned. Idempotent. Poll {@link #pollTransmit} afterwards.
     */
    @Override
    public void close() {
        collect();
        if (state != DtlsState.CLOSED) {
            engine.close();
            if (inStep) {
                engine.awaitIdle();
            }
            finish(DtlsCloseReason.CLOSED_LOCALLY, "closed");
        }
    }

    @Override
    public String toString() {
        return "DtlsTransport[" + role + ", " + state + "]";
    }

    private void begin(long nowNanos) {
        begun = true;
        tryBegin(nowNanos);
    }

    private void tryBegin(long nowNanos) {
        if (!begun || !fingerprintsKnown || state != DtlsState.NEW) {
            return;
        }
        if (deadlineNanos == DatagramProtocol.NEVER) {
            deadlineNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(limits.handshakeTimeoutMillis());
        }
        try {
            engine.start(executor);
            state = DtlsState.HANDSHAKING;
            retryNanos = DatagramProtocol.NEVER;
        } catch (RejectedExecutionException e) {
            retryNanos = nowNanos + RETRY_NANOS;
        }
    }

    /** Times what the handshake has sent, and takes what it has to tell; in step with its thread when that is wanted. */
    private void settle(long nowNanos) {
        if (inStep) {
            engine.awaitIdle();
        }
        engine.handleTimeout(nowNanos);
        collect();
    }

    /** Brings what the engine has to tell into our state. */
    private void collect() {
        for (EngineOutcome outcome = engine.pollOutcome(); outcome != null; outcome = engine.pollOutcome()) {
            if (outcome instanceof EngineOutcome.Ended ended) {
                finish(ended.reason(), ended.detail());
            } else if (outcome instanceof EngineOutcome.Established done && state == DtlsState.HANDSHAKING) {
                state = DtlsState.CONNECTED;
                deadlineNanos = DatagramProtocol.NEVER;
                events.add(new DtlsEvent.Connected(done.keyingMaterial()));
            }
        }
    }

    private void finish(DtlsCloseReason reason, String detail) {
        if (state == DtlsState.CLOSED) {
            return;
        }
        state = DtlsState.CLOSED;
        deadlineNanos = DatagramProtocol.NEVER;
        retryNanos = DatagramProtocol.NEVER;
        events.add(new DtlsEvent.Closed(reason, detail));
    }

    /**
     * Settings of a transport.
     *
     * @since 0.1
     */
    public static final class Builder {
        private final DtlsRole role;
        private final DtlsCertificate certificate;
        private final Executor executor;
        private final Runnable wakeup;
        private List<Fingerprint> fingerprints = List.of();
        private @Nullable List<SrtpProfile> profiles;
        private boolean srtpRequired;
        private DtlsLimits limits = DtlsLimits.DEFAULT;

        private Builder(DtlsRole role, DtlsCertificate certificate, Executor executor, Runnable wakeup) {
            this.role = role;
            this.certificate = certificate;
            this.executor = executor;
            this.wakeup = wakeup;
        }

        /** The fingerprints of the peer's session description: its certificate has to match one. */
        public Builder remoteFingerprints(List<Fingerprint> value) {
            this.fingerprints = List.copyOf(value);
            return this;
        }

        /**
         * The SRTP profiles to negotiate, best first; none to negotiate no SRTP. By default {@link
         * SrtpProfile#fastestFirst}, measured by a thread that the first transport starts; until that has ended, both AEAD
         * profiles, then AES128_CM_HMAC_SHA1_80.
         */
        public Builder profiles(List<SrtpProfile> value) {
            this.profiles = List.copyOf(value);
            return this;
        }

        /** Whether a peer without a common SRTP profile is refused, as when media is negotiated. By default not. */
        public Builder srtpRequired(boolean value) {
            this.srtpRequired = value;
            return this;
        }

        /** Limits other than {@link DtlsLimits#DEFAULT}. */
        public Builder limits(DtlsLimits value) {
            this.limits = value;
            return this;
        }

        /** The transport, which is {@link DtlsState#NEW}. */
        public DtlsTransport build() {
            return new DtlsTransport(this);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.dtls;

import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * An implementation of DTLS, as {@link dev.tributary.srtp.DtlsTransport} drives it. All methods are called by the owner
 * loop and never block. An engine that needs a thread for its handshake gets one from the executor; that thread touches
 * only queues made for it, and calls the wake-up it was built with when there is something to poll.
 */
public interface DtlsEngine {
    /**
     * Begins the handshake; called again after a refusal.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the executor is full
     */
    void start(Executor executor);

    /** Takes a datagram of the peer, borrowed. Returns {@code false} when it was dropped. */
    boolean handleDatagram(ByteBuffer datagram);

    /** Returns when the handshake's thread has done what it can do without hearing from the peer. */
    void awaitIdle();

    /** Repeats what is due of the handshake. */
    void handleTimeout(long nowNanos);

    /** When {@link #handleTimeout} wants to be called, or {@link dev.tributary.core.DatagramProtocol#NEVER}. */
    long nextTimeoutNanos();

    /** The next datagram to send, or {@code null}. */
    byte @Nullable [] pollDatagram();

    /** The next piece of application data received, or {@code null}. */
    byte @Nullable [] pollRecord();

    /** What has happened, or {@code null}. */
    @Nullable
    EngineOutcome pollOutcome();

    /** Sends application data, which the transport has found to be small enough; {@code false} when it cannot. */
    boolean send(ByteBuffer data);

    /** Ends it, with an alert to the peer if there is one to tell. Idempotent. */
    void close();

    /** Records dropped so far. */
    long recordsDropped();
}

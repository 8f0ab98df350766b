// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.dtls;

import dev.tributary.core.DatagramProtocol;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The datagrams to send, and the last flight of the handshake, which is repeated until the peer's next one has come (RFC
 * 6347 §4.2.4): after the resend time, then after twice and four times that, and from there at a steady pace. The doubling
 * without end of the RFC leaves one handshake in fifty unfinished at 30 % loss. Not thread-safe: the loop's.
 */
final class OutboundFlights {
    /** Datagrams that wait to be polled; more are lost, as on a network. */
    static final int DATAGRAMS_MAX = 512;

    /** So many resend times pass at most between two repetitions. */
    static final int REPEAT_FACTOR_MAX = 4;

    private static final long AT_ONCE = 0;

    private final long resendNanos;
    private final ClearSequence clear = new ClearSequence();
    private final Queue<byte[]> waiting = new ArrayDeque<>();
    private List<byte[]> last = List.of();
    private long intervalNanos;
    private boolean armed;
    private long repeatAtNanos = DatagramProtocol.NEVER;
    private boolean over;

    OutboundFlights(long resendNanos) {
        this.resendNanos = resendNanos;
    }

    /** Sends a new flight, and repeats it from now on if the handshake goes on. */
    void replace(List<byte[]> flight) {
        last = flight;
        flight.forEach(this::add);
        intervalNanos = over ? 0 : resendNanos;
        armed = false;
    }

    /** Sends one datagram, once. */
    void add(byte[] datagram) {
        if (waiting.size() < DATAGRAMS_MAX) {
            clear.renumber(datagram, 0, datagram.length);
            waiting.add(datagram);
        }
    }

    /** Sends the last flight again. */
    void repeat() {
        last.forEach(datagram -> add(datagram.clone()));
    }

    /** The handshake is over: the clock repeats nothing any more. */
    void stop() {
        over = true;
        intervalNanos = 0;
    }

    /** Repeats what is due. A flight is timed from the first call after it was made, since it is made without a clock. */
    void handleTimeout(long nowNanos) {
        if (intervalNanos == 0) {
            return;
        }
        if (armed && repeatAtNanos <= nowNanos) {
            repeat();
            intervalNanos = Math.min(2 * intervalNanos, REPEAT_FACTOR_MAX * resendNanos);
            armed = false;
        }
        if (!armed) {
            armed = true;
            repeatAtNanos = nowNanos + intervalNanos;
        }
    }

    /** When {@link #handleTimeout} wants to be called. */
    long nextTimeoutNanos() {
        if (intervalNanos == 0) {
            return DatagramProtocol.NEVER;
        }
        return armed ? repeatAtNanos : AT_ONCE;
    }

    byte @Nullable [] poll() {
        return waiting.poll();
    }
}

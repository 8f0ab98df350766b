// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import dev.tributary.sfu.Peer;
import dev.tributary.whipwhep.DynamicEnd;
import dev.tributary.whipwhep.spi.ControlOutlet;
import org.jspecify.annotations.Nullable;

/**
 * What carries the control messages of one session: a data channel, or an event stream over HTTP, or nothing. A later one
 * replaces an earlier one. Owned by the loop.
 */
final class ControlTransport {
    private static final int NO_CHANNEL = -1;

    private final Peer peer;
    private int channel = NO_CHANNEL;
    private @Nullable ControlOutlet outlet;
    private @Nullable String unsent;

    ControlTransport(Peer peer) {
        this.peer = peer;
    }

    boolean isOpen() {
        return channel != NO_CHANNEL || outlet != null;
    }

    boolean isChannel(int id) {
        return channel != NO_CHANNEL && channel == id;
    }

    boolean isHttp() {
        return outlet != null;
    }

    boolean isOutlet(ControlOutlet other) {
        return outlet == other;
    }

    /** A data channel carries them from now on. */
    void use(int id) {
        forget();
        channel = id;
    }

    /** An event stream carries them from now on. */
    void use(ControlOutlet stream) {
        forget();
        outlet = stream;
    }

    private void forget() {
        if (outlet != null) {
            outlet.close();
        }
        lost();
    }

    /** It is gone. */
    void lost() {
        channel = NO_CHANNEL;
        outlet = null;
        unsent = null;
    }

    /** Sends what waits, as far as the transport takes it: what remains in the machine is bounded. */
    void flush(DynamicEnd machine, long nowNanos) {
        while (isOpen()) {
            String message = unsent != null ? unsent : machine.pollMessage();
            unsent = null;
            if (message == null) {
                break;
            }
            if (outlet != null) {
                if (!outlet.send(message)) {
                    // Its end is told by the HTTP side.
                    break;
                }
            } else if (!peer.sendText(channel, message, nowNanos)) {
                unsent = message;
                break;
            }
        }
    }

    /** Closes it. */
    void close(long nowNanos) {
        if (channel != NO_CHANNEL) {
            peer.closeChannel(channel, nowNanos);
        }
        forget();
    }
}

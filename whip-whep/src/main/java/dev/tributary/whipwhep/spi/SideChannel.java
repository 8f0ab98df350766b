// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.spi;

/** A data channel that a client opened for a purpose of its own. Thread-safe; never blocks. */
public interface SideChannel {
    /** Its label. */
    String label();

    /** Its protocol, empty for none. */
    String protocol();

    /**
     * Sends bytes in one binary message. Dropped when the channel is closed, or when too much waits on it.
     *
     * @param message the channel's own from now on
     */
    void send(byte[] message);

    /** Hears what happens on such channels. Called on a media loop: must not block. */
    interface Listener {
        /** A channel was opened by the client. */
        void opened(SideChannel channel);

        /** A message arrived, text or binary alike. */
        void message(SideChannel channel, byte[] message);

        /** A channel is gone. */
        default void closed(SideChannel channel) {}
    }
}

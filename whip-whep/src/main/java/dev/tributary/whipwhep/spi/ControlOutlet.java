// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.spi;

/**
 * Where the messages of a control channel go that a client opened over HTTP instead of a data channel. Thread-safe; never
 * blocks: who reads too slowly is disconnected.
 */
public interface ControlOutlet {
    /**
     * Sends one message.
     *
     * @param message one JSON object without line breaks
     * @return {@code false} when the client is gone
     */
    boolean send(String message);

    /** Ends the channel; what was sent still goes out. Idempotent. */
    void close();
}

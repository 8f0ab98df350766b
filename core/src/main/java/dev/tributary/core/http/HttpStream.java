// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

/**
 * The writing end of a response that lives on. Thread-safe. The adapter bounds what waits: a peer that reads too slowly
 * is disconnected rather than buffered without end.
 */
public interface HttpStream extends AutoCloseable {
    /**
     * Sends bytes.
     *
     * @return {@code false} when the peer is gone or too slow; the stream is closed then
     */
    boolean write(byte[] bytes);

    /** Calls back once, when the stream ends for whatever reason; at once if it has ended already. */
    void onClose(Runnable callback);

    /** Ends the stream. Idempotent. */
    @Override
    void close();
}

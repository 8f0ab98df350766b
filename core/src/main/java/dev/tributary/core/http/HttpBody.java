// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import java.util.function.Consumer;

/** What a response carries: bytes that are there, or a stream (server-sent events) that is written while it lives. */
public sealed interface HttpBody {
    /** Nothing. */
    HttpBody EMPTY = new Bytes(new byte[0]);

    /**
     * A body that is complete.
     *
     * @param bytes owned by the receiver
     */
    record Bytes(byte[] bytes) implements HttpBody {}

    /**
     * A body that is written over time.
     *
     * @param open called once the head was sent, with the channel to write to
     */
    record Stream(Consumer<HttpStream> open) implements HttpBody {}
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import java.time.Duration;

/**
 * What the embedded server takes from one peer, and for how long it waits. Immutable.
 *
 * @param maxBodyBytes the largest request body; a larger one is answered 413
 * @param maxRequestLineBytes the longest request line; a longer one is answered 414
 * @param maxHeaderBytes all header fields of a request together; more is answered 431
 * @param maxHeaderFields how many header fields a request may have; more is answered 431
 * @param maxConnections open connections; one more is answered 503 and closed
 * @param maxPipelinedParts decoded parts of later requests that wait while one request is handled; at the limit the
 *     connection is not read until there is room
 * @param maxStreamBacklogBytes what may wait to be sent on a streaming response; a peer that falls further behind is
 *     disconnected
 * @param requestTimeout from the first byte of a request to its last; a slower one is answered 408
 * @param responseTimeout for the handler to answer (503 when it does not), and again for the peer to take the answer
 * @param idleTimeout how long a connection may wait for its next request
 * @param lingerTimeout how long a closing connection is still read, so that the last answer reaches a peer that is
 *     sending
 */
public record HttpLimits(
        int maxBodyBytes,
        int maxRequestLineBytes,
        int maxHeaderBytes,
        int maxHeaderFields,
        int maxConnections,
        int maxPipelinedParts,
        int maxStreamBacklogBytes,
        Duration requestTimeout,
        Duration responseTimeout,
        Duration idleTimeout,
        Duration lingerTimeout) {
    /**
     * The defaults: bodies of 1 MiB, request lines of 8 KiB, 100 header fields in 16 KiB, 10 000 connections, 256 KiB of
     * backlog for a stream; 30 s for a request, 60 s for a response, 75 s idle, 2 s of lingering.
     */
    public static final HttpLimits DEFAULTS = new HttpLimits(
            1 << 20,
            8 << 10,
            16 << 10,
            100,
            10_000,
            64,
            256 << 10,
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(75),
            Duration.ofSeconds(2));

    /** Checks that every limit is positive. */
    public HttpLimits {
        positive("maxBodyBytes", maxBodyBytes);
        positive("maxRequestLineBytes", maxRequestLineBytes);
        positive("maxHeaderBytes", maxHeaderBytes);
        positive("maxHeaderFields", maxHeaderFields);
        positive("maxConnections", maxConnections);
        positive("maxPipelinedParts", maxPipelinedParts);
        positive("maxStreamBacklogBytes", maxStreamBacklogBytes);
        positive("requestTimeout in ms", requestTimeout.toMillis());
        positive("responseTimeout in ms", responseTimeout.toMillis());
        positive("idleTimeout in ms", idleTimeout.toMillis());
        positive("lingerTimeout in ms", lingerTimeout.toMillis());
    }

    private static void positive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, got " + value);
        }
    }

    /** These limits with another bound for request bodies. */
    public HttpLimits withMaxBodyBytes(int bytes) {
        return new HttpLimits(
                bytes,
                maxRequestLineBytes,
                maxHeaderBytes,
                maxHeaderFields,
                maxConnections,
                maxPipelinedParts,
                maxStreamBacklogBytes,
                requestTimeout,
                responseTimeout,
                idleTimeout,
                lingerTimeout);
    }

    /** These limits with another number of connections. */
    public HttpLimits withMaxConnections(int connections) {
        return new HttpLimits(
                maxBodyBytes,
                maxRequestLineBytes,
                maxHeaderBytes,
                maxHeaderFields,
                connections,
                maxPipelinedParts,
                maxStreamBacklogBytes,
                requestTimeout,
                responseTimeout,
                idleTimeout,
                lingerTimeout);
    }

    /** These limits with another bound for what waits on a streaming response. */
    public HttpLimits withMaxStreamBacklogBytes(int bytes) {
        return new HttpLimits(
                maxBodyBytes,
                maxRequestLineBytes,
                maxHeaderBytes,
                maxHeaderFields,
                maxConnections,
                maxPipelinedParts,
                bytes,
                requestTimeout,
                responseTimeout,
                idleTimeout,
                lingerTimeout);
    }

    /** These limits with other waiting times. */
    public HttpLimits withTimeouts(Duration request, Duration response, Duration idle, Duration linger) {
        return new HttpLimits(
                maxBodyBytes,
                maxRequestLineBytes,
                maxHeaderBytes,
                maxHeaderFields,
                maxConnections,
                maxPipelinedParts,
                maxStreamBacklogBytes,
                request,
                response,
                idle,
                linger);
    }
}

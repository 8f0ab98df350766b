// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import java.time.Duration;

/**
 * What a {@link GuardedHttpClient} spends. What one response may cost stands in its {@link OutboundRequest}. Immutable.
 *
 * @param maxRequestsUnderWay requests that are waiting or running; one more fails with
 *     {@link OutboundException.Reason#OVERLOADED}
 * @param maxConnections open connections in all; further requests wait, within their time
 * @param maxConnectionsPerHost open connections to one host, so that a slow host does not starve the others
 * @param maxHeaderFields header fields of a response
 * @param maxHeaderLineBytes the longest header field of a response
 * @param connectTimeout for the TCP connection; the request's own timeout covers this too
 * @param keepAlive how long an idle connection is kept for the next request
 */
public record HttpClientLimits(
        int maxRequestsUnderWay,
        int maxConnections,
        int maxConnectionsPerHost,
        int maxHeaderFields,
        int maxHeaderLineBytes,
        Duration connectTimeout,
        Duration keepAlive) {
    /**
     * The defaults: 1000 requests under way, 256 connections, 8 per host, 100 header fields of up to 8 KiB, 5 s to
     * connect, 15 s idle.
     */
    public static final HttpClientLimits DEFAULTS =
            new HttpClientLimits(1000, 256, 8, 100, 8 << 10, Duration.ofSeconds(5), Duration.ofSeconds(15));

    /** Checks that every limit is positive. */
    public HttpClientLimits {
        if (maxRequestsUnderWay <= 0
                || maxConnections <= 0
                || maxConnectionsPerHost <= 0
                || maxHeaderFields <= 0
                || maxHeaderLineBytes <= 0
                || connectTimeout.toMillis() <= 0
                || keepAlive.toMillis() <= 0) {
            throw new IllegalArgumentException("Every limit must be positive");
        }
    }

    /** These limits with another number of requests under way. */
    public HttpClientLimits withMaxRequestsUnderWay(int requests) {
        return new HttpClientLimits(
                requests,
                maxConnections,
                maxConnectionsPerHost,
                maxHeaderFields,
                maxHeaderLineBytes,
                connectTimeout,
                keepAlive);
    }

    /** These limits with other numbers of connections. */
    public HttpClientLimits withConnections(int max, int maxPerHost) {
        return new HttpClientLimits(
                maxRequestsUnderWay, max, maxPerHost, maxHeaderFields, maxHeaderLineBytes, connectTimeout, keepAlive);
    }
}

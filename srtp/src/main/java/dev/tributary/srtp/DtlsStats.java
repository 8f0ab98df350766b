// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

/**
 * What a {@link DtlsTransport} has done so far. Immutable.
 *
 * @param datagramsReceived datagrams handed in
 * @param datagramsSent datagrams handed out
 * @param recordsReceived pieces of application data received
 * @param recordsSent pieces of application data sent
 * @param datagramsDropped datagrams dropped because a queue was full or the transport over
 * @param recordsDropped records refused by the guard in front of the handshake, and application data that nobody polled
 * @param sendsRefused pieces of application data not sent: too large, or not connected
 * @since 0.1
 */
public record DtlsStats(
        long datagramsReceived,
        long datagramsSent,
        long recordsReceived,
        long recordsSent,
        long datagramsDropped,
        long recordsDropped,
        long sendsRefused) {}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.udp;

/**
 * Counters of one media loop since its start.
 *
 * @param datagramsReceived datagrams read from the socket
 * @param bytesReceived their payload bytes
 * @param batchesReceived reads from the socket that brought datagrams
 * @param datagramsSent datagrams given to the socket
 * @param bytesSent their payload bytes
 * @param segmentedSends system calls' worth of messages that carried more than one datagram
 * @param sendsDropped datagrams dropped because the socket's backlog was full, or that the kernel refused
 * @param handedOver datagrams that came here by way of another loop
 * @param handOversDropped datagrams that another loop could not hand over because too many waited
 * @param failures exceptions out of receivers and tasks
 */
public record MediaLoopStats(
        long datagramsReceived,
        long bytesReceived,
        long batchesReceived,
        long datagramsSent,
        long bytesSent,
        long segmentedSends,
        long sendsDropped,
        long handedOver,
        long handOversDropped,
        long failures) {}

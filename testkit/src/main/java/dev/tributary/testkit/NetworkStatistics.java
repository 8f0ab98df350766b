// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit;

/**
 * What a {@link SimulatedNetwork} has done to the datagrams it was given: an immutable snapshot.
 *
 * @param sent datagrams that protocols handed over
 * @param sentBytes their bytes
 * @param delivered datagrams handed to a protocol, duplicates counted
 * @param lost datagrams dropped at random
 * @param queueDrops datagrams dropped because the queue of a bottleneck was full
 * @param oversize datagrams dropped because they were larger than the link's MTU
 * @param unreachable datagrams to an address at which nothing is attached
 * @param filtered datagrams that a {@link NatBox} did not let in
 * @param duplicated datagrams that were doubled
 * @param reordered datagrams that were held back
 * @param corrupted datagrams in which a bit was turned over
 */
public record NetworkStatistics(
        long sent,
        long sentBytes,
        long delivered,
        long lost,
        long queueDrops,
        long oversize,
        long unreachable,
        long filtered,
        long duplicated,
        long reordered,
        long corrupted) {}

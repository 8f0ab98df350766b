// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit;

/** The counters behind {@link NetworkStatistics}. */
final class Counters {
    long sent;
    long sentBytes;
    long delivered;
    long lost;
    long queueDrops;
    long oversize;
    long unreachable;
    long filtered;
    long duplicated;
    long reordered;
    long corrupted;

    NetworkStatistics snapshot() {
        return new NetworkStatistics(
                sent,
                sentBytes,
                delivered,
                lost,
                queueDrops,
                oversize,
                unreachable,
                filtered,
                duplicated,
                reordered,
                corrupted);
    }
}

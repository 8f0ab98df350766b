// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.load;

import org.HdrHistogram.Histogram;

/**
 * What one second of a run showed.
 *
 * @param second its number, from 1; 0 while subscribers join
 * @param joined subscribers that have asked so far, while they join
 * @param toJoin all subscribers, while they join
 * @param packets received so far
 * @param packetsPerSecond received in this second
 * @param lost missing so far
 * @param stalled subscribers to whom nothing comes
 * @param latencyMillisP50 one way, through the server, in this second
 * @param latencyMillisP99 the same
 * @param latencyMillisMax the same
 * @param serverCores processors that the server kept busy in this second
 * @param ownCores processors that the generator kept busy
 * @param serverMebibytes memory of the server
 * @param atNanos when this was seen
 * @param serverCpuNanos processor time of the server so far
 * @param ownCpuNanos processor time of the generator so far
 */
public record LoadSecond(
        int second,
        int joined,
        int toJoin,
        long packets,
        long packetsPerSecond,
        long lost,
        int stalled,
        double latencyMillisP50,
        double latencyMillisP99,
        double latencyMillisMax,
        double serverCores,
        double ownCores,
        double serverMebibytes,
        long atNanos,
        long serverCpuNanos,
        long ownCpuNanos) {

    static LoadSecond joining(int joined, int toJoin) {
        return new LoadSecond(0, joined, toJoin, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    static LoadSecond begin(ProcessCost server, ProcessCost own) {
        return new LoadSecond(
                0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, System.nanoTime(), server.cpuNanos(), own.cpuNanos());
    }

    LoadSecond next(
            int number,
            long packetsSoFar,
            long lostSoFar,
            int stalledNow,
            Histogram latencies,
            ProcessCost server,
            ProcessCost own) {
        long nowNanos = System.nanoTime();
        double elapsed = nowNanos - atNanos;
        return new LoadSecond(
                number,
                0,
                0,
                packetsSoFar,
                Math.round((packetsSoFar - packets) * 1e9 / elapsed),
                lostSoFar,
                stalledNow,
                latencies.getValueAtPercentile(50) / 1e6,
                latencies.getValueAtPercentile(99) / 1e6,
                latencies.getMaxValue() / 1e6,
                (server.cpuNanos() - serverCpuNanos) / elapsed,
                (own.cpuNanos() - ownCpuNanos) / elapsed,
                server.residentBytes() / 1048576.0,
                nowNanos,
                server.cpuNanos(),
                own.cpuNanos());
    }
}

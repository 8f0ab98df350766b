// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.load;

import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What a run found.
 *
 * @param options what was asked for
 * @param subscribers that joined
 * @param failed subscribers that did not
 * @param failure why the last of them did not; empty when none
 * @param seconds how long it was measured
 * @param sent packets of the publishers
 * @param keyFramesAsked how often the server asked the publishers for a key frame, joining included
 * @param received packets of the subscribers: what the server forwarded
 * @param receivedBytes their bytes
 * @param lost packets that should have come, by sequence number and source
 * @param reordered packets that came after later ones
 * @param replayed packets that came twice
 * @param foreign packets without a stamp: padding, probes, or not ours
 * @param stalled subscribers to whom nothing came at the end
 * @param latency one way, through the server
 * @param firstPacket from asking to the first packet
 * @param firstKeyFrame from asking to the first key frame
 * @param cost what it cost
 * @param timeline second by second
 */
public record LoadResult(
        LoadOptions options,
        int subscribers,
        int failed,
        String failure,
        double seconds,
        long sent,
        long keyFramesAsked,
        long received,
        long receivedBytes,
        long lost,
        long reordered,
        long replayed,
        long foreign,
        int stalled,
        Latency latency,
        JoinTimes firstPacket,
        JoinTimes firstKeyFrame,
        Cost cost,
        List<LoadSecond> timeline) {

    /** Latency in milliseconds. */
    public record Latency(double p50, double p99, double p999, double max) {
        static Latency of(Histogram nanos) {
            return new Latency(
                    nanos.getValueAtPercentile(50) / 1e6,
                    nanos.getValueAtPercentile(99) / 1e6,
                    nanos.getValueAtPercentile(99.9) / 1e6,
                    nanos.getMaxValue() / 1e6);
        }
    }

    /** Times of those who joined, in milliseconds, and how many had one. */
    public record JoinTimes(long count, double p50, double p99, double max) {
        static JoinTimes of(Histogram nanos) {
            return new JoinTimes(
                    nanos.getTotalCount(),
                    nanos.getValueAtPercentile(50) / 1e6,
                    nanos.getValueAtPercentile(99) / 1e6,
                    nanos.getMaxValue() / 1e6);
        }
    }

    /**
     * Processor time and memory.
     *
     * @param serverCpuSeconds of the server while it was measured; 0 when its process is not known
     * @param serverBytesBefore memory of the server before anybody joined
     * @param serverBytes memory of the server at the end
     * @param ownCpuSeconds of the generator
     * @param otherCpuSeconds of everything else on this machine, and what the machine did not get from its host; 0 when
     *     not known
     */
    public record Cost(
            double serverCpuSeconds,
            long serverBytesBefore,
            long serverBytes,
            double ownCpuSeconds,
            double otherCpuSeconds) {}

    /** The same, with the server's memory before an earlier run to compare with. */
    public LoadResult comparedWith(LoadResult earlier) {
        Cost compared = new Cost(
                cost.serverCpuSeconds(),
                earlier.cost.serverBytesBefore(),
                cost.serverBytes(),
                cost.ownCpuSeconds(),
                cost.otherCpuSeconds());
        return new LoadResult(
                options,
                subscribers,
                failed,
                failure,
                seconds,
                sent,
                keyFramesAsked,
                received,
                receivedBytes,
                lost,
                reordered,
                replayed,
                foreign,
                stalled,
                latency,
                firstPacket,
                firstKeyFrame,
                compared,
                timeline);
    }

    /** Processors that others on this machine kept busy meanwhile: what makes a figure doubtful. */
    public double otherCores() {
        return seconds == 0 ? 0 : cost.otherCpuSeconds() / seconds;
    }

    /** Processor time of the server for each packet that it forwarded, in microseconds; 0 when not known. */
    public double serverMicrosPerPacket() {
        return received == 0 ? 0 : cost.serverCpuSeconds() * 1e6 / received;
    }

    /** Processor time of the generator for each packet received, in microseconds. */
    public double ownMicrosPerPacket() {
        return received == 0 ? 0 : cost.ownCpuSeconds() * 1e6 / received;
    }

    /** Growth of the server's memory for each subscriber, in KiB; 0 when not known. */
    public double serverKibibytesPerSubscriber() {
        return subscribers == 0 ? 0 : (cost.serverBytes() - cost.serverBytesBefore()) / 1024.0 / subscribers;
    }

    /** Share of the packets that should have come and did not. */
    public double lossShare() {
        return received + lost == 0 ? 0 : (double) lost / (received + lost);
    }
}

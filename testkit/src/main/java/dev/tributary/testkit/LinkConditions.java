// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit;

import java.time.Duration;

/**
 * How a link treats the datagrams of one direction. Immutable and thread-safe.
 *
 * <p>A datagram meets the conditions in this order: it is dropped at random, waits in the queue in front of the
 * bottleneck (or is dropped because the queue is full), takes its time on the wire, and may be held back, doubled or
 * damaged.
 *
 * <pre>{@code
 * LinkConditions.CELLULAR.withLoss(0.02).withBandwidth(500_000)
 * }</pre>
 *
 * @param loss probability in 0..1 that a datagram is dropped
 * @param delay time on the wire, one way
 * @param jitter upper bound of a random time on top of the delay; jitter alone keeps datagrams in order
 * @param reordering probability in 0..1 that a datagram is held back for {@code reorderingDelay}, so that later ones
 *     overtake it
 * @param reorderingDelay how long such a datagram is held back
 * @param duplication probability in 0..1 that a datagram arrives twice
 * @param corruption probability in 0..1 that one bit of a datagram is turned over
 * @param bandwidthBps bits per second of the bottleneck, or 0 when there is none
 * @param queueLimitBytes bytes that wait in front of the bottleneck before further ones are dropped; without effect when
 *     there is no bottleneck
 * @param mtuBytes larger datagrams are dropped
 */
public record LinkConditions(
        double loss,
        Duration delay,
        Duration jitter,
        double reordering,
        Duration reorderingDelay,
        double duplication,
        double corruption,
        long bandwidthBps,
        int queueLimitBytes,
        int mtuBytes) {

    private static final int MTU_OF_ETHERNET_BYTES = 1472;
    private static final int QUEUE_BYTES = 64 * 1024;

    /** A wire: 1 ms, nothing lost, no bottleneck. */
    public static final LinkConditions PERFECT = new LinkConditions(
            0,
            Duration.ofMillis(1),
            Duration.ZERO,
            0,
            Duration.ofMillis(5),
            0,
            0,
            0,
            QUEUE_BYTES,
            MTU_OF_ETHERNET_BYTES);

    /** A good fixed line: 10 ms one way, little jitter, 50 Mbit/s. */
    public static final LinkConditions GOOD = PERFECT.withDelay(Duration.ofMillis(10))
            .withJitter(Duration.ofMillis(2))
            .withBandwidth(50_000_000);

    /** A busy wireless network: 15 ms one way, bursts of jitter, 0.5 % loss, some reordering, 20 Mbit/s. */
    public static final LinkConditions WIFI = PERFECT.withDelay(Duration.ofMillis(15))
            .withJitter(Duration.ofMillis(20))
            .withLoss(0.005)
            .withReordering(0.01)
            .withBandwidth(20_000_000);

    /** A mobile network: 60 ms one way, 1 % loss, 3 Mbit/s behind a deep queue. */
    public static final LinkConditions CELLULAR = PERFECT.withDelay(Duration.ofMillis(60))
            .withJitter(Duration.ofMillis(30))
            .withLoss(0.01)
            .withBandwidth(3_000_000)
            .withQueueLimit(256 * 1024);

    /** A line that is nearly dead: 30 % loss, reordering and duplicates, 50 ms one way. */
    public static final LinkConditions LOSSY_30 = PERFECT.withDelay(Duration.ofMillis(50))
            .withJitter(Duration.ofMillis(10))
            .withLoss(0.30)
            .withReordering(0.05)
            .withDuplication(0.02);

    /** Checks the ranges. */
    public LinkConditions {
        requireProbability("loss", loss);
        requireProbability("reordering", reordering);
        requireProbability("duplication", duplication);
        requireProbability("corruption", corruption);
        requireNotNegative("delay", delay);
        requireNotNegative("jitter", jitter);
        requireNotNegative("reorderingDelay", reorderingDelay);
        if (bandwidthBps < 0) {
            throw new IllegalArgumentException("bandwidthBps must be 0 (no bottleneck) or more, got " + bandwidthBps);
        }
        if (queueLimitBytes < mtuBytes) {
            throw new IllegalArgumentException(
                    "queueLimitBytes must hold one datagram of " + mtuBytes + " bytes, got " + queueLimitBytes);
        }
        if (mtuBytes < 1) {
            throw new IllegalArgumentException("mtuBytes must be positive, got " + mtuBytes);
        }
    }

    /** The same link with another probability of loss, 0..1. */
    public LinkConditions withLoss(double probability) {
        return new LinkConditions(
                probability,
                delay,
                jitter,
                reordering,
                reorderingDelay,
                duplication,
                corruption,
                bandwidthBps,
                queueLimitBytes,
                mtuBytes);
    }

    /** The same link with another one-way delay. */
    public LinkConditions withDelay(Duration oneWay) {
        return new LinkConditions(
                loss,
                oneWay,
                jitter,
                reordering,
                reorderingDelay,
                duplication,
                corruption,
                bandwidthBps,
                queueLimitBytes,
                mtuBytes);
    }

    /** The same link with another upper bound of jitter. */
    public LinkConditions withJitter(Duration atMost) {
        return new LinkConditions(
                loss,
                delay,
                atMost,
                reordering,
                reorderingDelay,
                duplication,
                corruption,
                bandwidthBps,
                queueLimitBytes,
                mtuBytes);
    }

    /** The same link with another probability of reordering, 0..1; a datagram is held back for a third of the delay. */
    public LinkConditions withReordering(double probability) {
        Duration third = delay.dividedBy(3).plusMillis(2);
        return new LinkConditions(
                loss,
                delay,
                jitter,
                probability,
                third,
                duplication,
                corruption,
                bandwidthBps,
                queueLimitBytes,
                mtuBytes);
    }

    /** The same link with another time for which a reordered datagram is held back. */
    public LinkConditions withReorderingDelay(Duration heldBack) {
        return new LinkConditions(
                loss,
                delay,
                jitter,
                reordering,
                heldBack,
                duplication,
                corruption,
                bandwidthBps,
                queueLimitBytes,
                mtuBytes);
    }

    /** The same link with another probability of duplicates, 0..1. */
    public LinkConditions withDuplication(double probability) {
        return new LinkConditions(
                loss,
                delay,
                jitter,
                reordering,
                reorderingDelay,
                probability,
                corruption,
                bandwidthBps,
                queueLimitBytes,
                mtuBytes);
    }

    /** The same link with another probability of a flipped bit, 0..1. */
    public LinkConditions withCorruption(double probability) {
        return new LinkConditions(
                loss,
                delay,
                jitter,
                reordering,
                reorderingDelay,
                duplication,
                probability,
                bandwidthBps,
                queueLimitBytes,
                mtuBytes);
    }

    /** The same link with another bottleneck in bits per second, 0 for none. */
    public LinkConditions withBandwidth(long bitsPerSecond) {
        return new LinkConditions(
                loss,
                delay,
                jitter,
                reordering,
                reorderingDelay,
                duplication,
                corruption,
                bitsPerSecond,
                queueLimitBytes,
                mtuBytes);
    }

    /** The same link with another queue in front of the bottleneck. */
    public LinkConditions withQueueLimit(int bytes) {
        return new LinkConditions(
                loss,
                delay,
                jitter,
                reordering,
                reorderingDelay,
                duplication,
                corruption,
                bandwidthBps,
                bytes,
                mtuBytes);
    }

    /** The same link with another largest datagram. */
    public LinkConditions withMtu(int bytes) {
        return new LinkConditions(
                loss,
                delay,
                jitter,
                reordering,
                reorderingDelay,
                duplication,
                corruption,
                bandwidthBps,
                queueLimitBytes,
                bytes);
    }

    private static void requireProbability(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " is a probability in 0..1, got " + value);
        }
    }

    private static void requireNotNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative, got " + value);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Something that happens at a point of virtual time: a datagram arrives, or an action runs. */
abstract class Event implements Comparable<Event> {
    private final long atNanos;
    private final long number;

    private Event(long atNanos, long number) {
        this.atNanos = atNanos;
        this.number = number;
    }

    long atNanos() {
        return atNanos;
    }

    /** The earliest first; what was planned first goes first among equals. */
    @Override
    public int compareTo(Event other) {
        int byTime = Long.compare(atNanos, other.atNanos);
        return byTime != 0 ? byTime : Long.compare(number, other.number);
    }

    /** A datagram that arrives. */
    static final class Arrival extends Event {
        final InetSocketAddress from;
        final InetSocketAddress to;
        /** The private network that the datagram does not leave, or null for the world. */
        final @Nullable NatBox network;

        final byte[] datagram;

        Arrival(
                long atNanos,
                long number,
                InetSocketAddress from,
                InetSocketAddress to,
                @Nullable NatBox network,
                byte[] datagram) {
            super(atNanos, number);
            this.from = from;
            this.to = to;
            this.network = network;
            this.datagram = datagram;
        }
    }

    /** An action of the test. */
    static final class Action extends Event {
        final Runnable run;

        Action(long atNanos, long number, Runnable run) {
            super(atNanos, number);
            this.run = run;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * All subscriptions to one track on one loop. The publisher's loop tells it once for each batch that packets are there,
 * however many subscribers it has; it then lets each subscriber take all new packets at once, so that they leave together.
 */
final class TrackFeed implements Runnable {
    private static final Subscription[] NONE = {};

    private final TrackSource track;
    private final Loop loop;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private Subscription[] subscriptions = NONE;
    private volatile long nowNanos;

    TrackFeed(TrackSource track, Loop loop) {
        this.track = track;
        this.loop = loop;
    }

    Loop loop() {
        return loop;
    }

    /** On the publisher's loop. */
    void packetsArrived(long now) {
        nowNanos = now;
        if (loop.inLoop()) {
            drain(now);
        } else if (scheduled.compareAndSet(false, true)) {
            loop.execute(this);
        }
    }

    @Override
    public void run() {
        // Cleared first: what arrives from here on schedules anew, and nothing is ever missed.
        scheduled.set(false);
        drain(nowNanos);
    }

    /** On the subscribers' loop. */
    void add(Subscription subscription) {
        Subscription[] after = Arrays.copyOf(subscriptions, subscriptions.length + 1);
        after[after.length - 1] = subscription;
        subscriptions = after;
    }

    /** On the subscribers' loop. */
    void remove(Subscription subscription) {
        subscriptions = Arrays.stream(subscriptions)
                .filter(other -> other != subscription)
                .toArray(Subscription[]::new);
        if (subscriptions.length == 0) {
            track.removeFeed(this);
        }
    }

    private void drain(long now) {
        for (Subscription subscription : subscriptions) {
            subscription.drain(now);
        }
    }
}

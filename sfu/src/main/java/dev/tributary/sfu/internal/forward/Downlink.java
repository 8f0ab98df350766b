// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.sfu.internal.bandwidth.Allocation;
import dev.tributary.sfu.internal.bandwidth.SendSideBandwidth;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a subscriber's path carries, and how its subscriptions share that: what its transport-wide feedback shows, or what
 * it says by REMB, or both.
 *
 * <p>Not thread-safe: owned by the subscriber's loop.
 */
final class Downlink {
    private static final int PADDING_PACKETS_MAX = 64;

    private final List<Subscription> subscriptions;
    private final Runnable timeoutChanged;
    private final Allocation allocation = new Allocation();
    private final int[] asked = new int[ForwardLimits.SUBSCRIPTIONS_MAX];
    private @Nullable SendSideBandwidth estimation;
    private long receiverSaysBps = Long.MAX_VALUE;
    private long dueNanos = DatagramProtocol.NEVER;

    Downlink(List<Subscription> subscriptions, Runnable timeoutChanged) {
        this.subscriptions = subscriptions;
        this.timeoutChanged = timeoutChanged;
    }

    /** A section has agreed on transport-wide feedback. */
    void startEstimation() {
        if (estimation == null) {
            estimation = new SendSideBandwidth();
        }
    }

    /** The transport is up: the path can be probed before any media flows. */
    void connected(long nowNanos) {
        SendSideBandwidth mine = estimation;
        if (mine != null) {
            mine.begin(nowNanos);
            allocate(nowNanos);
        }
    }

    /** The number of a packet that leaves now. */
    int sent(int bytes, long nowNanos) {
        SendSideBandwidth mine = estimation;
        return mine == null ? 0 : mine.sent(bytes, nowNanos);
    }

    void handleFeedback(byte[] bytes, int offset, int length, long nowNanos) {
        SendSideBandwidth mine = estimation;
        if (mine == null) {
            return;
        }
        long before = mine.targetBps(nowNanos);
        mine.handleFeedback(bytes, offset, length, nowNanos);
        long after = mine.targetBps(nowNanos);
        if (after < before || after > before + before / 20) {
            allocate(nowNanos);
        }
        pad(nowNanos);
    }

    void receiverSays(long bps, long nowNanos) {
        receiverSaysBps = bps;
        allocate(nowNanos);
    }

    /** What the receiver said, {@code Long.MAX_VALUE} if it has said nothing. */
    long receiverSaysBps() {
        return receiverSaysBps;
    }

    /** What may be sent, {@code Long.MAX_VALUE} if nothing is known. */
    long targetBps(long nowNanos) {
        SendSideBandwidth mine = estimation;
        return mine == null ? receiverSaysBps : Math.min(receiverSaysBps, mine.targetBps(nowNanos));
    }

    /** Whether layers are chosen here, because there is something to go by. */
    boolean allocates(long nowNanos) {
        return targetBps(nowNanos) != Long.MAX_VALUE;
    }

    void handleTimeout(long nowNanos) {
        SendSideBandwidth mine = estimation;
        if (mine != null) {
            mine.handleTimeout(nowNanos);
            pad(nowNanos);
        }
        if (dueNanos <= nowNanos) {
            allocate(nowNanos);
        }
    }

    long nextTimeoutNanos() {
        SendSideBandwidth mine = estimation;
        return mine == null ? dueNanos : Math.min(dueNanos, mine.nextTimeoutNanos());
    }

    /** Shares what there is, if that was not done just now. */
    void allocateIfDue(long nowNanos) {
        if (dueNanos <= nowNanos || dueNanos == DatagramProtocol.NEVER) {
            allocate(nowNanos);
        }
    }

    /** Shares what there is among the subscriptions. */
    void allocate(long nowNanos) {
        long left = targetBps(nowNanos);
        if (left == Long.MAX_VALUE || subscriptions.isEmpty()) {
            dueNanos = DatagramProtocol.NEVER;
            return;
        }
        long sound = 0;
        allocation.begin();
        for (int i = 0; i < subscriptions.size(); i++) {
            Subscription subscription = subscriptions.get(i);
            asked[i] = subscription.ask(allocation, nowNanos);
            sound += subscription.soundBps(nowNanos);
        }
        allocation.share(Math.max(0, left - sound), nowNanos);
        boolean isCongested = estimation != null && estimation.isCongested(nowNanos);
        // Nothing is paused on a guess: until the path has shown a limit everything has its lowest layer.
        int lowest = receiverSaysBps == Long.MAX_VALUE && !isLimitKnown() ? 0 : Allocation.PAUSED;
        for (int i = 0; i < subscriptions.size(); i++) {
            if (asked[i] >= 0) {
                subscriptions.get(i).granted(Math.max(lowest, allocation.layerOf(asked[i])), isCongested);
            }
        }
        dueNanos = nowNanos + ForwardLimits.LAYER_CHOICE_NANOS;
        SendSideBandwidth mine = estimation;
        if (mine != null) {
            long pictures = allocation.demandBps();
            // Before anything is known of the pictures, the path is tried for one of usual size.
            long demand = (pictures == 0 && hasVideo() ? ForwardLimits.FIRST_DEMAND_BPS : pictures) + sound;
            mine.demand(Math.min(receiverSaysBps, demand));
            mine.handleTimeout(nowNanos);
            pad(nowNanos);
        }
        timeoutChanged.run();
    }

    private boolean isLimitKnown() {
        SendSideBandwidth mine = estimation;
        return mine != null && mine.isLimitKnown();
    }

    private boolean hasVideo() {
        for (int i = 0; i < subscriptions.size(); i++) {
            if (subscriptions.get(i).section().video()) {
                return true;
            }
        }
        return false;
    }

    /** Sends the padding that a probe wants. */
    private void pad(long nowNanos) {
        SendSideBandwidth mine = estimation;
        if (mine == null) {
            return;
        }
        for (int i = 0; i < PADDING_PACKETS_MAX && mine.probeBytesDue(nowNanos) > 0; i++) {
            if (!padOnce(nowNanos)) {
                mine.giveUpProbe(nowNanos);
            }
        }
    }

    private boolean padOnce(long nowNanos) {
        for (int i = 0; i < subscriptions.size(); i++) {
            if (subscriptions.get(i).pad(nowNanos)) {
                return true;
            }
        }
        return false;
    }
}

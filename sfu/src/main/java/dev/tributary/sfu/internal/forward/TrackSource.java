// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A track as subscribers see it: the layers that its publisher sends, and a way to ask for key frames. Made by the
 * publisher's {@link InboundMedia}, handed to as many {@link Subscription}s as there are viewers, on whatever loops.
 *
 * <p>Thread-safe where it says so; the rest belongs to the publisher's loop.
 */
public final class TrackSource {
    private static final IncomingStream[] NO_LAYERS = {};
    private static final TrackFeed[] NO_FEEDS = {};

    private final InboundMedia publisher;
    private final boolean video;
    private final String cname;
    private boolean dirty;

    private volatile IncomingStream[] layers = NO_LAYERS;
    private volatile TrackFeed[] feeds = NO_FEEDS;
    private volatile boolean ended;

    TrackSource(InboundMedia publisher, boolean video, String cname) {
        this.publisher = publisher;
        this.video = video;
        this.cname = cname;
    }

    /** Whether this is a video track. Thread-safe. */
    public boolean isVideo() {
        return video;
    }

    /** The publisher's canonical name, the same for all its tracks, so that players keep them together. Thread-safe. */
    public String cname() {
        return cname;
    }

    /** Whether no more packets will come. Thread-safe. */
    public boolean isEnded() {
        return ended;
    }

    /** Whether packets of any layer have come lately. Thread-safe. */
    public boolean isActive(long nowNanos) {
        for (IncomingStream layer : layers) {
            if (layer.isActive(nowNanos)) {
                return true;
            }
        }
        return false;
    }

    /** Whether packets of any layer have ever come. For the publisher's loop. */
    public boolean hasReceived() {
        for (IncomingStream layer : layers) {
            if (layer.hasReceived()) {
                return true;
            }
        }
        return false;
    }

    /** The codec of what came, such as "VP8", or {@code null} before anything has. For the publisher's loop. */
    public @Nullable String codecName() {
        for (IncomingStream layer : layers) {
            if (layer.codecName() != null) {
                return layer.codecName();
            }
        }
        return null;
    }

    /** Width in pixels of the largest layer, 0 if its codec does not tell. For the publisher's loop. */
    public int width() {
        IncomingStream largest = largest();
        return largest == null ? 0 : largest.width();
    }

    /** Height in pixels of the largest layer, 0 if its codec does not tell. For the publisher's loop. */
    public int height() {
        IncomingStream largest = largest();
        return largest == null ? 0 : largest.pixels() / Math.max(1, largest.width());
    }

    private @Nullable IncomingStream largest() {
        IncomingStream largest = null;
        for (IncomingStream layer : layers) {
            if (largest == null || layer.pixels() > largest.pixels()) {
                largest = layer;
            }
        }
        return largest;
    }

    /** Asks the publisher for a key frame of every layer. Thread-safe. */
    public void requestKeyFrame() {
        for (IncomingStream layer : layers) {
            layer.requestKeyFrame();
        }
    }

    /** What was counted of each layer. For the publisher's loop. */
    public List<IncomingStreamStats> stats() {
        return Arrays.stream(layers).map(IncomingStream::stats).toList();
    }

    IncomingStream[] layers() {
        return layers;
    }

    void addLayer(IncomingStream layer) {
        IncomingStream[] before = layers;
        IncomingStream[] after = Arrays.copyOf(before, before.length + 1);
        after[before.length] = layer;
        layers = after;
    }

    void removeLayer(IncomingStream layer) {
        layers = Arrays.stream(layers).filter(other -> other != layer).toArray(IncomingStream[]::new);
    }

    /** Ends the track: its subscribers keep what they have sent and wait for another source. */
    void end() {
        ended = true;
        for (IncomingStream layer : layers) {
            layer.end();
        }
    }

    /** A packet of a layer is there; subscribers hear of it at the end of the batch. */
    void changed(IncomingStream layer) {
        if (!dirty) {
            dirty = true;
            publisher.changed(this);
        }
    }

    void publishBatch(long nowNanos) {
        dirty = false;
        for (TrackFeed feed : feeds) {
            feed.packetsArrived(nowNanos);
        }
    }

    /** Adds a subscriber loop's feed. Any loop, rare. */
    synchronized void addFeed(TrackFeed feed) {
        TrackFeed[] after = Arrays.copyOf(feeds, feeds.length + 1);
        after[after.length - 1] = feed;
        feeds = after;
    }

    synchronized void removeFeed(TrackFeed feed) {
        feeds = Arrays.stream(feeds).filter(other -> other != feed).toArray(TrackFeed[]::new);
    }

    /** The feed of a subscriber's loop, made when it is the loop's first. Any loop, rare. */
    synchronized TrackFeed feedOf(Loop loop) {
        for (TrackFeed feed : feeds) {
            if (feed.loop().equals(loop)) {
                return feed;
            }
        }
        TrackFeed feed = new TrackFeed(this, loop);
        addFeed(feed);
        return feed;
    }

    @Nullable
    IncomingStream anyLayer() {
        IncomingStream[] current = layers;
        return current.length == 0 ? null : current[0];
    }

    void onPublisherLoop(Runnable task) {
        publisher.onLoop(task);
    }

    long publisherRoundTripNanos() {
        return publisher.roundTripNanos();
    }

    long publisherNowNanos() {
        return publisher.nowNanos();
    }

    void publisherTimeoutChanged() {
        publisher.timeoutChanged();
    }
}

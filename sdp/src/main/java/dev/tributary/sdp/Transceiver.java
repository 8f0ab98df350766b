// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import org.jspecify.annotations.Nullable;

/**
 * What this side wants of one audio or video section (RFC 9429 §3.4.1): which track it sends there, and whether it receives.
 * A wish takes effect with the next offer or answer of the {@link Negotiation} that the transceiver belongs to; what was agreed
 * stands in {@link NegotiatedSession}. Not thread-safe.
 */
public final class Transceiver {
    private final MediaKind kind;
    private @Nullable SendTrack track;
    private boolean receiving;
    private boolean stopped;
    private @Nullable String mid;
    private int index = -1;

    Transceiver(MediaKind kind) {
        this.kind = kind;
    }

    /** Audio or video. */
    public MediaKind kind() {
        return kind;
    }

    /** Id of the section, or null before it has one. */
    public @Nullable String mid() {
        return mid;
    }

    /** Index of the section in the descriptions, or -1 before it has one. */
    public int index() {
        return index;
    }

    /** The track that is to be sent, or null. */
    public @Nullable SendTrack track() {
        return track;
    }

    /** The wanted direction. */
    public Direction direction() {
        return Direction.of(track != null, receiving);
    }

    /** Whether the section is refused or was refused; a stopped transceiver stays so. */
    public boolean isStopped() {
        return stopped;
    }

    /** Sends this track, instead of another one if there is one. */
    public Transceiver send(SendTrack newTrack) {
        this.track = newTrack;
        return this;
    }

    /** Sends nothing; the section stays and can be used again. */
    public Transceiver stopSending() {
        this.track = null;
        return this;
    }

    /** Receives, or not. */
    public Transceiver receive(boolean wanted) {
        this.receiving = wanted;
        return this;
    }

    /** Refuses the section: it gets port 0 in the next description. */
    public void stop() {
        this.track = null;
        this.receiving = false;
        this.stopped = true;
    }

    /** Whether nothing is wanted of the section, so that another track can have it. */
    boolean isIdle() {
        return !stopped && track == null && !receiving;
    }

    void associate(@Nullable String newMid, int newIndex) {
        this.mid = newMid;
        this.index = newIndex;
    }

    void dissociate() {
        associate(null, -1);
    }
}

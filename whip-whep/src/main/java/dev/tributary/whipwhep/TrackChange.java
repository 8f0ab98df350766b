// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import org.jspecify.annotations.Nullable;

/**
 * A change of a track that somebody asks for; what is {@code null} stays as it is.
 *
 * @param muted muted by its source, which only the source may set
 * @param enabled let through by the room, which only a host may set
 * @param label another name, which only the source may set
 * @param purpose another purpose, which only a host may set
 */
public record TrackChange(
        @Nullable Boolean muted,
        @Nullable Boolean enabled,
        @Nullable String label,
        @Nullable Purpose purpose) {
    /** Checks that something changes. */
    public TrackChange {
        if (muted == null && enabled == null && label == null && purpose == null) {
            throw new IllegalArgumentException("A change changes at least one of muted, enabled, label and purpose");
        }
    }

    /** Muted by its source, or not. */
    public static TrackChange muted(boolean muted) {
        return new TrackChange(muted, null, null, null);
    }

    /** Let through by the room, or not. */
    public static TrackChange enabled(boolean enabled) {
        return new TrackChange(null, enabled, null, null);
    }

    /** Another name. */
    public static TrackChange label(String label) {
        return new TrackChange(null, null, label, null);
    }

    /** Another purpose. */
    public static TrackChange purpose(Purpose purpose) {
        return new TrackChange(null, null, null, purpose);
    }

    /** Whether it touches what belongs to the source of the track. */
    public boolean touchesSource() {
        return muted != null || label != null;
    }

    /** Whether it touches what belongs to the room. */
    public boolean touchesPolicy() {
        return enabled != null || purpose != null;
    }

    /** The track as it is after the change. */
    public Track applyTo(Track track) {
        Track changed = muted == null ? track : track.withMuted(muted);
        changed = enabled == null ? changed : changed.withEnabled(enabled);
        changed = label == null ? changed : changed.withLabel(label);
        return purpose == null ? changed : changed.withPurpose(purpose);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import dev.tributary.whipwhep.internal.dynamic.Texts;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One track as one receiver sees it. Immutable and thread-safe.
 *
 * <p>Each piece of state has an owner: {@code muted} belongs to the source of the track, {@code enabled} to the policy of
 * the room, {@code paused} to this one receiver. Media is forwarded when the track is enabled, not paused and negotiated.
 *
 * @param id 1 to 64 token characters, the same for the life of the publication and across all hops; also the msid track id
 * @param mid the m-line that carries it, or {@code null} while none does
 * @param kind sound or pictures
 * @param purpose what it is for
 * @param label a name to show, plain text without control characters, cut to 128 bytes of UTF-8
 * @param origin where it comes from, or {@code null} when unknown
 * @param stream the msid stream id: tracks of one source share it
 * @param muted whether its source has muted it
 * @param enabled whether the room lets it through
 * @param paused whether this receiver has paused it
 * @param active whether packets arrive
 * @param codec for example {@code VP8}, or {@code null} when unknown
 * @param width in pixels, 0 when unknown
 * @param height in pixels, 0 when unknown
 * @param layers the encodings that can be chosen; empty when there is nothing to choose
 */
public record Track(
        String id,
        @Nullable String mid,
        TrackKind kind,
        Purpose purpose,
        String label,
        @Nullable TrackOrigin origin,
        String stream,
        boolean muted,
        boolean enabled,
        boolean paused,
        boolean active,
        @Nullable String codec,
        int width,
        int height,
        List<TrackLayer> layers) {
    /** The longest label, in bytes of UTF-8. */
    public static final int LABEL_BYTES_MAX = 128;

    /** The most layers of one track. */
    public static final int LAYERS_MAX = 16;

    private static final int TOKEN_KEPT_CHARACTERS = 50;

    /** Checks the ids and strips the label. */
    public Track {
        requireToken("A track id", id);
        requireToken("A stream id", stream);
        if (mid != null) {
            requireToken("A mid", mid);
        }
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(purpose, "purpose");
        label = Texts.label(label, LABEL_BYTES_MAX);
        if (codec != null && codec.length() > 32) {
            throw new IllegalArgumentException("A codec name has at most 32 characters");
        }
        if (width < 0 || height < 0) {
            throw new IllegalArgumentException("A track is not " + width + "x" + height);
        }
        layers = List.copyOf(layers);
        if (layers.size() > LAYERS_MAX) {
            throw new IllegalArgumentException("A track has at most " + LAYERS_MAX + " layers, got " + layers.size());
        }
    }

    /**
     * An id that may stand in a message, made of one that a description has and need not be a token: GStreamer names its
     * streams {@code user@host}. What is a token already stays as it is; two that differ stay different.
     */
    public static String tokenOf(String id) {
        if (Texts.isToken(id)) {
            return id;
        }
        StringBuilder token = new StringBuilder();
        for (int i = 0; i < Math.min(id.length(), TOKEN_KEPT_CHARACTERS); i++) {
            String character = id.substring(i, i + 1);
            token.append(Texts.isToken(character) ? character : "-");
        }
        return token.append('-').append(Integer.toHexString(id.hashCode())).toString();
    }

    private static void requireToken(String what, String value) {
        if (!Texts.isToken(value)) {
            throw new IllegalArgumentException(what + " has 1 to 64 token characters (RFC 8830), got " + value.length()
                    + ": " + Texts.excerpt(value));
        }
    }

    /** A track that is enabled, neither muted nor paused, not negotiated, and of which no packet has arrived yet. */
    public static Track of(String id, TrackKind kind, Purpose purpose, String label, String stream) {
        return new Track(
                id, null, kind, purpose, label, null, stream, false, true, false, false, null, 0, 0, List.of());
    }

    /** Whether media of it is forwarded: enabled, not paused and negotiated. */
    public boolean isForwarded() {
        return enabled && !paused && mid != null;
    }

    /** The same track on an m-line, or on none. */
    public Track withMid(@Nullable String newMid) {
        return new Track(
                id, newMid, kind, purpose, label, origin, stream, muted, enabled, paused, active, codec, width, height,
                layers);
    }

    /** The same track for another purpose. */
    public Track withPurpose(Purpose newPurpose) {
        return new Track(
                id,
                mid,
                kind,
                newPurpose,
                label,
                origin,
                stream,
                muted,
                enabled,
                paused,
                active,
                codec,
                width,
                height,
                layers);
    }

    /** The same track with another label. */
    public Track withLabel(String newLabel) {
        return new Track(
                id, mid, kind, purpose, newLabel, origin, stream, muted, enabled, paused, active, codec, width, height,
                layers);
    }

    /** The same track with an origin. */
    public Track withOrigin(@Nullable TrackOrigin newOrigin) {
        return new Track(
                id, mid, kind, purpose, label, newOrigin, stream, muted, enabled, paused, active, codec, width, height,
                layers);
    }

    /** The same track, muted by its source or not. */
    public Track withMuted(boolean isMuted) {
        return new Track(
                id, mid, kind, purpose, label, origin, stream, isMuted, enabled, paused, active, codec, width, height,
                layers);
    }

    /** The same track, let through by the room or not. */
    public Track withEnabled(boolean isEnabled) {
        return new Track(
                id, mid, kind, purpose, label, origin, stream, muted, isEnabled, paused, active, codec, width, height,
                layers);
    }

    /** The same track, paused by this receiver or not. */
    public Track withPaused(boolean isPaused) {
        return new Track(
                id, mid, kind, purpose, label, origin, stream, muted, enabled, isPaused, active, codec, width, height,
                layers);
    }

    /** The same track, with packets arriving or not. */
    public Track withActive(boolean isActive) {
        return new Track(
                id, mid, kind, purpose, label, origin, stream, muted, enabled, paused, isActive, codec, width, height,
                layers);
    }

    /** The same track, its codec and picture size known. */
    public Track withFormat(@Nullable String newCodec, int newWidth, int newHeight) {
        return new Track(
                id, mid, kind, purpose, label, origin, stream, muted, enabled, paused, active, newCodec, newWidth,
                newHeight, layers);
    }

    /** The same track with other layers to choose from. */
    public Track withLayers(List<TrackLayer> newLayers) {
        return new Track(
                id, mid, kind, purpose, label, origin, stream, muted, enabled, paused, active, codec, width, height,
                newLayers);
    }
}

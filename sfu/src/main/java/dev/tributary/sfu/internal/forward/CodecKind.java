// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import org.jspecify.annotations.Nullable;

/** What the engine must know of a codec: where its pictures begin. */
public enum CodecKind {
    /** RFC 7587. */
    OPUS(false),
    /** RFC 7741. */
    VP8(true),
    /** RFC 9628. */
    VP9(true),
    /** RFC 6184. */
    H264(true),
    /** RFC 7798. */
    H265(true),
    /** The AV1 RTP payload format of AOMedia. */
    AV1(true),
    /** Any other audio: every packet stands alone. */
    OTHER_AUDIO(false);

    private final boolean video;

    CodecKind(boolean video) {
        this.video = video;
    }

    /** Whether it has key frames. */
    public boolean isVideo() {
        return video;
    }

    /** The name as in {@code a=rtpmap}, {@code null} for what the engine knows nothing of. */
    public @Nullable String encodingName() {
        return this == OTHER_AUDIO ? null : this == OPUS ? "opus" : name();
    }

    /** The kind of an encoding name as in {@code a=rtpmap}; {@code video} decides for unknown ones, which get none. */
    public static CodecKind ofName(String encodingName) {
        for (CodecKind kind : values()) {
            if (kind != OTHER_AUDIO && kind.name().equalsIgnoreCase(encodingName)) {
                return kind;
            }
        }
        return OTHER_AUDIO;
    }
}

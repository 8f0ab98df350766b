// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

/** The media type of an {@code m=} line, as far as WebRTC uses it. */
public enum MediaKind {
    /** Sound over RTP. */
    AUDIO,
    /** Pictures over RTP. */
    VIDEO,
    /** Data channels over SCTP. */
    APPLICATION,
    /** Anything else; it is kept, and refused in an answer. */
    OTHER;

    /** The kind of a media type. */
    public static MediaKind of(String media) {
        return switch (media) {
            case "audio" -> AUDIO;
            case "video" -> VIDEO;
            case "application" -> APPLICATION;
            default -> OTHER;
        };
    }

    /** The media type; there is none for {@link #OTHER}. */
    public String media() {
        return switch (this) {
            case AUDIO -> "audio";
            case VIDEO -> "video";
            case APPLICATION -> "application";
            case OTHER -> throw new IllegalStateException("OTHER stands for many media types; ask the description");
        };
    }

    /** Whether this kind is RTP media that can be negotiated. */
    public boolean isRtp() {
        return this == AUDIO || this == VIDEO;
    }
}

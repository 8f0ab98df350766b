// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

/**
 * Why a packet was refused. Methods of {@link SrtpSession} return a length, or the negative {@link #status} of one of
 * these. A refused packet is dropped silently (RFC 3711 §3.3): to the peer all of them look alike, in {@link SrtpStats}
 * they do not.
 *
 * @since 0.1
 */
public enum SrtpFailure {
    /** Not RTP or RTCP version 2, or shorter than its own header says. */
    MALFORMED,
    /** The header extension is encrypted with cryptex (RFC 9335), which we never negotiate. */
    CRYPTEX,
    /** The destination has no room for the result, or offset and length lie outside of the arrays. */
    NO_ROOM,
    /** The tag is wrong: another key, a forgery, damage on the way, or a roll-over that we cannot know. */
    AUTHENTICATION,
    /** Seen before (RFC 3711 §3.3.2). */
    REPLAYED,
    /** So far behind the newest packet that we cannot know whether it was seen. */
    TOO_OLD,
    /**
     * Outgoing: this SSRC has used this index, or one too far behind to know. A second packet under the same index would
     * give both away, so it is not made. Resend the identical protected bytes, or use RTX.
     */
    INDEX_REUSED,
    /** The master key has protected as many packets as it may, or the index is at its end (RFC 3711 §9.2). */
    KEY_EXPIRED,
    /** One SSRC more than {@link SrtpLimits} allows. */
    TOO_MANY_SOURCES,
    /** The cryptographic provider refused to work. */
    PROVIDER,
    /** The session is closed. */
    CLOSED;

    private static final SrtpFailure[] ALL = values();

    /** The negative number that stands for this failure in results. */
    public int status() {
        return -1 - ordinal();
    }

    /**
     * The failure that a negative result stands for.
     *
     * @throws IllegalArgumentException if the number is none
     */
    public static SrtpFailure of(int status) {
        int ordinal = -1 - status;
        if (ordinal < 0 || ordinal >= ALL.length) {
            throw new IllegalArgumentException("Not the status of a failure: " + status);
        }
        return ALL[ordinal];
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import dev.tributary.sdp.SdpException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * An RTP header extension and the id under which packets carry it (RFC 8285 §5).
 *
 * @param id id in the packets, 1 to 255; 15 and more need two-byte headers
 * @param direction in which direction it is used, seen from the owner of the description
 * @param uri what the extension is
 * @param attributes what follows the URI; empty as a rule
 */
public record HeaderExtension(int id, Direction direction, String uri, String attributes) {
    /** Id of the media section (RFC 9143 §15). */
    public static final String MID = "urn:ietf:params:rtp-hdrext:sdes:mid";
    /** Id of the simulcast stream (RFC 8852). */
    public static final String RTP_STREAM_ID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
    /** Id of the simulcast stream that a retransmission belongs to (RFC 8852). */
    public static final String REPAIRED_RTP_STREAM_ID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";
    /** Transport-wide sequence number. */
    public static final String TRANSPORT_WIDE_CC =
            "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
    /** Time of sending. */
    public static final String ABS_SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";
    /** Time of capture. */
    public static final String ABS_CAPTURE_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time";
    /** Loudness of the packet's sound (RFC 6464). */
    public static final String AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
    /** Rotation of the picture (3GPP TS 26.114). */
    public static final String VIDEO_ORIENTATION = "urn:3gpp:video-orientation";
    /** Wanted delay between capture and display. */
    public static final String PLAYOUT_DELAY = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay";
    /** AV1 dependency descriptor, used with other codecs too. */
    public static final String DEPENDENCY_DESCRIPTOR =
            "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension";
    /** Layers that a simulcast or scalable sender currently sends. */
    public static final String VIDEO_LAYERS_ALLOCATION =
            "http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00";

    /** Highest id that a one-byte header can carry. */
    public static final int ONE_BYTE_ID_MAX = 14;
    /** Highest id that a two-byte header can carry; 15 would be legal and is kept free for clarity. */
    public static final int ID_MAX = 255;

    /** Highest number in an extmap: 4096 and above stand for ids that an answer assigns (RFC 8285 §6). */
    private static final int NUMBER_MAX = 4351;

    /** An extension that both sides use. */
    public static HeaderExtension of(int id, String uri) {
        return new HeaderExtension(id, Direction.SENDRECV, uri, "");
    }

    static HeaderExtension parse(String value) {
        String[] words = Scan.words(value, 3);
        if (words.length >= 2) {
            int slash = words[0].indexOf('/');
            long id = Scan.number(slash < 0 ? words[0] : words[0].substring(0, slash), NUMBER_MAX);
            Direction direction = slash < 0 ? Direction.SENDRECV : Direction.ofAttribute(words[0].substring(slash + 1));
            if (id > 0 && direction != null && Scan.isVisible(words[1])) {
                return new HeaderExtension((int) id, direction, words[1], rest(value, words));
            }
        }
        throw SdpException.of(Reason.SYNTAX, value, "a=extmap is <id>[/<direction>] <URI> (RFC 8285 §8)");
    }

    private static String rest(String value, String[] words) {
        if (words.length < 3) {
            return "";
        }
        int afterId = value.indexOf(words[0]) + words[0].length();
        int afterUri = value.indexOf(words[1], afterId) + words[1].length();
        return value.substring(afterUri).strip();
    }

    /** This extension under another id. */
    public HeaderExtension withId(int number) {
        return new HeaderExtension(number, direction, uri, attributes);
    }

    /** This extension used in another direction. */
    public HeaderExtension withDirection(Direction other) {
        return new HeaderExtension(id, other, uri, attributes);
    }

    /** The value of the attribute. */
    public String write() {
        String way = direction == Direction.SENDRECV ? "" : '/' + direction.attributeName();
        return id + way + ' ' + uri + (attributes.isEmpty() ? "" : ' ' + attributes);
    }

    /** The extension of that URI in a list, or null. */
    public static @Nullable HeaderExtension find(Iterable<HeaderExtension> extensions, String uri) {
        for (HeaderExtension extension : extensions) {
            if (extension.uri.equals(uri)) {
                return extension;
            }
        }
        return null;
    }
}

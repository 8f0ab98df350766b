// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import dev.tributary.sdp.SdpException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What a payload type stands for (RFC 8866 §6.6).
 *
 * @param payloadType number in the RTP header, 0 to 127
 * @param name encoding name as the sender spells it; compared without case
 * @param clockRate RTP clock rate in Hz
 * @param channels number of audio channels; 1 when not said
 */
public record RtpMap(int payloadType, String name, int clockRate, int channels) {
    /** Highest payload type. */
    public static final int PAYLOAD_TYPE_MAX = 127;

    private static final int CHANNELS_MAX = 255;

    static RtpMap parse(String value) {
        String[] words = Scan.words(value, 3);
        int slash = words.length == 2 ? words[1].indexOf('/') : -1;
        if (slash > 0) {
            String name = words[1].substring(0, slash);
            int second = words[1].indexOf('/', slash + 1);
            int rateEnd = second < 0 ? words[1].length() : second;
            long payloadType = Scan.number(words[0], PAYLOAD_TYPE_MAX);
            long clockRate = Scan.number(words[1], slash + 1, rateEnd, Integer.MAX_VALUE);
            long channels = second < 0 ? 1 : Scan.number(words[1], second + 1, words[1].length(), CHANNELS_MAX);
            if (payloadType >= 0 && clockRate > 0 && channels > 0 && Scan.isToken(name)) {
                return new RtpMap((int) payloadType, name, (int) clockRate, (int) channels);
            }
        }
        throw SdpException.of(
                Reason.SYNTAX, value, "a=rtpmap is <payload type> <name>/<clock rate>[/<channels>] (RFC 8866 §6.6)");
    }

    /** The static assignments of RFC 3551 that WebRTC peers use without saying them. */
    static @Nullable RtpMap ofStatic(int payloadType) {
        return switch (payloadType) {
            case 0 -> new RtpMap(0, "PCMU", 8000, 1);
            case 8 -> new RtpMap(8, "PCMA", 8000, 1);
            case 9 -> new RtpMap(9, "G722", 8000, 1);
            case 13 -> new RtpMap(13, "CN", 8000, 1);
            default -> null;
        };
    }

    /** The value of the attribute. */
    public String write() {
        String text = payloadType + " " + name + '/' + clockRate;
        return channels == 1 ? text : text + '/' + channels;
    }
}

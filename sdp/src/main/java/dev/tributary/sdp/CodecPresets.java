// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The codecs that a host picks by name, in the configurations and with the payload types that browsers use. */
final class CodecPresets {
    private static final RtcpFeedback[] VIDEO_FEEDBACK = {
        RtcpFeedback.REMB, RtcpFeedback.TRANSPORT_CC, RtcpFeedback.FIR, RtcpFeedback.NACK, RtcpFeedback.PLI
    };
    private static final String H264 = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=";

    private static final List<Codec> AUDIO = List.of(
            Codec.audio("opus", 48_000, 2, "minptime=10;useinbandfec=1", RtcpFeedback.TRANSPORT_CC)
                    .withPayloadType(111),
            Codec.audio("red", 48_000, 2, "111/111").withPayloadType(63),
            Codec.audio("G722", 8_000, 1, "").withPayloadType(9),
            Codec.audio("PCMU", 8_000, 1, "").withPayloadType(0),
            Codec.audio("PCMA", 8_000, 1, "").withPayloadType(8));
    private static final List<Codec> VIDEO = List.of(
            video("VP8", "", 96),
            video("H264", H264 + "42e01f", 102),
            video("H264", H264 + "64001f", 112),
            video("VP9", "profile-id=0", 98),
            video("VP9", "profile-id=2", 100),
            video("AV1", "level-idx=5;profile=0;tier=0", 45),
            video("H265", "level-id=93;profile-id=1;tier-flag=0;tx-mode=SRST", 49));

    private CodecPresets() {}

    private static Codec video(String name, String parameters, int payloadType) {
        return Codec.video(name, parameters, VIDEO_FEEDBACK).withPayloadType(payloadType);
    }

    /** The audio codecs of these names, in their order. */
    static List<Codec> audio(String... names) {
        return named(AUDIO, names);
    }

    /** The video codecs of these names, in their order. */
    static List<Codec> video(String... names) {
        return named(VIDEO, names);
    }

    /** Checks that every name is that of a preset. */
    static void check(String... names) {
        Map<String, Boolean> known = new LinkedHashMap<>();
        AUDIO.forEach(codec -> known.put(codec.name(), true));
        VIDEO.forEach(codec -> known.put(codec.name(), true));
        for (String name : names) {
            if (known.keySet().stream().noneMatch(name::equalsIgnoreCase)) {
                throw new IllegalArgumentException(
                        "No preset is named " + name + "; there are " + String.join(", ", known.keySet()));
            }
        }
    }

    private static List<Codec> named(List<Codec> presets, String... names) {
        List<Codec> chosen = new ArrayList<>();
        for (String name : names) {
            presets.stream().filter(codec -> codec.isNamed(name)).forEach(chosen::add);
        }
        return chosen;
    }
}

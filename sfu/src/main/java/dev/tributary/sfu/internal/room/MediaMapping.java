// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import dev.tributary.sdp.Codec;
import dev.tributary.sdp.HeaderExtension;
import dev.tributary.sdp.MediaKind;
import dev.tributary.sdp.NegotiatedCodec;
import dev.tributary.sdp.NegotiatedMedia;
import dev.tributary.sdp.RtcpFeedback;
import dev.tributary.sdp.Ssrc;
import dev.tributary.sfu.internal.forward.CodecKind;
import dev.tributary.sfu.internal.forward.ExtensionIds;
import dev.tributary.sfu.internal.forward.InboundSection;
import dev.tributary.sfu.internal.forward.MediaCodec;
import dev.tributary.sfu.internal.forward.TrackSource;
import dev.tributary.whipwhep.TrackKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Says what descriptions agreed on in the words of the forwarding engine. */
final class MediaMapping {
    private MediaMapping() {}

    /** The section of a publisher, for a track of the engine. */
    static InboundSection inbound(NegotiatedMedia media, TrackSource source) {
        List<MediaCodec> codecs = new ArrayList<>();
        for (NegotiatedCodec codec : media.codecs()) {
            codecs.add(codec(media, codec, codec.receivePayloadType(), codec.localRtx()));
        }
        return new InboundSection(
                media.mid(), source, codecs, extensions(media), media.receiveRids(), declaredSsrcs(media));
    }

    /** The codecs as a subscriber takes them. */
    static List<MediaCodec> outboundCodecs(NegotiatedMedia media) {
        List<MediaCodec> codecs = new ArrayList<>();
        for (NegotiatedCodec codec : media.codecs()) {
            codecs.add(codec(media, codec, codec.sendPayloadType(), codec.remoteRtx()));
        }
        return codecs;
    }

    private static MediaCodec codec(NegotiatedMedia media, NegotiatedCodec codec, int payloadType, int rtx) {
        return new MediaCodec(
                payloadType,
                CodecKind.ofName(codec.name()),
                key(media.kind(), codec.local()),
                codec.clockRate(),
                codec.hasRtx() ? rtx : -1,
                codec.has(RtcpFeedback.NACK),
                codec.has(RtcpFeedback.PLI),
                codec.has(RtcpFeedback.FIR));
    }

    // Encoders and decoders differ in profile and level more in what they say than in what they do: a forwarder passes
    // H.264 on by name, and only the packetization mode would break a receiver.
    private static String key(MediaKind kind, Codec codec) {
        return (kind + "/" + codec.name() + "/" + codec.clockRate()).toUpperCase(Locale.ROOT);
    }

    static ExtensionIds extensions(NegotiatedMedia media) {
        return new ExtensionIds(
                id(media, HeaderExtension.MID),
                id(media, HeaderExtension.RTP_STREAM_ID),
                id(media, HeaderExtension.REPAIRED_RTP_STREAM_ID),
                id(media, HeaderExtension.AUDIO_LEVEL),
                id(media, HeaderExtension.VIDEO_ORIENTATION),
                id(media, HeaderExtension.TRANSPORT_WIDE_CC));
    }

    private static int id(NegotiatedMedia media, String uri) {
        return Math.max(0, media.extensionId(uri));
    }

    private static List<InboundSection.DeclaredSsrc> declaredSsrcs(NegotiatedMedia media) {
        List<InboundSection.DeclaredSsrc> declared = new ArrayList<>();
        Set<Long> repairs = new HashSet<>();
        Set<Long> seen = new HashSet<>();
        for (Ssrc ssrc : media.remoteSsrcs()) {
            long repair = media.rtxSsrcOf(ssrc.ssrc());
            if (repair >= 0) {
                repairs.add(repair);
            }
        }
        for (Ssrc ssrc : media.remoteSsrcs()) {
            if (!repairs.contains(ssrc.ssrc()) && seen.add(ssrc.ssrc())) {
                long repair = media.rtxSsrcOf(ssrc.ssrc());
                declared.add(new InboundSection.DeclaredSsrc((int) ssrc.ssrc(), repair < 0 ? 0 : (int) repair));
            }
        }
        // One stream without simulcast has one source; more would each replace the one before.
        return media.receiveRids().isEmpty() && declared.size() > 1 ? declared.subList(0, 1) : declared;
    }

    static TrackKind kindOf(MediaKind kind) {
        return kind == MediaKind.AUDIO ? TrackKind.AUDIO : TrackKind.VIDEO;
    }

    static MediaKind kindOf(TrackKind kind) {
        return kind == TrackKind.AUDIO ? MediaKind.AUDIO : MediaKind.VIDEO;
    }
}

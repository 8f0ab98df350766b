// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes media sections in the order of RFC 9429 §5.2.1. */
final class SectionWriter {
    private final TransportDescription transport;
    private final Setup setup;
    private final MuxOnly muxOnly;

    /** Which sections say {@code rtcp-mux-only}. */
    enum MuxOnly {
        /** Each RTP section: a first offer of ours (RFC 8858 §4.2). */
        EACH,
        /** The tagged one: an answer to an offer whose tagged section says it (RFC 9143 §9.3.1.2). */
        TAGGED,
        /** None: a later offer (RFC 9429 §5.2.2), or any other answer (RFC 8858 §4.3). */
        NONE
    }

    /**
     * What an RTP section says beside its transport.
     *
     * @param mid id, or null when the offerer is too old for it
     * @param codecs codecs with their retransmission formats, at least one
     */
    record Rtp(
            String media,
            String protocol,
            @Nullable String mid,
            Direction direction,
            List<Codec> codecs,
            List<HeaderExtension> extensions,
            @Nullable SendTrack track,
            List<Rid> rids,
            @Nullable Simulcast simulcast,
            boolean reducedSizeRtcp) {}

    SectionWriter(TransportDescription transport, Setup setup, MuxOnly muxOnly) {
        this.transport = transport;
        this.setup = setup;
        this.muxOnly = muxOnly;
    }

    /**
     * A refused section in place of an open one (RFC 9429 §5.2.2): with port 0, and without its track. RFC 8866 §9 wants a format
     * even there. Pion refuses a payload type that is not explained, and aiortc a section without credentials and {@code rtcp-mux},
     * whatever the port says.
     */
    MediaDescription rejected(MediaDescription open) {
        String format = open.formats().get(0);
        MediaDescription.Builder builder = MediaDescription.builder(open.media(), 0, open.protocol(), List.of(format));
        transport(builder, open.mid(), false);
        builder.attribute("inactive");
        if (open.kind().isRtp()) {
            builder.attribute("rtcp-mux");
        }
        for (String map : open.attributes("rtpmap")) {
            if (map.startsWith(format + ' ')) {
                return builder.attribute("rtpmap", map).build();
            }
        }
        return builder.build();
    }

    /** An open RTP section. */
    MediaDescription rtp(Rtp rtp, boolean tagged) {
        List<String> formats = rtp.codecs.stream()
                .map(codec -> Integer.toString(codec.payloadType()))
                .toList();
        MediaDescription.Builder builder =
                MediaDescription.builder(rtp.media, MediaDescription.DISCARD_PORT, rtp.protocol, formats);
        SendTrack track = rtp.direction.sends() ? rtp.track : null;
        builder.annotation(track == null ? null : track.annotation());
        transport(builder, rtp.mid, tagged);
        rtp.extensions.forEach(extension -> builder.attribute("extmap", extension.write()));
        builder.attribute(rtp.direction.attributeName());
        if (track != null) {
            builder.attribute("msid", track.msid().write());
        }
        builder.attribute("rtcp-mux");
        if (muxOnly == MuxOnly.EACH || (tagged && muxOnly == MuxOnly.TAGGED)) {
            builder.attribute("rtcp-mux-only");
        }
        if (rtp.reducedSizeRtcp) {
            builder.attribute("rtcp-rsize");
        }
        rtp.codecs.forEach(codec -> codec(builder, codec));
        rtp.rids.forEach(rid -> builder.attribute("rid", rid.write()));
        if (rtp.simulcast != null) {
            builder.attribute("simulcast", rtp.simulcast.write());
        }
        if (track != null && track.rids().isEmpty() && track.ssrc() != 0) {
            boolean hasRtx = rtp.codecs.stream().anyMatch(Codec::isRtx);
            sources(builder, hasRtx ? track : track.withSsrcs(track.ssrc(), 0));
        }
        return builder.build();
    }

    /**
     * An open section of data channels (RFC 8841 §5, §6), in the form of the model where there is one.
     *
     * @param model the section that is answered or offered again; null for a new one
     */
    MediaDescription dataChannel(
            @Nullable MediaDescription model, @Nullable String mid, DataChannelPort port, boolean tagged) {
        String protocol = model == null ? "UDP/DTLS/SCTP" : model.protocol();
        boolean isDraft = protocol.equals(DataChannelPort.DRAFT_PROTOCOL);
        String sctpPort = Integer.toString(port.sctpPort());
        MediaDescription.Builder builder = MediaDescription.builder(
                "application",
                MediaDescription.DISCARD_PORT,
                protocol,
                List.of(isDraft ? sctpPort : DataChannelPort.FORMAT));
        transport(builder, mid, tagged);
        if (isDraft) {
            builder.attribute("sctpmap", sctpPort + ' ' + DataChannelPort.FORMAT + " 65535");
        } else {
            builder.attribute("sctp-port", sctpPort);
        }
        return builder.attribute("max-message-size", Long.toString(port.maxMessageSizeBytes()))
                .build();
    }

    /**
     * RFC 9143 §7.1.3 leaves these attributes out of all but the tagged section. Deviates: widespread stacks refuse a
     * section without credentials, and every stack takes the repetition. Candidates stand in the tagged section only.
     */
    private void transport(MediaDescription.Builder builder, @Nullable String mid, boolean tagged) {
        builder.line('c', "IN IP4 0.0.0.0");
        if (tagged) {
            transport.candidates().forEach(candidate -> builder.attribute("candidate", candidate));
            if (transport.endOfCandidates()) {
                builder.attribute("end-of-candidates");
            }
        }
        if (transport.ufrag() != null && transport.password() != null) {
            builder.attribute("ice-ufrag", transport.ufrag());
            builder.attribute("ice-pwd", transport.password());
        }
        transport.fingerprints().forEach(fingerprint -> builder.attribute("fingerprint", fingerprint.write()));
        builder.attribute("setup", setup.value());
        if (mid != null) {
            builder.attribute("mid", mid);
        }
    }

    private static void codec(MediaDescription.Builder builder, Codec codec) {
        RtpMap map = new RtpMap(codec.payloadType(), codec.name(), codec.clockRate(), codec.channels());
        builder.attribute("rtpmap", map.write());
        codec.feedback()
                .forEach(feedback -> builder.attribute("rtcp-fb", codec.payloadType() + " " + feedback.value()));
        if (!codec.parameters().isEmpty()) {
            builder.attribute(
                    "fmtp", codec.payloadType() + " " + codec.parameters().text());
        }
    }

    private static void sources(MediaDescription.Builder builder, SendTrack track) {
        if (track.rtxSsrc() != 0) {
            builder.attribute(
                    "ssrc-group", new SsrcGroup(SsrcGroup.FID, List.of(track.ssrc(), track.rtxSsrc())).write());
        }
        for (long ssrc :
                track.rtxSsrc() == 0 ? new long[] {track.ssrc()} : new long[] {track.ssrc(), track.rtxSsrc()}) {
            builder.attribute("ssrc", ssrc + " cname:" + track.cname());
            builder.attribute("ssrc", ssrc + " msid:" + track.msid().write());
        }
    }

    /** Session-level lines of a description of ours. */
    SessionDescription.Builder session(Origin origin, List<String> bundle, boolean mixedExtmap) {
        SessionDescription.Builder builder = SessionDescription.builder(origin);
        if (!bundle.isEmpty()) {
            builder.attribute("group", new Group(Group.BUNDLE, bundle).write());
        }
        if (mixedExtmap) {
            builder.attribute("extmap-allow-mixed");
        }
        if (transport.iceLite()) {
            builder.attribute("ice-lite");
        }
        if (!transport.iceOptions().isEmpty()) {
            builder.attribute("ice-options", String.join(" ", transport.iceOptions()));
        }
        return builder;
    }
}

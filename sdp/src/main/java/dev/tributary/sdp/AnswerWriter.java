// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes the answer to an offer (RFC 3264 §6, RFC 9429 §5.3). A pure function of what its constructor gets. */
final class AnswerWriter {
    private final SessionDescription offer;
    private final Bundle bundle;
    private final Capabilities capabilities;
    private final @Nullable DataChannelPort dataChannel;
    private final Set<Integer> members;
    private final int firstDataChannel;
    private final boolean mixedExtmap;
    /** Accepted codecs by section, read when they are first asked for: it is most of the work. */
    private final Map<Integer, List<Codec>> codecs = new HashMap<>();

    AnswerWriter(
            SessionDescription offer, Bundle bundle, Capabilities capabilities, @Nullable DataChannelPort dataChannel) {
        this.offer = offer;
        this.bundle = bundle;
        this.capabilities = capabilities;
        this.dataChannel = dataChannel;
        this.members = Set.copyOf(bundle.members());
        this.firstDataChannel = firstDataChannel(offer.media());
        this.mixedExtmap = offer.hasAttribute("extmap-allow-mixed");
    }

    private static int firstDataChannel(List<MediaDescription> media) {
        for (int i = 0; i < media.size(); i++) {
            if (media.get(i).kind() == MediaKind.APPLICATION && !media.get(i).isRejected()) {
                return i;
            }
        }
        return -1;
    }

    /** Whether the section can be accepted, whatever its transceiver wants. */
    boolean isAcceptable(int index) {
        MediaDescription media = offer.media().get(index);
        if (!members.contains(index)) {
            return false;
        }
        if (media.kind() == MediaKind.APPLICATION) {
            return dataChannel != null && index == firstDataChannel && isSctp(media);
        }
        return media.kind().isRtp() && isRtp(media.protocol()) && !codecs(index).isEmpty();
    }

    private List<Codec> codecs(int index) {
        return codecs.computeIfAbsent(index, section -> {
            MediaDescription media = offer.media().get(section);
            return CodecSelection.answer(media.kind(), media.codecs(), capabilities);
        });
    }

    private static boolean isSctp(MediaDescription media) {
        Integer port = DataChannelPort.portOf(media);
        return port != null && port != 0;
    }

    /** RFC 9429 §5.1.2: any of the RTP profiles is taken, for there is only one that can be meant. */
    private static boolean isRtp(String protocol) {
        int start = protocol.indexOf("RTP/");
        return start >= 0
                && switch (protocol.substring(start + 4)) {
                    case "AVP", "AVPF", "SAVP", "SAVPF" -> true;
                    default -> false;
                };
    }

    /**
     * Writes the answer.
     *
     * @param transceivers what is wanted of the RTP sections, by index; sections without one are refused
     */
    SessionDescription write(
            TransportDescription transport, Setup setup, Origin origin, Map<Integer, Transceiver> transceivers) {
        List<Integer> accepted = new ArrayList<>();
        for (int index : bundle.members()) {
            Transceiver transceiver = transceivers.get(index);
            boolean isData = offer.media().get(index).kind() == MediaKind.APPLICATION;
            if (isAcceptable(index) && (isData || (transceiver != null && !transceiver.isStopped()))) {
                accepted.add(index);
            }
        }
        SectionWriter writer = new SectionWriter(transport, setup, muxOnly(accepted));
        List<String> mids = new ArrayList<>();
        if (bundle.isGrouped()) {
            accepted.forEach(index -> mids.add(Bundle.midOf(offer.media().get(index), index)));
        }
        Set<Integer> acceptedSet = new HashSet<>(accepted);
        SessionDescription.Builder answer = writer.session(origin, mids, mixedExtmap);
        for (int i = 0; i < offer.media().size(); i++) {
            MediaDescription media = offer.media().get(i);
            boolean tagged = !accepted.isEmpty() && accepted.get(0) == i;
            if (!acceptedSet.contains(i)) {
                answer.media(writer.rejected(media));
            } else if (media.kind() == MediaKind.APPLICATION && dataChannel != null) {
                answer.media(writer.dataChannel(media, media.mid(), dataChannel, tagged));
            } else {
                answer.media(writer.rtp(rtp(i, transceivers.get(i)), tagged));
            }
        }
        return answer.build();
    }

    /** The offerer's tagged section is the first of the group that is accepted (RFC 9143 §7.3.1), and ours is the same. */
    private SectionWriter.MuxOnly muxOnly(List<Integer> accepted) {
        return bundle.isGrouped()
                        && !accepted.isEmpty()
                        && offer.media().get(accepted.get(0)).isRtcpMuxOnly()
                ? SectionWriter.MuxOnly.TAGGED
                : SectionWriter.MuxOnly.NONE;
    }

    private SectionWriter.Rtp rtp(int index, @Nullable Transceiver transceiver) {
        MediaDescription media = offer.media().get(index);
        Direction wanted = transceiver == null ? Direction.INACTIVE : transceiver.direction();
        Direction direction = offer.direction(media).answeredWith(wanted);
        SendTrack track = transceiver == null ? null : transceiver.track();
        Simulcast simulcast = simulcast(media, direction, track, codecs(index));
        return new SectionWriter.Rtp(
                media.media(),
                media.protocol(),
                media.mid(),
                direction,
                codecs(index),
                CodecSelection.answer(media.headerExtensions(), capabilities.extensions(media.kind()), mixedExtmap),
                track,
                simulcast == null ? List.of() : rids(media, simulcast, codecs(index)),
                simulcast,
                media.isRtcpReducedSize());
    }

    /** RFC 8853 §5.3.2: the offered streams in their order and the other direction, without those that are not taken. */
    private @Nullable Simulcast simulcast(
            MediaDescription media, Direction direction, @Nullable SendTrack track, List<Codec> codecs) {
        Simulcast offered = capabilities.simulcast() ? media.simulcast() : null;
        if (offered == null) {
            return null;
        }
        Set<String> sent = new HashSet<>();
        Set<String> received = new HashSet<>();
        for (Rid rid : media.rids()) {
            if (rid.send() && direction.receives() && isUsable(rid, codecs)) {
                received.add(rid.id());
            } else if (!rid.send()
                    && track != null
                    && direction.sends()
                    && track.rids().contains(rid.id())) {
                sent.add(rid.id());
            }
        }
        Simulcast taken = new Simulcast(only(offered.receive(), sent), only(offered.send(), received));
        return taken.send().isEmpty() && taken.receive().isEmpty() ? null : taken;
    }

    /** Each rid is used once; what is left of the set afterwards was never a simulcast stream. */
    private static List<List<Simulcast.Stream>> only(List<List<Simulcast.Stream>> offered, Set<String> usable) {
        List<List<Simulcast.Stream>> kept = new ArrayList<>();
        for (List<Simulcast.Stream> alternatives : offered) {
            List<Simulcast.Stream> stream = new ArrayList<>();
            for (Simulcast.Stream alternative : alternatives) {
                if (usable.remove(alternative.rid())) {
                    stream.add(alternative);
                }
            }
            if (!stream.isEmpty()) {
                kept.add(stream);
            }
        }
        return kept;
    }

    private static boolean isUsable(Rid rid, List<Codec> codecs) {
        return rid.payloadTypes().isEmpty() || !accepted(rid, codecs).isEmpty();
    }

    private static List<Integer> accepted(Rid rid, List<Codec> codecs) {
        Set<Integer> taken = new HashSet<>();
        codecs.forEach(codec -> taken.add(codec.payloadType()));
        return rid.payloadTypes().stream().filter(taken::contains).toList();
    }

    /** RFC 8851 §6.3: the answer repeats the restrictions and keeps of the payload types those that it accepts. */
    private static List<Rid> rids(MediaDescription media, Simulcast simulcast, List<Codec> codecs) {
        Map<String, Rid> offered = new HashMap<>();
        media.rids().forEach(rid -> offered.putIfAbsent(rid.id(), rid));
        List<Rid> rids = new ArrayList<>();
        for (boolean send : new boolean[] {true, false}) {
            for (List<Simulcast.Stream> alternatives : send ? simulcast.send() : simulcast.receive()) {
                for (Simulcast.Stream stream : alternatives) {
                    Rid rid = offered.get(stream.rid());
                    if (rid != null) {
                        rids.add(new Rid(rid.id(), send, accepted(rid, codecs), rid.restrictions()));
                    }
                }
            }
        }
        return rids;
    }
}

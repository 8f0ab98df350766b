// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads from an offer and its answer what was agreed. A pure function of the two texts. */
final class Outcome {
    private final SessionDescription local;
    private final SessionDescription remote;
    private final boolean offeredHere;

    Outcome(SessionDescription local, SessionDescription remote, boolean offeredHere) {
        this.local = local;
        this.remote = remote;
        this.offeredHere = offeredHere;
    }

    NegotiatedSession session(
            TransportDescription localTransport,
            TransportDescription remoteTransport,
            Setup dtlsRole,
            boolean iceControlling) {
        List<NegotiatedMedia> media = new ArrayList<>();
        NegotiatedDataChannel dataChannel = null;
        for (int i = 0; i < local.media().size(); i++) {
            MediaKind kind = local.media().get(i).kind();
            if (kind.isRtp()) {
                media.add(isRejected(i) ? rejected(i, kind) : media(i, kind));
            } else if (kind == MediaKind.APPLICATION && dataChannel == null && !isRejected(i)) {
                dataChannel = dataChannel(i);
            }
        }
        return new NegotiatedSession(
                local,
                remote,
                offeredHere,
                localTransport,
                remoteTransport,
                dtlsRole,
                iceControlling,
                local.hasAttribute("extmap-allow-mixed") && remote.hasAttribute("extmap-allow-mixed"),
                media,
                dataChannel);
    }

    private boolean isRejected(int index) {
        return local.media().get(index).isRejected()
                || remote.media().get(index).isRejected();
    }

    private MediaDescription offer(int index) {
        return (offeredHere ? local : remote).media().get(index);
    }

    private MediaDescription answer(int index) {
        return (offeredHere ? remote : local).media().get(index);
    }

    private NegotiatedMedia rejected(int index, MediaKind kind) {
        return new NegotiatedMedia(
                index,
                Bundle.midOf(offer(index), index),
                kind,
                true,
                Direction.INACTIVE,
                List.of(),
                List.of(),
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                TrackAnnotation.DEFAULT,
                false);
    }

    private NegotiatedMedia media(int index, MediaKind kind) {
        MediaDescription ours = local.media().get(index);
        MediaDescription theirs = remote.media().get(index);
        Direction direction = local.direction(ours).and(remote.direction(theirs).reversed());
        List<Ssrc> ssrcs = theirs.ssrcs();
        List<Msid> localMsids = ours.msids();
        return new NegotiatedMedia(
                index,
                Bundle.midOf(offer(index), index),
                kind,
                false,
                direction,
                CodecSelection.agreed(offer(index).codecs(), answer(index).codecs(), offeredHere),
                extensions(ours, theirs),
                direction.sends() && !localMsids.isEmpty() ? localMsids.get(0) : null,
                msids(theirs, ssrcs),
                ssrcs,
                theirs.ssrcGroups(),
                rids(index, true),
                rids(index, false),
                theirs.annotation(),
                ours.isRtcpReducedSize() && theirs.isRtcpReducedSize());
    }

    private static List<HeaderExtension> extensions(MediaDescription ours, MediaDescription theirs) {
        Map<String, HeaderExtension> remote = new HashMap<>();
        theirs.headerExtensions().forEach(extension -> remote.putIfAbsent(extension.uri(), extension));
        List<HeaderExtension> agreed = new ArrayList<>();
        for (HeaderExtension extension : ours.headerExtensions()) {
            HeaderExtension counterpart = remote.get(extension.uri());
            if (counterpart != null && counterpart.id() == extension.id()) {
                agreed.add(extension.withDirection(
                        extension.direction().and(counterpart.direction().reversed())));
            }
        }
        return agreed;
    }

    /** The tracks of a section; stacks older than RFC 8830 say them with each source. */
    private static List<Msid> msids(MediaDescription theirs, List<Ssrc> ssrcs) {
        List<Msid> msids = theirs.msids();
        if (!msids.isEmpty()) {
            return msids;
        }
        for (Ssrc ssrc : ssrcs) {
            String msid = ssrc.attributes().get("msid");
            if (msid != null) {
                return List.of(Msid.parse(msid));
            }
        }
        return List.of();
    }

    /** The simulcast streams of the answer that the offer has, in the order of the answer. */
    private List<String> rids(int index, boolean sentHere) {
        Simulcast simulcast = answer(index).simulcast();
        if (simulcast == null) {
            return List.of();
        }
        boolean sentByOfferer = sentHere == offeredHere;
        Set<String> offered = new HashSet<>();
        for (Rid rid : offer(index).rids()) {
            if (rid.send() == sentByOfferer) {
                offered.add(rid.id());
            }
        }
        List<String> rids = new ArrayList<>();
        for (List<Simulcast.Stream> alternatives : sentByOfferer ? simulcast.receive() : simulcast.send()) {
            for (Simulcast.Stream stream : alternatives) {
                if (offered.remove(stream.rid())) {
                    rids.add(stream.rid());
                }
            }
        }
        return rids;
    }

    private NegotiatedDataChannel dataChannel(int index) {
        MediaDescription theirs = remote.media().get(index);
        long size = theirs.maxMessageSizeBytes();
        return new NegotiatedDataChannel(
                index,
                Bundle.midOf(offer(index), index),
                port(local.media().get(index)),
                port(theirs),
                size == 0 ? Long.MAX_VALUE : size);
    }

    private static int port(MediaDescription media) {
        Integer port = DataChannelPort.portOf(media);
        return port == null ? DataChannelPort.DEFAULT.sctpPort() : port;
    }
}

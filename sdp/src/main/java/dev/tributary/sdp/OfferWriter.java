// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes an offer (RFC 3264 §8, RFC 9429 §5.2): the sections that were agreed before stay where they are and keep their numbers,
 * new ones take the place of refused ones, and the rest is appended.
 */
final class OfferWriter {
    private static final String RTP_PROTOCOL = "UDP/TLS/RTP/SAVPF";

    private final @Nullable NegotiatedSession agreed;
    private @Nullable String tag;
    private final Capabilities capabilities;
    private final FormatTable formats;
    private final Set<String> usedMids;
    private final Map<Transceiver, Slot> newSlots = new LinkedHashMap<>();
    private final Deque<Transceiver> waiting = new ArrayDeque<>();
    private final List<String> group = new ArrayList<>();
    private int nextMid;

    /** Where a new transceiver stands if the offer is agreed. */
    record Slot(String mid, int index) {}

    OfferWriter(
            @Nullable NegotiatedSession agreed, Capabilities capabilities, FormatTable formats, Set<String> usedMids) {
        this.agreed = agreed;
        this.capabilities = capabilities;
        this.formats = formats;
        this.usedMids = usedMids;
    }

    /** The new transceivers of the offer that was written, and their places. */
    Map<Transceiver, Slot> newSlots() {
        return newSlots;
    }

    /**
     * Writes the offer; to be called once.
     *
     * @param dataChannel our end of the association, or null when it is not offered and was not agreed before
     */
    SessionDescription write(
            TransportDescription transport,
            Origin origin,
            List<Transceiver> transceivers,
            @Nullable DataChannelPort dataChannel) {
        // RFC 8842 §5.2, §5.5: every offer leaves the choice; the role that was agreed stays nevertheless.
        SectionWriter writer = new SectionWriter(
                transport, Setup.ACTPASS, agreed == null ? SectionWriter.MuxOnly.EACH : SectionWriter.MuxOnly.NONE);
        for (Transceiver transceiver : transceivers) {
            if (transceiver.index() < 0 && !transceiver.isStopped()) {
                waiting.add(transceiver);
            }
        }
        tag = tag(transceivers, dataChannel);
        List<MediaDescription> sections = new ArrayList<>();
        boolean hasApplication = false;
        if (agreed != null) {
            for (int i = 0; i < agreed.local().media().size(); i++) {
                MediaDescription local = agreed.local().media().get(i);
                hasApplication |= local.kind() == MediaKind.APPLICATION;
                sections.add(
                        agreed.isRefused(i)
                                ? recycled(writer, local, i)
                                : existing(writer, local, i, at(i, transceivers), dataChannel));
            }
        }
        while (!waiting.isEmpty()) {
            sections.add(fresh(writer, waiting.remove(), sections.size()));
        }
        if (dataChannel != null && !hasApplication) {
            String mid = freeMid();
            sections.add(writer.dataChannel(null, mid, dataChannel, joins(mid)));
        }
        if (tag != null && group.remove(tag)) {
            group.add(0, tag);
        }
        SessionDescription.Builder offer = writer.session(origin, group, true);
        sections.forEach(offer::media);
        return offer.build();
    }

    /**
     * The section that is to be tagged (RFC 9143 §7.5): the one that was, or the next of the group that stays open; null when there
     * is none.
     */
    private @Nullable String tag(List<Transceiver> transceivers, @Nullable DataChannelPort dataChannel) {
        if (agreed != null) {
            for (int index : Bundle.of(agreed.answer()).members()) {
                MediaDescription local = agreed.local().media().get(index);
                Transceiver transceiver = at(index, transceivers);
                boolean stays = local.kind() == MediaKind.APPLICATION
                        ? dataChannel != null
                        : transceiver != null && !transceiver.isStopped();
                if (stays && !agreed.isRefused(index)) {
                    return Bundle.midOf(local, index);
                }
            }
        }
        return null;
    }

    /** Adds a section to the group, and says whether it carries the candidates: the tagged one, else the first, does. */
    private boolean joins(String mid) {
        boolean tagged = tag == null ? group.isEmpty() : tag.equals(mid);
        group.add(mid);
        return tagged;
    }

    /** RFC 9429 §5.2.2: the place of a refused section may be taken by a new one, with a new id. */
    private MediaDescription recycled(SectionWriter writer, MediaDescription local, int index) {
        return waiting.isEmpty() ? writer.rejected(local) : fresh(writer, waiting.remove(), index);
    }

    private MediaDescription existing(
            SectionWriter writer,
            MediaDescription local,
            int index,
            @Nullable Transceiver transceiver,
            @Nullable DataChannelPort dataChannel) {
        String mid = Bundle.midOf(local, index);
        if (local.kind() == MediaKind.APPLICATION && dataChannel != null) {
            return writer.dataChannel(local, mid, dataChannel, joins(mid));
        }
        if (transceiver == null || transceiver.isStopped()) {
            return writer.rejected(local);
        }
        return writer.rtp(again(local, mid, transceiver), joins(mid));
    }

    private static @Nullable Transceiver at(int index, List<Transceiver> transceivers) {
        for (Transceiver transceiver : transceivers) {
            if (transceiver.index() == index) {
                return transceiver;
            }
        }
        return null;
    }

    /** A section that was agreed: its numbers stay, what is wanted of it may differ. */
    private SectionWriter.Rtp again(MediaDescription local, String mid, Transceiver transceiver) {
        Direction direction = transceiver.direction();
        SendTrack track = transceiver.track();
        List<String> sendRids = track == null ? List.of() : track.rids();
        Simulcast before = local.simulcast();
        Simulcast simulcast = new Simulcast(
                Simulcast.sending(sendRids).send(),
                before == null || !direction.receives() ? List.of() : before.receive());
        List<Rid> rids = new ArrayList<>();
        sendRids.forEach(rid -> rids.add(Rid.of(rid, true)));
        if (!simulcast.receive().isEmpty()) {
            local.rids().stream().filter(rid -> !rid.send()).forEach(rids::add);
        }
        return new SectionWriter.Rtp(
                local.media(),
                local.protocol(),
                mid,
                direction,
                local.codecs(),
                local.headerExtensions(),
                track,
                rids,
                rids.isEmpty() ? null : simulcast,
                true);
    }

    /** A new section, with the numbers of an agreed one of its kind where there is one. */
    private MediaDescription fresh(SectionWriter writer, Transceiver transceiver, int index) {
        MediaKind kind = transceiver.kind();
        MediaDescription model = model(kind);
        SendTrack track = transceiver.track();
        List<String> rids = track == null ? List.of() : track.rids();
        String mid = freeMid();
        newSlots.put(transceiver, new Slot(mid, index));
        return writer.rtp(
                new SectionWriter.Rtp(
                        kind.media(),
                        model == null ? RTP_PROTOCOL : model.protocol(),
                        mid,
                        transceiver.direction(),
                        model == null ? formats.offer(kind, capabilities) : model.codecs(),
                        model == null ? formats.offer(capabilities.extensions(kind)) : model.headerExtensions(),
                        track,
                        rids.stream().map(rid -> Rid.of(rid, true)).toList(),
                        rids.isEmpty() ? null : Simulcast.sending(rids),
                        true),
                joins(mid));
    }

    private @Nullable MediaDescription model(MediaKind kind) {
        if (agreed != null) {
            for (NegotiatedMedia media : agreed.media()) {
                if (media.kind() == kind && !media.rejected()) {
                    return agreed.local().media().get(media.index());
                }
            }
        }
        return null;
    }

    /** Small decimal numbers: they travel in a header extension of every packet. A mid is never used twice. */
    private String freeMid() {
        while (usedMids.contains(Integer.toString(nextMid))) {
            nextMid++;
        }
        return Integer.toString(nextMid++);
    }
}

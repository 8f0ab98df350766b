// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The transceivers of a negotiation and the sections that they stand for: which are free, and which an open offer has made. */
final class TransceiverTable {
    private final int slotsMax;
    private final boolean offersDataChannel;
    private final List<Transceiver> transceivers = new ArrayList<>();
    private final List<Transceiver> placedByOurOffer = new ArrayList<>();
    private final List<Transceiver> createdByPeerOffer = new ArrayList<>();

    TransceiverTable(int slotsMax, boolean offersDataChannel) {
        this.slotsMax = slotsMax;
        this.offersDataChannel = offersDataChannel;
    }

    List<Transceiver> all() {
        return List.copyOf(transceivers);
    }

    @Nullable
    Transceiver withMid(String mid) {
        for (Transceiver transceiver : transceivers) {
            if (mid.equals(transceiver.mid())) {
                return transceiver;
            }
        }
        return null;
    }

    Map<Integer, Transceiver> byIndex() {
        Map<Integer, Transceiver> byIndex = new HashMap<>();
        for (Transceiver transceiver : transceivers) {
            if (transceiver.index() >= 0) {
                byIndex.put(transceiver.index(), transceiver);
            }
        }
        return byIndex;
    }

    /** A transceiver whose section is free, or a new one; null when all slots are in use. */
    @Nullable
    Transceiver add(MediaKind kind, @Nullable NegotiatedSession agreed, @Nullable SessionDescription open) {
        for (Transceiver transceiver : transceivers) {
            if (transceiver.kind() == kind && transceiver.isIdle() && isFree(transceiver, agreed, open)) {
                return transceiver;
            }
        }
        if (slotsInUse(agreed) >= slotsMax) {
            return null;
        }
        Transceiver transceiver = new Transceiver(kind);
        transceivers.add(transceiver);
        return transceiver;
    }

    /** A slot is free once its end was agreed: a receiver that sees two tracks change places would show the wrong one. */
    private static boolean isFree(
            Transceiver transceiver, @Nullable NegotiatedSession agreed, @Nullable SessionDescription open) {
        String mid = transceiver.mid();
        NegotiatedMedia media = agreed == null || mid == null ? null : agreed.media(mid);
        if (agreed == null || mid == null || media == null) {
            return false;
        }
        MediaDescription offered = open == null ? null : open.media(mid);
        return Direction.INACTIVE.equals(
                        agreed.local().media().get(media.index()).direction())
                && (offered == null || Direction.INACTIVE.equals(offered.direction()));
    }

    private int slotsInUse(@Nullable NegotiatedSession agreed) {
        int waiting = 0;
        for (Transceiver transceiver : transceivers) {
            waiting += isWaiting(transceiver) ? 1 : 0;
        }
        return openSections(agreed) + waiting;
    }

    /** Sections that are not free for new transceivers; one that is still to come for data channels is. */
    private int openSections(@Nullable NegotiatedSession agreed) {
        int open = 0;
        boolean hasApplication = false;
        if (agreed != null) {
            for (int i = 0; i < agreed.local().media().size(); i++) {
                hasApplication |= agreed.local().media().get(i).kind() == MediaKind.APPLICATION;
                open += agreed.isRefused(i) ? 0 : 1;
            }
        }
        return open + (offersDataChannel && !hasApplication ? 1 : 0);
    }

    private static boolean isWaiting(Transceiver transceiver) {
        return transceiver.index() < 0 && !transceiver.isStopped();
    }

    /**
     * Transceivers for the next offer: those with sections, and as many that wait for one as there are slots. More wait when the
     * peer's offers have taken the slots that were free when they were added.
     */
    List<Transceiver> offerable(@Nullable NegotiatedSession agreed) {
        int free = slotsMax - openSections(agreed);
        List<Transceiver> offerable = new ArrayList<>();
        for (Transceiver transceiver : transceivers) {
            if (!isWaiting(transceiver) || free-- > 0) {
                offerable.add(transceiver);
            }
        }
        return offerable;
    }

    /** Whether a transceiver wants something that the agreed descriptions do not say; annotations do not count. */
    boolean differsFrom(@Nullable NegotiatedSession agreed) {
        if (agreed == null) {
            return !transceivers.isEmpty() || offersDataChannel;
        }
        for (Transceiver transceiver : offerable(agreed)) {
            boolean placed = transceiver.index() >= 0;
            if (placed ? differs(transceiver, agreed) : isWaiting(transceiver) && !transceiver.isIdle()) {
                return true;
            }
        }
        return false;
    }

    private static boolean differs(Transceiver transceiver, NegotiatedSession agreed) {
        if (transceiver.isStopped()) {
            return true;
        }
        MediaDescription local = agreed.local().media().get(transceiver.index());
        SendTrack track = transceiver.track();
        return agreed.local().direction(local) != transceiver.direction()
                || (track != null && !local.msids().contains(track.msid()));
    }

    /** Gives the new transceivers of our offer their places, until {@link #undo} or {@link #keep}. */
    void place(Map<Transceiver, OfferWriter.Slot> slots) {
        slots.forEach((transceiver, slot) -> transceiver.associate(slot.mid(), slot.index()));
        placedByOurOffer.addAll(slots.keySet());
    }

    /** Makes receiving transceivers for new sections of the peer's offer, until {@link #undo} or {@link #keep}. */
    void create(PeerOffer offer, AnswerWriter writer) {
        Map<Integer, Transceiver> existing = byIndex();
        List<MediaDescription> sections = offer.description().media();
        for (int i = 0; i < sections.size(); i++) {
            MediaDescription media = sections.get(i);
            if (media.kind().isRtp() && !existing.containsKey(i) && writer.isAcceptable(i)) {
                Transceiver transceiver = new Transceiver(media.kind()).receive(true);
                transceiver.associate(Bundle.midOf(media, i), i);
                createdByPeerOffer.add(transceiver);
            }
        }
        transceivers.addAll(createdByPeerOffer);
    }

    /** Forgets what the open offer made. */
    void undo() {
        placedByOurOffer.forEach(Transceiver::dissociate);
        transceivers.removeAll(createdByPeerOffer);
        placedByOurOffer.clear();
        createdByPeerOffer.clear();
    }

    /** Keeps what the offer made, for it was agreed; transceivers of refused sections are stopped and leave. */
    void keep(NegotiatedSession agreed) {
        placedByOurOffer.clear();
        createdByPeerOffer.clear();
        for (NegotiatedMedia media : agreed.media()) {
            if (media.rejected()) {
                transceivers.removeIf(transceiver -> retire(transceiver, media.index()));
            }
        }
    }

    private static boolean retire(Transceiver transceiver, int index) {
        if (transceiver.index() != index) {
            return false;
        }
        transceiver.stop();
        transceiver.dissociate();
        return true;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import dev.tributary.sdp.SdpException.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Offer and answer of one peer (RFC 3264, RFC 9429 §3.5) over one bundled transport. It knows descriptions only: no sockets, no
 * clock, no randomness. Not thread-safe: owned by one thread at a time.
 *
 * <pre>
 *   STABLE            -- createOffer --&gt;            HAVE_LOCAL_OFFER
 *   HAVE_LOCAL_OFFER  -- applyAnswer, rollback --&gt;  STABLE
 *   STABLE            -- applyOffer --&gt;             HAVE_REMOTE_OFFER
 *   HAVE_REMOTE_OFFER -- createAnswer, rollback --&gt; STABLE
 * </pre>
 *
 * <p>A caller states wishes on {@link Transceiver}s at any time; they are written into the next description. What came of them
 * stands in {@link #session}, which changes only when an offer has been answered. A call that throws {@link SdpException} has
 * changed nothing.
 */
public final class Negotiation {
    /** Where the exchange stands. */
    public enum State {
        /** No offer is open. */
        STABLE,
        /** Our offer waits for its answer. */
        HAVE_LOCAL_OFFER,
        /** The peer's offer waits for our answer. */
        HAVE_REMOTE_OFFER
    }

    private final Capabilities capabilities;
    private final long sessionId;
    private final Setup wantedRole;
    private final @Nullable DataChannelPort dataChannel;
    private final boolean offersDataChannel;
    private final int slotsMax;

    private final List<Transceiver> transceivers = new ArrayList<>();
    private final List<Transceiver> createdByOffer = new ArrayList<>();
    private final FormatTable formats = new FormatTable();
    private final Set<String> usedMids = new HashSet<>();
    private TransportDescription transport;
    private State state = State.STABLE;
    private long version;
    private boolean isFirstOfferOurs;
    private @Nullable NegotiatedSession session;
    private @Nullable SessionDescription pending;
    private Map<Transceiver, OfferWriter.Slot> pendingSlots = Map.of();

    private Negotiation(Builder builder) {
        this.capabilities = builder.capabilities;
        this.transport = builder.transport;
        this.sessionId = builder.sessionId;
        this.wantedRole = builder.wantedRole;
        this.dataChannel = builder.dataChannel;
        this.offersDataChannel = builder.offersDataChannel;
        this.slotsMax = builder.slotsMax;
    }

    /**
     * Starts a negotiation.
     *
     * @param capabilities what this side can do
     * @param transport our end of the transport, with credentials and fingerprint
     * @param sessionId a random number, 0 to 2^62, that stands in the {@code o=} line
     */
    public static Builder builder(Capabilities capabilities, TransportDescription transport, long sessionId) {
        return new Builder(capabilities, transport, sessionId);
    }

    /** Where the exchange stands. */
    public State state() {
        return state;
    }

    /** What was agreed last; null before the first answer. */
    public @Nullable NegotiatedSession session() {
        return session;
    }

    /** The offer that is open, or null. */
    public @Nullable SessionDescription pendingOffer() {
        return pending;
    }

    /** Transceivers of all open sections, and those that wait for one. */
    public List<Transceiver> transceivers() {
        return List.copyOf(transceivers);
    }

    /** The transceiver of the section with that id, or null. */
    public @Nullable Transceiver transceiver(String mid) {
        for (Transceiver transceiver : transceivers) {
            if (mid.equals(transceiver.mid())) {
                return transceiver;
            }
        }
        return null;
    }

    /**
     * A transceiver for another track: an agreed section that is idle on both sides, or a new one.
     *
     * @return null when all slots are in use
     */
    public @Nullable Transceiver add(MediaKind kind) {
        if (!kind.isRtp()) {
            throw new IllegalArgumentException("A transceiver is for AUDIO or VIDEO, got " + kind);
        }
        for (Transceiver transceiver : transceivers) {
            if (transceiver.kind() == kind && transceiver.isIdle() && isFree(transceiver)) {
                return transceiver;
            }
        }
        if (slotsInUse() >= slotsMax) {
            return null;
        }
        Transceiver transceiver = new Transceiver(kind);
        transceivers.add(transceiver);
        return transceiver;
    }

    /** A slot is free once its end was agreed: a receiver that sees two tracks change places would show the wrong one. */
    private boolean isFree(Transceiver transceiver) {
        String mid = transceiver.mid();
        if (session == null || mid == null) {
            return false;
        }
        MediaDescription open = pending == null ? null : pending.media(mid);
        NegotiatedMedia agreed = session.media(mid);
        return agreed != null
                && Direction.INACTIVE.equals(
                        session.local().media().get(agreed.index()).direction())
                && (open == null || Direction.INACTIVE.equals(open.direction()));
    }

    private int slotsInUse() {
        int used = 0;
        boolean hasApplication = false;
        if (session != null) {
            for (int i = 0; i < session.local().media().size(); i++) {
                MediaDescription media = session.local().media().get(i);
                hasApplication |= media.kind() == MediaKind.APPLICATION;
                used += media.isRejected() || session.remote().media().get(i).isRejected() ? 0 : 1;
            }
        }
        for (Transceiver transceiver : transceivers) {
            used += transceiver.index() < 0 && !transceiver.isStopped() ? 1 : 0;
        }
        return used + (offersDataChannel && !hasApplication ? 1 : 0);
    }

    /** Describes our end of the transport in another way from the next description on, for instance after an ICE restart. */
    public void updateTransport(TransportDescription changed) {
        this.transport = checked(changed);
    }

    /** Whether something is wanted that the last descriptions do not say. Annotations do not count: they travel otherwise. */
    public boolean needsOffer() {
        if (session == null) {
            return !transceivers.isEmpty() || offersDataChannel;
        }
        for (Transceiver transceiver : transceivers) {
            if (transceiver.index() < 0 ? !transceiver.isIdle() && !transceiver.isStopped() : differs(transceiver)) {
                return true;
            }
        }
        return false;
    }

    private boolean differs(Transceiver transceiver) {
        if (session == null || transceiver.isStopped()) {
            return true;
        }
        MediaDescription local = session.local().media().get(transceiver.index());
        SendTrack track = transceiver.track();
        return session.local().direction(local) != transceiver.direction()
                || (track != null && !local.msids().contains(track.msid()));
    }

    /**
     * Writes an offer of everything that is wanted, and waits for its answer.
     *
     * @throws IllegalStateException if an offer is open, or there is nothing to offer
     */
    public SessionDescription createOffer() {
        expect(State.STABLE, "answer the open offer or call rollback() first");
        boolean agreedChannel = session != null && session.dataChannel() != null;
        DataChannelPort channel = agreedChannel || offersDataChannel ? dataChannel : null;
        if (session == null && channel == null && transceivers.isEmpty()) {
            throw new IllegalStateException("There is nothing to offer: call add() first");
        }
        OfferWriter writer = new OfferWriter(session, capabilities, formats, usedMids);
        SessionDescription offer = writer.write(transport, Origin.of(sessionId, ++version), transceivers, channel);
        pendingSlots = writer.newSlots();
        pendingSlots.forEach((transceiver, slot) -> transceiver.associate(slot.mid(), slot.index()));
        pending = offer;
        state = State.HAVE_LOCAL_OFFER;
        return offer;
    }

    /**
     * Takes the peer's answer to our open offer.
     *
     * @return what is agreed now
     * @throws SdpException if the answer does not fit; the offer stays open
     * @throws IllegalStateException if no offer of ours is open
     */
    public NegotiatedSession applyAnswer(SessionDescription answer) {
        expect(State.HAVE_LOCAL_OFFER, "call createOffer() first");
        SessionDescription offer = pendingDescription();
        Bundle bundle = Bundle.of(answer);
        AnswerCheck.checkAnswer(offer, answer, bundle);
        bundle.checkRtcpMux(answer);
        TransportDescription remote = remoteTransport(answer, bundle, bundle.members());
        AnswerCheck.checkCertificate(remote, session);
        Setup role = AnswerCheck.roleOfOfferer(remote.setup(), agreedRole());
        boolean first = session == null || isFirstOfferOurs;
        return commit(
                new Outcome(offer, answer, true).session(transport, remote, role, controls(first, remote)), first);
    }

    /**
     * Takes an offer of the peer. Sections that are new get transceivers which receive and send nothing; change them before
     * {@link #createAnswer}.
     *
     * @throws SdpException if the offer cannot be answered; nothing has changed then
     * @throws IllegalStateException if an offer is open
     */
    public void applyOffer(SessionDescription offer) {
        expect(State.STABLE, "answer the open offer or call rollback() first");
        if (offer.media().isEmpty()) {
            throw SdpException.of(Reason.INCOMPATIBLE, "", "an offer has at least one section");
        }
        if (offer.media().size() > slotsMax) {
            throw SdpException.of(
                    Reason.LIMIT,
                    Integer.toString(offer.media().size()),
                    "a session has at most " + slotsMax + " sections (slotsMax)");
        }
        Bundle bundle = Bundle.of(offer);
        AnswerCheck.checkOffer(offer, session);
        bundle.checkRtcpMux(offer);
        TransportDescription remote = remoteTransport(offer, bundle, bundle.members());
        AnswerCheck.checkCertificate(remote, session);
        AnswerCheck.roleOfAnswerer(remote.setup(), wantedRole, agreedRole());
        List<Transceiver> created = transceiversFor(offer, bundle);
        // Reads every attribute once, so that what is malformed is refused here and createAnswer cannot fail.
        new Outcome(offer, offer, false).session(transport, remote, wantedRole, false);
        createdByOffer.addAll(created);
        transceivers.addAll(created);
        pending = offer;
        state = State.HAVE_REMOTE_OFFER;
    }

    private List<Transceiver> transceiversFor(SessionDescription offer, Bundle bundle) {
        AnswerWriter writer = new AnswerWriter(offer, bundle, capabilities, dataChannel);
        Map<Integer, Transceiver> existing = byIndex();
        List<Transceiver> created = new ArrayList<>();
        for (int i = 0; i < offer.media().size(); i++) {
            MediaDescription media = offer.media().get(i);
            if (media.kind().isRtp() && !existing.containsKey(i) && writer.isAcceptable(i)) {
                Transceiver transceiver = new Transceiver(media.kind()).receive(true);
                transceiver.associate(Bundle.midOf(media, i), i);
                created.add(transceiver);
            }
        }
        return created;
    }

    private Map<Integer, Transceiver> byIndex() {
        Map<Integer, Transceiver> byIndex = new HashMap<>();
        for (Transceiver transceiver : transceivers) {
            if (transceiver.index() >= 0) {
                byIndex.put(transceiver.index(), transceiver);
            }
        }
        return byIndex;
    }

    /**
     * Writes the answer to the peer's open offer, which is agreed with it. An offer that was answered before, word for word, gets
     * the same answer again.
     *
     * @throws IllegalStateException if no offer of the peer is open
     */
    public SessionDescription createAnswer() {
        expect(State.HAVE_REMOTE_OFFER, "call applyOffer() first");
        SessionDescription offer = pendingDescription();
        if (session != null && !session.offeredHere() && session.remote().equals(offer)) {
            rollback();
            return session.local();
        }
        Bundle bundle = Bundle.of(offer);
        Setup offered = remoteTransport(offer, bundle, bundle.members()).setup();
        Setup role = AnswerCheck.roleOfAnswerer(offered, wantedRole, agreedRole());
        SessionDescription answer = new AnswerWriter(offer, bundle, capabilities, dataChannel)
                .write(transport, role, Origin.of(sessionId, ++version), byIndex());
        List<Integer> accepted = new ArrayList<>(bundle.members());
        accepted.removeIf(index -> answer.media().get(index).isRejected());
        TransportDescription remote = remoteTransport(offer, bundle, accepted);
        boolean first = session != null && isFirstOfferOurs;
        commit(new Outcome(answer, offer, false).session(transport, remote, role, controls(first, remote)), first);
        return answer;
    }

    /**
     * Gives up the open offer, ours or the peer's: the state of the last answer holds again, and sections that only the offer had
     * are gone. Wishes stay. Does nothing when no offer is open.
     */
    public void rollback() {
        pendingSlots.keySet().forEach(Transceiver::dissociate);
        transceivers.removeAll(createdByOffer);
        close();
    }

    private void close() {
        pendingSlots = Map.of();
        createdByOffer.clear();
        pending = null;
        state = State.STABLE;
    }

    private NegotiatedSession commit(NegotiatedSession agreed, boolean firstOfferIsOurs) {
        for (int i = 0; i < agreed.local().media().size(); i++) {
            // The answer's numbers are those of the offer as a rule; where they differ, the offer's come first.
            SessionDescription offer = agreed.offeredHere() ? agreed.local() : agreed.remote();
            SessionDescription answer = agreed.offeredHere() ? agreed.remote() : agreed.local();
            formats.learn(offer.media().get(i));
            formats.learn(answer.media().get(i));
            usedMids.add(Bundle.midOf(offer.media().get(i), i));
        }
        for (NegotiatedMedia media : agreed.media()) {
            if (media.rejected()) {
                transceivers.removeIf(transceiver -> retire(transceiver, media.index()));
            }
        }
        session = agreed;
        isFirstOfferOurs = firstOfferIsOurs;
        close();
        return agreed;
    }

    private static boolean retire(Transceiver transceiver, int index) {
        if (transceiver.index() != index) {
            return false;
        }
        transceiver.stop();
        transceiver.dissociate();
        return true;
    }

    private TransportDescription remoteTransport(
            SessionDescription description, Bundle bundle, List<Integer> preferred) {
        if (bundle.members().isEmpty() && session != null) {
            return session.remoteTransport();
        }
        return bundle.transport(description, preferred);
    }

    /** RFC 8445 §6.1.1: the full agent controls a lite one; else the first offerer does. */
    private boolean controls(boolean firstOfferIsOurs, TransportDescription remote) {
        return transport.iceLite() == remote.iceLite() ? firstOfferIsOurs : remote.iceLite();
    }

    private @Nullable Setup agreedRole() {
        return session == null ? null : session.dtlsRole();
    }

    private SessionDescription pendingDescription() {
        if (pending == null) {
            throw new IllegalStateException("No offer is open in state " + state);
        }
        return pending;
    }

    private void expect(State expected, String remedy) {
        if (state != expected) {
            throw new IllegalStateException("The negotiation is in state " + state + ": " + remedy);
        }
    }

    private static TransportDescription checked(TransportDescription transport) {
        if (transport.ufrag() == null
                || transport.password() == null
                || transport.fingerprints().isEmpty()) {
            throw new IllegalArgumentException("Our transport has ufrag, password and fingerprint, got " + transport);
        }
        return transport;
    }

    /** Builds a {@link Negotiation}. Not thread-safe. */
    public static final class Builder {
        /** Sections that a session has at most, unless changed. */
        public static final int SLOTS_MAX = 32;

        private final Capabilities capabilities;
        private final TransportDescription transport;
        private final long sessionId;
        private Setup wantedRole = Setup.ACTIVE;
        private @Nullable DataChannelPort dataChannel = DataChannelPort.DEFAULT;
        private boolean offersDataChannel;
        private int slotsMax = SLOTS_MAX;

        private Builder(Capabilities capabilities, TransportDescription transport, long sessionId) {
            if (sessionId < 0) {
                throw new IllegalArgumentException("A session id is not negative, got " + sessionId);
            }
            this.capabilities = capabilities;
            this.transport = checked(transport);
            this.sessionId = sessionId;
        }

        /** The DTLS role that is taken when the peer leaves the choice; active by default (RFC 9429 §5.3.1). */
        public Builder wantedRole(Setup role) {
            if (!role.isRole()) {
                throw new IllegalArgumentException("A role is ACTIVE or PASSIVE, got " + role);
            }
            this.wantedRole = role;
            return this;
        }

        /** Our end of the SCTP association, for which an offered data-channel section is accepted; null refuses it. */
        public Builder dataChannel(@Nullable DataChannelPort port) {
            this.dataChannel = port;
            return this;
        }

        /** Puts a data-channel section into our first offer. */
        public Builder offerDataChannel(boolean wanted) {
            this.offersDataChannel = wanted;
            return this;
        }

        /** Sections that a session has at most. */
        public Builder slotsMax(int limit) {
            if (limit <= 0) {
                throw new IllegalArgumentException("There is at least one slot, got " + limit);
            }
            this.slotsMax = limit;
            return this;
        }

        /** The negotiation. */
        public Negotiation build() {
            return new Negotiation(this);
        }
    }
}

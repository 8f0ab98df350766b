// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
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

    private final TransceiverTable transceivers;
    private final FormatTable formats = new FormatTable();
    private final Set<String> usedMids = new HashSet<>();
    private TransportDescription transport;
    private State state = State.STABLE;
    private long version;
    private @Nullable Agreement agreement;
    private @Nullable SessionDescription ourOffer;
    private @Nullable PeerOffer peerOffer;

    private Negotiation(Builder builder) {
        this.capabilities = builder.capabilities;
        this.transport = builder.transport;
        this.sessionId = builder.sessionId;
        this.wantedRole = builder.wantedRole;
        this.dataChannel = builder.dataChannel;
        this.offersDataChannel = builder.offersDataChannel;
        this.slotsMax = builder.slotsMax;
        this.transceivers = new TransceiverTable(slotsMax, offersDataChannel);
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
        return Agreement.sessionOf(agreement);
    }

    /** The offer that is open, or null. */
    public @Nullable SessionDescription pendingOffer() {
        return peerOffer == null ? ourOffer : peerOffer.description();
    }

    /** Transceivers of all open sections, and those that wait for one. */
    public List<Transceiver> transceivers() {
        return transceivers.all();
    }

    /** The transceiver of the section with that id, or null. */
    public @Nullable Transceiver transceiver(String mid) {
        return transceivers.withMid(mid);
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
        return transceivers.add(kind, session(), pendingOffer());
    }

    /** Describes our end of the transport in another way from the next description on, for instance after an ICE restart. */
    public void updateTransport(TransportDescription changed) {
        this.transport = checked(changed);
    }

    /** Whether something is wanted that the last descriptions do not say. Annotations do not count: they travel otherwise. */
    public boolean needsOffer() {
        return transceivers.differsFrom(session());
    }

    /**
     * Writes an offer of everything that is wanted, and waits for its answer.
     *
     * @throws IllegalStateException if an offer is open, or there is nothing to offer
     */
    public SessionDescription createOffer() {
        expect(State.STABLE, "answer the open offer or call rollback() first");
        NegotiatedSession session = session();
        boolean agreedChannel = session != null && session.dataChannel() != null;
        DataChannelPort channel = agreedChannel || offersDataChannel ? dataChannel : null;
        List<Transceiver> wanted = transceivers.offerable(session);
        if (session == null && channel == null && wanted.isEmpty()) {
            throw new IllegalStateException("There is nothing to offer: call add() first");
        }
        OfferWriter writer = new OfferWriter(session, capabilities, formats, usedMids);
        SessionDescription offer = writer.write(transport, Origin.of(sessionId, ++version), wanted, channel);
        transceivers.place(writer.newSlots());
        ourOffer = offer;
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
        SessionDescription offer = Objects.requireNonNull(ourOffer, "HAVE_LOCAL_OFFER has an offer");
        return commit(Agreement.ofAnswer(offer, answer, transport, agreement));
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
        PeerOffer checked = PeerOffer.of(offer, slotsMax, wantedRole, transport, agreement);
        transceivers.create(checked, answerTo(checked));
        peerOffer = checked;
        state = State.HAVE_REMOTE_OFFER;
    }

    private AnswerWriter answerTo(PeerOffer offer) {
        return new AnswerWriter(offer.description(), offer.bundle(), capabilities, dataChannel);
    }

    /**
     * Writes the answer to the peer's open offer, which is agreed with it. An offer that was answered before, word for word, gets
     * the same answer again.
     *
     * @throws IllegalStateException if no offer of the peer is open
     */
    public SessionDescription createAnswer() {
        expect(State.HAVE_REMOTE_OFFER, "call applyOffer() first");
        PeerOffer offer = Objects.requireNonNull(peerOffer, "HAVE_REMOTE_OFFER has an offer");
        NegotiatedSession session = session();
        if (session != null && !session.offeredHere() && session.remote().equals(offer.description())) {
            rollback();
            return session.local();
        }
        SessionDescription answer = answerTo(offer)
                .write(transport, offer.ourRole(), Origin.of(sessionId, ++version), transceivers.byIndex());
        commit(Agreement.ofOffer(offer, answer, transport, agreement));
        return answer;
    }

    /**
     * Gives up the open offer, ours or the peer's: the state of the last answer holds again, and sections that only the offer had
     * are gone. Wishes stay. Does nothing when no offer is open.
     */
    public void rollback() {
        transceivers.undo();
        close();
    }

    private void close() {
        ourOffer = null;
        peerOffer = null;
        state = State.STABLE;
    }

    private NegotiatedSession commit(Agreement agreed) {
        NegotiatedSession session = agreed.session();
        // The answer's numbers are those of the offer as a rule; where they differ, the offer's come first.
        List<MediaDescription> offered = session.offer().media();
        for (int i = 0; i < offered.size(); i++) {
            formats.learn(offered.get(i));
            formats.learn(session.answer().media().get(i));
            usedMids.add(Bundle.midOf(offered.get(i), i));
        }
        transceivers.keep(session);
        agreement = agreed;
        close();
        return session;
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

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/**
 * A session in which this library offers to other software, step by step. {@link RecordPeers} plays it against the software itself,
 * {@link RecordedSessionTest} against what was recorded then.
 */
final class ReofferSession {
    /** The other side. */
    interface Peer {
        /** Takes our answer to its first offer. */
        default void accept(SessionDescription answer) {}

        /** Answers our re-offer of that number, counted from 1. */
        SessionDescription answer(int number, SessionDescription offer);

        /** Whether it receives again in a section that was inactive for a while; Pion 3 does not. */
        default boolean receivesAgain() {
            return true;
        }
    }

    private final Peer peer;
    private final Negotiation ours;
    private Transceiver guest;
    private int reoffers;

    private ReofferSession(Negotiation ours, Peer peer) {
        this.ours = ours;
        this.peer = peer;
    }

    /** A session of a viewer: the peer offers audio and video to receive and a data channel, which we answer with a programme. */
    static ReofferSession ofViewer(SessionDescription firstOffer, Peer peer) {
        Negotiation ours = Peers.server().build();
        ours.applyOffer(firstOffer);
        ours.transceivers().forEach(transceiver -> transceiver.receive(false).send(programme(transceiver.kind())));
        SessionDescription answer = ours.createAnswer();
        AnswerRules.checkOurs(firstOffer, answer);
        peer.accept(answer);
        return new ReofferSession(ours, peer);
    }

    /** A session in which we publish: our first offer, which has number 0, sends audio and video and wants a data channel. */
    static ReofferSession ofPublisher(Peer peer) {
        Negotiation ours = Peers.client().offerDataChannel(true).build();
        ours.add(MediaKind.AUDIO).send(programme(MediaKind.AUDIO));
        ours.add(MediaKind.VIDEO).send(programme(MediaKind.VIDEO));
        var session = new ReofferSession(ours, peer);
        NegotiatedSession agreed = session.offer(0);
        assertThat(agreed.acceptedMedia())
                .extracting(NegotiatedMedia::direction)
                .containsExactly(Direction.SENDONLY, Direction.SENDONLY);
        assertThat(agreed.iceControlling()).isTrue();
        return session;
    }

    private static SendTrack programme(MediaKind kind) {
        return SendTrack.of("programme", "main-" + kind.media());
    }

    /** What happens, one re-offer a step. */
    List<Runnable> steps() {
        return List.of(
                this::guestComes,
                this::nothingChanges,
                this::guestGoes,
                this::anotherTakesTheSection,
                this::theOtherGoesToo,
                this::theSectionIsRefused,
                this::theRefusedSectionIsUsedAgain);
    }

    private void guestComes() {
        int sections = ours.session().local().media().size();
        guest = ours.add(MediaKind.VIDEO).send(SendTrack.of("guest", "guest-video"));
        ours.add(MediaKind.AUDIO).send(SendTrack.of("guest", "guest-audio"));

        NegotiatedSession agreed = reoffer();

        assertThat(agreed.acceptedMedia()).hasSize(4);
        assertThat(guestSection().direction()).isEqualTo(Direction.SENDONLY);
        assertThat(guestSection().index()).isEqualTo(sections);
        assertThat(ours.needsOffer()).isFalse();
    }

    private void nothingChanges() {
        NegotiatedSession before = ours.session();

        NegotiatedSession after = reoffer();

        assertThat(after.media()).isEqualTo(before.media());
        assertThat(after.dataChannel()).isEqualTo(before.dataChannel());
        assertThat(after.dtlsRole()).isEqualTo(before.dtlsRole());
        assertThat(after.remoteTransport().ufrag())
                .isEqualTo(before.remoteTransport().ufrag());
    }

    private void guestGoes() {
        guest.stopSending();
        reoffer();

        assertThat(guestSection().direction()).isEqualTo(Direction.INACTIVE);
    }

    private void anotherTakesTheSection() {
        assertThat(ours.add(MediaKind.VIDEO)).isSameAs(guest);
        guest.send(SendTrack.of("other", "other-video"));
        reoffer();

        assertThat(guestSection().direction())
                .isEqualTo(peer.receivesAgain() ? Direction.SENDONLY : Direction.INACTIVE);
    }

    private void theOtherGoesToo() {
        guest.stopSending();
        reoffer();

        assertThat(guestSection().direction()).isEqualTo(Direction.INACTIVE);
    }

    private void theSectionIsRefused() {
        String mid = guest.mid();
        guest.stop();

        assertThat(reoffer().media(mid).rejected()).isTrue();
    }

    private void theRefusedSectionIsUsedAgain() {
        NegotiatedMedia refused = ours.session().media().stream()
                .filter(NegotiatedMedia::rejected)
                .findFirst()
                .orElseThrow();
        Transceiver next = ours.add(MediaKind.AUDIO).send(SendTrack.of("next", "next-audio"));

        NegotiatedMedia recycled = reoffer().media(next.mid());

        assertThat(recycled.index()).isEqualTo(refused.index());
        assertThat(recycled.mid()).isNotEqualTo(refused.mid());
        assertThat(recycled.direction()).isEqualTo(Direction.SENDONLY);
        assertThat(recycled.codecs()).extracting(NegotiatedCodec::name).containsExactly("opus");
    }

    private NegotiatedMedia guestSection() {
        return ours.session().media(guest.mid());
    }

    private NegotiatedSession reoffer() {
        return offer(++reoffers);
    }

    private NegotiatedSession offer(int number) {
        SessionDescription offer = Peers.reparsed(ours.createOffer());
        SessionDescription answer = peer.answer(number, offer);
        AnswerRules.check(offer, answer);
        return ours.applyAnswer(answer);
    }
}

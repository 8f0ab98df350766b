// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.sdp.Negotiation.State;
import dev.tributary.sdp.TrackAnnotation.Purpose;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A WHEP session: the viewer offered once, and from then on the server offers what its tracks make of it. */
final class NegotiationReofferTest {
    private static final SendTrack GUEST_VIDEO = SendTrack.of("guest", "guest-video")
            .withAnnotation(new TrackAnnotation(Purpose.GUEST, false, "Guest"))
            .withSsrcs(1001, 1002);
    private static final SendTrack OTHER_VIDEO = SendTrack.of("other", "other-video");

    private final Negotiation server = Peers.server().build();
    private final Negotiation viewer = Peers.client().offerDataChannel(true).build();

    @BeforeEach
    void viewerPlaysTheProgramme() {
        viewer.add(MediaKind.AUDIO).receive(true);
        viewer.add(MediaKind.VIDEO).receive(true);
        server.applyOffer(Peers.reparsed(viewer.createOffer()));
        for (Transceiver transceiver : server.transceivers()) {
            transceiver
                    .receive(false)
                    .send(SendTrack.of("programme", "main-" + transceiver.kind().media()));
        }
        viewer.applyAnswer(Peers.reparsed(server.createAnswer()));
    }

    @Test
    void startsWithTheProgrammeAndADataChannel() {
        assertThat(server.session().media())
                .extracting(NegotiatedMedia::mid, NegotiatedMedia::direction)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("0", Direction.SENDONLY),
                        org.assertj.core.groups.Tuple.tuple("1", Direction.SENDONLY));
        assertThat(viewer.session().media("1").remoteMsids()).containsExactly(new Msid("programme", "main-video"));
        assertThat(viewer.session().dataChannel().mid()).isEqualTo("2");
        assertThat(server.session().iceControlling()).isFalse();
        assertThat(viewer.session().iceControlling()).isTrue();
        assertThat(server.session().dtlsRole()).isEqualTo(Setup.ACTIVE);
        assertThat(viewer.session().dtlsRole()).isEqualTo(Setup.PASSIVE);
        assertThat(server.needsOffer()).isFalse();
    }

    @Test
    void appendsANewTrackWithTheNumbersInUse() {
        SessionDescription before = server.session().local();

        server.add(MediaKind.VIDEO).send(GUEST_VIDEO);
        assertThat(server.needsOffer()).isTrue();
        Peers.exchange(server, viewer);

        SessionDescription offer = server.session().local();
        MediaDescription added = offer.media().get(3);
        assertThat(added.mid()).isEqualTo("3");
        assertThat(added.codecs()).isEqualTo(before.media().get(1).codecs());
        assertThat(added.headerExtensions()).isEqualTo(before.media().get(1).headerExtensions());
        assertThat(added.title()).isEqualTo("1 2 Guest");
        assertThat(added.lines().get(0).type()).isEqualTo('i');
        assertThat(added.attributes("ssrc-group")).containsExactly("FID 1001 1002");
        assertThat(offer.bundle().mids()).containsExactly("0", "1", "2", "3");
        NegotiatedMedia seen = viewer.session().media("3");
        assertThat(seen.direction()).isEqualTo(Direction.RECVONLY);
        assertThat(seen.remoteMsids()).containsExactly(new Msid("guest", "guest-video"));
        assertThat(seen.remoteAnnotation().label()).isEqualTo("Guest");
        assertThat(seen.rtxSsrcOf(1001)).isEqualTo(1002);
        assertThat(server.needsOffer()).isFalse();
    }

    @Test
    void leavesTheTaggedSectionAndTheDataChannelAsTheyWere() {
        server.add(MediaKind.VIDEO).send(GUEST_VIDEO);
        Peers.exchange(server, viewer);
        SessionDescription second = server.session().local();

        server.add(MediaKind.AUDIO).send(SendTrack.of("guest", "guest-audio"));
        server.transceiver("3").stopSending();
        Peers.exchange(server, viewer);
        SessionDescription third = server.session().local();

        assertThat(third.media().get(0)).isEqualTo(second.media().get(0));
        assertThat(third.media().get(2)).isEqualTo(second.media().get(2));
        assertThat(third.bundle().mids().get(0)).isEqualTo("0");
    }

    @Test
    void countsTheVersionUpByOneWithEachDescription() {
        for (int version = 2; version < 6; version++) {
            SessionDescription offer = server.createOffer();

            assertThat(offer.origin()).isEqualTo(Origin.of(4711, version));
            server.applyAnswer(Peers.answer(viewer, offer));
        }
        assertThat(server.session().local().media()).hasSize(3);
    }

    @Test
    void keepsTheSectionOfARemovedTrackAndUsesItAgain() {
        Transceiver guest = server.add(MediaKind.VIDEO).send(GUEST_VIDEO);
        Peers.exchange(server, viewer);

        guest.stopSending();
        Peers.exchange(server, viewer);
        assertThat(server.session().media("3").direction()).isEqualTo(Direction.INACTIVE);
        assertThat(server.session().local().media().get(3).title()).isNull();
        assertThat(server.session().local().media().get(3).port()).isNotZero();

        assertThat(server.add(MediaKind.VIDEO)).isSameAs(guest);
        guest.send(OTHER_VIDEO);
        Peers.exchange(server, viewer);
        assertThat(server.session().local().media()).hasSize(4);
        assertThat(viewer.session().media("3").remoteMsids()).containsExactly(new Msid("other", "other-video"));
    }

    @Test
    void doesNotGiveASectionAwayBeforeItsEndIsAgreed() {
        Transceiver guest = server.add(MediaKind.VIDEO).send(GUEST_VIDEO);
        Peers.exchange(server, viewer);
        guest.stopSending();

        assertThat(server.add(MediaKind.VIDEO)).isNotSameAs(guest);
        SessionDescription offer = server.createOffer();
        assertThat(server.add(MediaKind.VIDEO)).isNotSameAs(guest);
        server.applyAnswer(Peers.answer(viewer, offer));
        assertThat(server.add(MediaKind.VIDEO)).isSameAs(guest);
    }

    @Test
    void doesNotUseASectionOfAnotherKind() {
        Transceiver guest = server.add(MediaKind.VIDEO).send(GUEST_VIDEO);
        Peers.exchange(server, viewer);
        guest.stopSending();
        Peers.exchange(server, viewer);

        assertThat(server.add(MediaKind.AUDIO)).isNotSameAs(guest);
    }

    @Test
    void offersAgainWhatChangedWhileAnOfferWasOut() {
        Transceiver guest = server.add(MediaKind.VIDEO).send(GUEST_VIDEO);
        SessionDescription offer = server.createOffer();
        guest.stopSending();
        server.add(MediaKind.AUDIO).send(SendTrack.of("late", "late-audio"));

        server.applyAnswer(Peers.answer(viewer, offer));

        assertThat(server.session().media("3").direction()).isEqualTo(Direction.SENDONLY);
        assertThat(server.needsOffer()).isTrue();
        Peers.exchange(server, viewer);
        assertThat(server.session().media("3").direction()).isEqualTo(Direction.INACTIVE);
        assertThat(server.session().media("4").direction()).isEqualTo(Direction.SENDONLY);
        assertThat(server.needsOffer()).isFalse();
    }

    @Test
    void returnsToTheAgreedStateWhenAnOfferIsCancelled() {
        NegotiatedSession agreed = server.session();
        Transceiver guest = server.add(MediaKind.VIDEO).send(GUEST_VIDEO);
        SessionDescription offer = server.createOffer();
        viewer.applyOffer(Peers.reparsed(offer));

        server.rollback();
        viewer.rollback();

        assertThat(server.session()).isSameAs(agreed);
        assertThat(server.state()).isEqualTo(State.STABLE);
        assertThat(viewer.state()).isEqualTo(State.STABLE);
        assertThat(guest.mid()).isNull();
        assertThat(viewer.transceivers()).hasSize(2);
        SessionDescription again = server.createOffer();
        assertThat(again.media()).isEqualTo(offer.media());
        assertThat(again.origin().sessionVersion()).isEqualTo("3");
        server.applyAnswer(Peers.answer(viewer, again));
        assertThat(guest.mid()).isEqualTo("3");
    }

    @Test
    void answersARepeatedOfferWithTheSameAnswer() {
        server.add(MediaKind.VIDEO).send(GUEST_VIDEO);
        SessionDescription offer = server.createOffer();
        SessionDescription answer = Peers.answer(viewer, offer);
        NegotiatedSession agreed = viewer.session();

        assertThat(Peers.answer(viewer, offer)).isEqualTo(answer);
        assertThat(viewer.session()).isSameAs(agreed);
        assertThat(viewer.transceivers()).hasSize(3);
    }

    @Test
    void repeatsTheAnswerThatRefusedASection() {
        server.add(MediaKind.VIDEO).send(GUEST_VIDEO);
        SessionDescription offer = Peers.reparsed(server.createOffer());
        viewer.applyOffer(offer);
        viewer.transceiver("3").stop();
        SessionDescription answer = viewer.createAnswer();

        viewer.applyOffer(offer);
        assertThat(viewer.createAnswer()).isEqualTo(answer);
        assertThat(viewer.transceivers()).hasSize(2);
    }

    @Test
    void givesThePlaceOfARefusedSectionToTheNextTrackUnderANewId() {
        Transceiver refused = server.add(MediaKind.VIDEO).send(GUEST_VIDEO);
        viewer.applyOffer(Peers.reparsed(server.createOffer()));
        viewer.transceiver("3").stop();
        SessionDescription answer = Peers.reparsed(viewer.createAnswer());
        assertThat(answer.media().get(3).port()).isZero();
        assertThat(answer.media().get(3).formats()).isNotEmpty();

        server.applyAnswer(answer);
        assertThat(server.session().media().get(2).rejected()).isTrue();
        assertThat(refused.isStopped()).isTrue();
        assertThat(server.transceivers()).doesNotContain(refused);
        assertThat(server.needsOffer()).isFalse();
        Peers.exchange(server, viewer);
        assertThat(server.session().local().media().get(3).isRejected()).isTrue();
        assertThat(server.session().local().bundle().mids()).containsExactly("0", "1", "2");

        server.add(MediaKind.AUDIO).send(SendTrack.of("next", "next-audio"));
        Peers.exchange(server, viewer);
        assertThat(server.session().local().media()).hasSize(4);
        assertThat(server.session().local().media().get(3).mid()).isEqualTo("4");
        assertThat(viewer.session().media("4").remoteMsids()).containsExactly(new Msid("next", "next-audio"));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 32})
    void fillsEverySlotAndNotOneMore(int slots) {
        Negotiation small = Peers.server().slotsMax(slots).build();
        Negotiation player =
                Peers.client().slotsMax(slots).offerDataChannel(true).build();
        player.add(MediaKind.AUDIO).receive(true);
        player.add(MediaKind.VIDEO).receive(true);
        Peers.exchange(player, small);

        for (int i = 3; i < slots; i++) {
            small.add(MediaKind.VIDEO).send(SendTrack.of("s" + i, "t" + i));
        }
        assertThat(small.add(MediaKind.VIDEO)).isNull();
        Peers.exchange(small, player);

        assertThat(small.session().acceptedMedia()).hasSize(slots - 1);
        assertThat(small.add(MediaKind.AUDIO)).isNull();
    }

    @Test
    void refusesAnOfferWithMoreSectionsThanSlots() {
        Negotiation small = Peers.server().slotsMax(2).build();

        assertThatThrownBy(() -> small.applyOffer(Recorded.description("chromium-156/offer-whep")))
                .isInstanceOfSatisfying(
                        SdpException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(SdpException.Reason.LIMIT));
        assertThat(small.state()).isEqualTo(State.STABLE);
    }

    @Test
    void writesNewCredentialsAfterAnIceRestart() {
        server.updateTransport(Peers.serverTransport().withCredentials("srv2", "another-password-of-24-chars"));

        Peers.exchange(server, viewer);

        assertThat(viewer.session().remoteTransport().ufrag()).isEqualTo("srv2");
        assertThat(server.session().localTransport().ufrag()).isEqualTo("srv2");
    }

    @Test
    void takesNoOfferWhileItsOwnIsOut() {
        server.createOffer();

        assertThatThrownBy(() -> server.applyOffer(viewer.session().local())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(server::createOffer).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(server::createAnswer).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void offersSimulcastAndLearnsWhichStreamsAreTaken() {
        Negotiation publisher = Peers.client().build();
        publisher.add(MediaKind.VIDEO).send(OTHER_VIDEO.withRids(List.of("h", "m", "l")));
        Negotiation engine = Peers.server().build();

        Peers.exchange(publisher, engine);
        assertThat(publisher.session().media("0").sendRids()).containsExactly("h", "m", "l");
        assertThat(engine.session().media("0").receiveRids()).containsExactly("h", "m", "l");

        Peers.exchange(publisher, engine);
        assertThat(engine.session().media("0").receiveRids()).containsExactly("h", "m", "l");
        // The engine may offer too, as it does to take part of the session back; what it receives stays.
        Peers.exchange(engine, publisher);
        assertThat(engine.session().media("0").receiveRids()).containsExactly("h", "m", "l");
        assertThat(publisher.session().media("0").sendRids()).containsExactly("h", "m", "l");
    }

    @Test
    void answersWithoutSimulcastWhenItIsSwitchedOff() {
        Negotiation publisher = Peers.client().build();
        publisher.add(MediaKind.VIDEO).send(OTHER_VIDEO.withRids(List.of("h", "m", "l")));
        Negotiation engine = Negotiation.builder(
                        Capabilities.forwarding().withSimulcast(false), Peers.serverTransport(), 1)
                .build();

        Peers.exchange(publisher, engine);

        assertThat(engine.session().local().media().get(0).attributes("rid")).isEmpty();
        assertThat(publisher.session().media("0").sendRids()).isEmpty();
    }
}

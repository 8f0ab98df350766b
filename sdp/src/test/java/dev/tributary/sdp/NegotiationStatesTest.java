// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static dev.tributary.sdp.Negotiation.State.STABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.sdp.Negotiation.State;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every call in every state, and what a rollback leaves. */
final class NegotiationStatesTest {
    private static final SendTrack TRACK = SendTrack.of("guest", "track");

    private final Negotiation ours = Peers.server().build();
    private final Negotiation theirs = Peers.client().build();

    @BeforeEach
    void agree() {
        theirs.add(MediaKind.AUDIO).receive(true);
        theirs.add(MediaKind.VIDEO).receive(true);
        Peers.exchange(theirs, ours);
    }

    /** Brings our side into that state. */
    private void bring(State state) {
        switch (state) {
            case STABLE -> {}
            case HAVE_LOCAL_OFFER -> ours.createOffer();
            case HAVE_REMOTE_OFFER -> ours.applyOffer(Peers.reparsed(theirs.createOffer()));
        }
        assertThat(ours.state()).isEqualTo(state);
    }

    private enum Call {
        CREATE_OFFER,
        APPLY_ANSWER,
        APPLY_OFFER,
        CREATE_ANSWER,
        ROLLBACK
    }

    private void make(Call call) {
        SessionDescription goodAnswer = Peers.reparsed(theirs.session().local());
        switch (call) {
            case CREATE_OFFER -> ours.createOffer();
            case APPLY_ANSWER ->
                ours.applyAnswer(
                        ours.state() == State.HAVE_LOCAL_OFFER
                                ? Peers.answer(theirs, ours.pendingOffer())
                                : goodAnswer);
            case APPLY_OFFER -> ours.applyOffer(Peers.reparsed(theirs.createOffer()));
            case CREATE_ANSWER -> ours.createAnswer();
            case ROLLBACK -> ours.rollback();
        }
    }

    /** State, call, state afterwards; empty where the call is a mistake of the caller. */
    @ParameterizedTest
    @CsvSource({
        "STABLE,            CREATE_OFFER,  HAVE_LOCAL_OFFER",
        "STABLE,            APPLY_ANSWER,  ",
        "STABLE,            APPLY_OFFER,   HAVE_REMOTE_OFFER",
        "STABLE,            CREATE_ANSWER, ",
        "STABLE,            ROLLBACK,      STABLE",
        "HAVE_LOCAL_OFFER,  CREATE_OFFER,  ",
        "HAVE_LOCAL_OFFER,  APPLY_ANSWER,  STABLE",
        "HAVE_LOCAL_OFFER,  APPLY_OFFER,   ",
        "HAVE_LOCAL_OFFER,  CREATE_ANSWER, ",
        "HAVE_LOCAL_OFFER,  ROLLBACK,      STABLE",
        "HAVE_REMOTE_OFFER, CREATE_OFFER,  ",
        "HAVE_REMOTE_OFFER, APPLY_ANSWER,  ",
        "HAVE_REMOTE_OFFER, APPLY_OFFER,   ",
        "HAVE_REMOTE_OFFER, CREATE_ANSWER, STABLE",
        "HAVE_REMOTE_OFFER, ROLLBACK,      STABLE",
    })
    void goesFromStateToState(State before, Call call, State after) {
        bring(before);
        NegotiatedSession agreed = ours.session();

        if (after == null) {
            theirs.rollback();
            assertThatThrownBy(() -> make(call))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(before.name());
            assertThat(ours.state()).isEqualTo(before);
            assertThat(ours.session()).isSameAs(agreed);
        } else {
            make(call);
            assertThat(ours.state()).isEqualTo(after);
        }
        assertThat(ours.pendingOffer() == null).isEqualTo(ours.state() == STABLE);
    }

    @Nested
    final class Rollback {
        @ParameterizedTest
        @EnumSource(State.class)
        void leavesWhatWasAgreed(State state) {
            NegotiatedSession agreed = ours.session();
            int transceivers = ours.transceivers().size();
            theirs.add(MediaKind.VIDEO).receive(true);
            bring(state);

            ours.rollback();

            assertThat(ours.state()).isEqualTo(STABLE);
            assertThat(ours.session()).isSameAs(agreed);
            assertThat(ours.pendingOffer()).isNull();
            assertThat(ours.transceivers()).hasSize(transceivers);
        }

        @ParameterizedTest
        @EnumSource(State.class)
        void keepsWishesAndOffersThemAgain(State state) {
            Transceiver waiting = ours.add(MediaKind.VIDEO).send(TRACK);
            bring(state);
            ours.rollback();
            theirs.rollback();

            assertThat(waiting.mid()).isNull();
            assertThat(waiting.index()).isEqualTo(-1);
            assertThat(ours.transceivers()).contains(waiting);
            assertThat(ours.needsOffer()).isTrue();
            Peers.exchange(ours, theirs);
            assertThat(waiting.mid()).isEqualTo("2");
            assertThat(theirs.session().media("2").remoteMsids()).containsExactly(TRACK.msid());
        }

        @Test
        void ofAFirstOfferLeavesNothing() {
            Negotiation fresh = Peers.client().build();
            Transceiver transceiver = fresh.add(MediaKind.AUDIO).receive(true);
            SessionDescription first = fresh.createOffer();

            fresh.rollback();

            assertThat(fresh.session()).isNull();
            assertThat(transceiver.mid()).isNull();
            assertThat(fresh.createOffer().media()).isEqualTo(first.media());
        }

        @Test
        void ofAFirstOfferOfThePeerLeavesNothing() {
            Negotiation fresh = Peers.server().build();
            fresh.applyOffer(Recorded.description("chromium-156/offer-whep"));
            assertThat(fresh.transceivers()).hasSize(2);

            fresh.rollback();

            assertThat(fresh.session()).isNull();
            assertThat(fresh.transceivers()).isEmpty();
            fresh.applyOffer(Recorded.description("firefox-153/offer-whep"));
            assertThat(fresh.createAnswer().media()).hasSize(3);
        }

        @Test
        void leavesARefusedSectionRefused() {
            ours.transceiver("1").stop();
            Peers.exchange(ours, theirs);
            Transceiver next = ours.add(MediaKind.VIDEO).send(TRACK);
            assertThat(ours.createOffer().media().get(1).mid()).isEqualTo("2");
            assertThat(next.index()).isEqualTo(1);

            ours.rollback();

            assertThat(next.index()).isEqualTo(-1);
            assertThat(ours.session().isRefused(1)).isTrue();
            Peers.exchange(ours, theirs);
            assertThat(ours.session().media("2").index()).isEqualTo(1);
        }

        @Test
        void keepsTheWishToStop() {
            ours.transceiver("1").stop();
            ours.createOffer();
            ours.rollback();

            assertThat(ours.session().media("1").rejected()).isFalse();
            assertThat(ours.needsOffer()).isTrue();
            Peers.exchange(ours, theirs);
            assertThat(ours.session().media("1").rejected()).isTrue();
        }

        @Test
        void takesTheNextOfferAfterOneThatWasCancelled() {
            theirs.add(MediaKind.VIDEO).receive(true);
            ours.applyOffer(Peers.reparsed(theirs.createOffer()));
            ours.rollback();
            theirs.rollback();
            theirs.add(MediaKind.AUDIO).receive(true);

            Peers.exchange(theirs, ours);

            assertThat(ours.session().media())
                    .extracting(NegotiatedMedia::kind)
                    .containsExactly(MediaKind.AUDIO, MediaKind.VIDEO, MediaKind.VIDEO, MediaKind.AUDIO);
        }
    }

    @Nested
    final class ChangedTag {
        private String tag(SessionDescription description) {
            return description.bundle().mids().get(0);
        }

        @Test
        void goesToTheNextSectionWhenOursIsStopped() {
            ours.transceiver("0").stop();
            Peers.exchange(ours, theirs);

            assertThat(ours.session().local().bundle().mids()).containsExactly("1");
            assertThat(ours.session().local().media().get(1).candidates()).isNotEmpty();
            Peers.exchange(theirs, ours);
            assertThat(tag(theirs.session().local())).isEqualTo("1");
            assertThat(theirs.session().remoteTransport().candidates()).isNotEmpty();
        }

        @Test
        void followsAnOfferThatNamesAnotherSectionFirst() {
            String offer = theirs.createOffer().write().replace("BUNDLE 0 1", "BUNDLE 1 0");

            SessionDescription answer = Peers.answer(ours, SessionDescription.parse(offer));

            assertThat(answer.bundle().mids()).containsExactly("1", "0");
            assertThat(answer.media().get(1).candidates()).isNotEmpty();
            assertThat(answer.media().get(0).candidates()).isEmpty();
            theirs.applyAnswer(answer);
            Peers.exchange(ours, theirs);
            assertThat(ours.session().local().bundle().mids()).containsExactly("1", "0");
        }

        @Test
        void takesTheTransportOfTheSectionThatIsTaggedNow() {
            Map<String, String> passwords =
                    Map.of("0", "password-of-section-zero-x", "1", "password-of-section-one-xx");
            StringBuilder offer = new StringBuilder();
            String mid = "";
            for (String section : theirs.createOffer().write().split("(?=m=)")) {
                mid = section.contains("a=mid:0") ? "0" : section.contains("a=mid:1") ? "1" : "";
                offer.append(
                        mid.isEmpty()
                                ? section
                                : section.replaceAll("a=ice-pwd:.*", "a=ice-pwd:" + passwords.get(mid)));
            }

            Peers.answer(ours, SessionDescription.parse(offer.toString().replace("BUNDLE 0 1", "BUNDLE 1 0")));

            assertThat(ours.session().remoteTransport().password()).isEqualTo(passwords.get("1"));
        }

        @Test
        void leavesTheAgreedTransportWhenEverySectionIsRefused() {
            TransportDescription before = ours.session().remoteTransport();
            ours.transceivers().forEach(Transceiver::stop);
            Peers.exchange(ours, theirs);

            assertThat(ours.session().acceptedMedia()).isEmpty();
            assertThat(ours.session().local().bundle()).isNull();
            assertThat(ours.session().remoteTransport().password()).isEqualTo(before.password());
            assertThat(ours.session().remoteTransport().fingerprints()).isEqualTo(before.fingerprints());
            ours.add(MediaKind.VIDEO).send(TRACK);
            Peers.exchange(ours, theirs);
            assertThat(ours.session().acceptedMedia()).hasSize(1);
            assertThat(ours.session().dtlsRole()).isNotEqualTo(theirs.session().dtlsRole());
        }
    }

    @Nested
    final class SectionsOfThePeer {
        @Test
        void stopOursWhenTheyAreStopped() {
            Transceiver video = ours.transceiver("1");
            theirs.transceiver("1").stop();

            Peers.exchange(theirs, ours);

            assertThat(video.isStopped()).isTrue();
            assertThat(ours.transceivers()).doesNotContain(video);
            assertThat(ours.session().media("1").rejected()).isTrue();
            assertThat(ours.session().local().media().get(1).port()).isZero();
        }

        @Test
        void takeTheirPlaceAgainUnderAnotherId() {
            theirs.transceiver("1").stop();
            Peers.exchange(theirs, ours);
            theirs.add(MediaKind.AUDIO).receive(true);

            Peers.exchange(theirs, ours);

            assertThat(ours.session().media()).hasSize(2);
            assertThat(ours.session().media("2").index()).isEqualTo(1);
            assertThat(ours.session().media("2").kind()).isEqualTo(MediaKind.AUDIO);
            assertThat(ours.transceiver("2")).isNotNull();
            assertThat(ours.transceiver("1")).isNull();
        }

        @Test
        void areRefusedByOneSideOnlyAndRecycledByTheOther() {
            theirs.add(MediaKind.VIDEO).receive(true);
            ours.applyOffer(Peers.reparsed(theirs.createOffer()));
            ours.transceiver("2").stop();
            theirs.applyAnswer(Peers.reparsed(ours.createAnswer()));
            assertThat(theirs.session().media("2").rejected()).isTrue();

            ours.add(MediaKind.AUDIO).send(TRACK);
            Peers.exchange(ours, theirs);

            assertThat(theirs.session().media("3").index()).isEqualTo(2);
            assertThat(theirs.session().media("3").direction()).isEqualTo(Direction.RECVONLY);
        }
    }

    @Nested
    final class MuxOnly {
        private String answerTo(String offer) {
            return Peers.answer(Peers.server().build(), SessionDescription.parse(offer))
                    .write();
        }

        private Stream<Boolean> muxOnly(String description) {
            return SessionDescription.parse(description).media().stream().map(MediaDescription::isRtcpMuxOnly);
        }

        private String firstOffer() {
            Negotiation first = Peers.client().build();
            first.add(MediaKind.AUDIO).receive(true);
            first.add(MediaKind.VIDEO).receive(true);
            return first.createOffer().write();
        }

        @Test
        void isSaidInEachRtpSectionOfAFirstOffer() {
            assertThat(muxOnly(firstOffer())).containsExactly(true, true);
        }

        /** RFC 9429 §5.2.2. */
        @Test
        void isNotSaidInALaterOffer() {
            theirs.add(MediaKind.VIDEO).receive(true);

            assertThat(muxOnly(theirs.createOffer().write())).containsExactly(false, false, false);
        }

        /** RFC 9143 §9.3.1.2 wants it in the answerer's tagged section when it stands in the offerer's. */
        @Test
        void isAnsweredInTheTaggedSectionWhenTheTaggedSectionSaidIt() {
            assertThat(muxOnly(answerTo(firstOffer()))).containsExactly(true, false);
        }

        @Test
        void isNotAnsweredWhenTheTaggedSectionDidNotSayIt() {
            String offer = firstOffer().replaceFirst("a=rtcp-mux-only\r\n", "");

            assertThat(muxOnly(offer)).containsExactly(false, true);
            assertThat(muxOnly(answerTo(offer))).containsOnly(false);
        }

        /** RFC 8858 §4.3: outside of a group, an answer never says it. */
        @Test
        void isNotAnsweredWithoutAGroup() {
            Negotiation single = Peers.client().build();
            single.add(MediaKind.AUDIO).receive(true);
            String offer = single.createOffer().write().replaceFirst("a=group:BUNDLE 0\r\n", "");

            assertThat(muxOnly(answerTo(offer))).containsOnly(false);
            assertThat(SessionDescription.parse(answerTo(offer)).media().get(0).isRtcpMux())
                    .isTrue();
        }
    }
}

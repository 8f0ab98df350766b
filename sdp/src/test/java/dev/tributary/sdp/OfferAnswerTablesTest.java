// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every cell of the small tables of RFC 3264 and RFC 8842. */
final class OfferAnswerTablesTest {
    /** Offered, wanted by the answerer, answered (RFC 3264 §6.1). */
    @ParameterizedTest
    @CsvSource({
        "SENDRECV, SENDRECV, SENDRECV", "SENDRECV, SENDONLY, SENDONLY", "SENDRECV, RECVONLY, RECVONLY",
                "SENDRECV, INACTIVE, INACTIVE",
        "SENDONLY, SENDRECV, RECVONLY", "SENDONLY, SENDONLY, INACTIVE", "SENDONLY, RECVONLY, RECVONLY",
                "SENDONLY, INACTIVE, INACTIVE",
        "RECVONLY, SENDRECV, SENDONLY", "RECVONLY, SENDONLY, SENDONLY", "RECVONLY, RECVONLY, INACTIVE",
                "RECVONLY, INACTIVE, INACTIVE",
        "INACTIVE, SENDRECV, INACTIVE", "INACTIVE, SENDONLY, INACTIVE", "INACTIVE, RECVONLY, INACTIVE",
                "INACTIVE, INACTIVE, INACTIVE",
    })
    void answersEveryDirection(Direction offered, Direction wanted, Direction answered) {
        assertThat(offered.answeredWith(wanted)).isEqualTo(answered);

        Negotiation offerer = Peers.client().build();
        Negotiation answerer = Peers.server().build();
        want(offerer.add(MediaKind.VIDEO), offered);
        answerer.applyOffer(Peers.reparsed(offerer.createOffer()));
        want(answerer.transceivers().get(0), wanted);
        offerer.applyAnswer(Peers.reparsed(answerer.createAnswer()));

        assertThat(answerer.session().media("0").direction()).isEqualTo(answered);
        assertThat(offerer.session().media("0").direction()).isEqualTo(answered.reversed());
        assertThat(offerer.session().media("0").localMsid() != null).isEqualTo(answered.receives());
        assertThat(answerer.session().media("0").remoteMsids().isEmpty()).isEqualTo(!offered.sends());
    }

    private static void want(Transceiver transceiver, Direction direction) {
        transceiver.receive(direction.receives());
        if (direction.sends()) {
            transceiver.send(SendTrack.of("stream", "track"));
        }
    }

    /** Offered, role agreed before, wanted role, answered role; empty where there is none, or the offer is refused. */
    @ParameterizedTest
    @CsvSource({
        "ACTPASS,         , ACTIVE, ACTIVE", "ACTPASS,         , PASSIVE, PASSIVE",
        "ACTIVE,          , ACTIVE, PASSIVE", "ACTIVE,          , PASSIVE, PASSIVE",
        "PASSIVE,         , ACTIVE, ACTIVE", "PASSIVE,         , PASSIVE, ACTIVE",
        "HOLDCONN,        , ACTIVE, ''", "HOLDCONN,        , PASSIVE, ''",
        ",                , ACTIVE, PASSIVE", ",                , PASSIVE, PASSIVE",
        "ACTPASS,  ACTIVE,  PASSIVE, ACTIVE", "ACTPASS,  PASSIVE, ACTIVE,  PASSIVE",
        "ACTIVE,   ACTIVE,  ACTIVE,  ''", "ACTIVE,   PASSIVE, ACTIVE,  PASSIVE",
        "PASSIVE,  ACTIVE,  PASSIVE, ACTIVE", "PASSIVE,  PASSIVE, ACTIVE,  ''",
        "HOLDCONN, ACTIVE,  ACTIVE,  ''", "HOLDCONN, PASSIVE, ACTIVE,  ''",
        ",         ACTIVE,  ACTIVE,  ''", ",         PASSIVE, ACTIVE,  PASSIVE",
    })
    void answersEverySetup(Setup offered, Setup agreed, Setup wanted, String answered) {
        if (answered.isEmpty()) {
            assertThatThrownBy(() -> AnswerCheck.roleOfAnswerer(offered, wanted, agreed))
                    .isInstanceOf(SdpException.class);
        } else {
            assertThat(AnswerCheck.roleOfAnswerer(offered, wanted, agreed)).isEqualTo(Setup.valueOf(answered));
        }
    }

    /**
     * Answered, role agreed before, role of the offerer when its transport is another one, and when it stays the same; empty where
     * there is none, or the answer is refused.
     */
    @ParameterizedTest
    @CsvSource({
        "ACTIVE,   ,        PASSIVE, PASSIVE",
        "PASSIVE,  ,        ACTIVE,  ACTIVE",
        "ACTPASS,  ,        '',      ''",
        "HOLDCONN, ,        '',      ''",
        ",         ,        '',      ''",
        "ACTIVE,   PASSIVE, PASSIVE, PASSIVE",
        "ACTIVE,   ACTIVE,  '',      ACTIVE",
        "PASSIVE,  ACTIVE,  ACTIVE,  ACTIVE",
        "PASSIVE,  PASSIVE, '',      PASSIVE",
        "ACTPASS,  ACTIVE,  '',      ''",
        "ACTPASS,  PASSIVE, '',      ''",
        "HOLDCONN, ACTIVE,  '',      ''",
        "HOLDCONN, PASSIVE, '',      ''",
        ",         ACTIVE,  '',      ''",
        ",         PASSIVE, '',      ''",
    })
    void takesOnlyARoleForAnAnswer(Setup answered, Setup agreed, String roleOfAnother, String roleOfTheSame) {
        TransportDescription before = Peers.serverTransport().withSetup(Setup.ACTIVE);
        NegotiatedSession session = agreed == null ? null : sessionWith(agreed, before);

        checkRoleOfOfferer(before.withSetup(answered), session, roleOfTheSame);
        checkRoleOfOfferer(
                before.withCredentials("new1", "another-password-of-24-chars").withSetup(answered),
                session,
                roleOfAnother);
    }

    private static void checkRoleOfOfferer(TransportDescription answered, NegotiatedSession agreed, String role) {
        if (role.isEmpty()) {
            assertThatThrownBy(() -> AnswerCheck.roleOfOfferer(answered, agreed))
                    .isInstanceOf(SdpException.class);
        } else {
            assertThat(AnswerCheck.roleOfOfferer(answered, agreed)).isEqualTo(Setup.valueOf(role));
        }
    }

    private static NegotiatedSession sessionWith(Setup role, TransportDescription remote) {
        SessionDescription any = Recorded.description("chromium-156/offer-datachannel");
        return new Outcome(any, any, true).session(Peers.serverTransport(), remote, role, true);
    }
}

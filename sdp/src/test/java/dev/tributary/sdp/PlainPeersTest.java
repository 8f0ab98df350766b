// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.sdp.SdpException.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Offers in the manner of encoders and servers that are no browsers, and offers that cannot be answered. */
final class PlainPeersTest {
    private static final String FINGERPRINT = "a=fingerprint:sha-256 " + "CC:".repeat(31) + "CC\n";
    private static final String CREDENTIALS = "a=ice-ufrag:abcd\na=ice-pwd:0123456789012345678901\n";
    private static final String TRANSPORT = CREDENTIALS + FINGERPRINT + "a=setup:actpass\n";
    private static final String HEAD = "v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nt=0 0\n";
    private static final String OPUS = "m=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 opus/48000/2\na=rtcp-mux\n";
    private static final String VP8 = "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=rtcp-mux\n";

    private final Negotiation server = Peers.server().build();

    private SessionDescription answer(String offer) {
        SessionDescription parsed = SessionDescription.parse(offer);
        SessionDescription answer = Peers.answer(server, parsed);
        AnswerRules.checkOurs(parsed, answer);
        return answer;
    }

    private void refuses(String offer, Reason reason, String rule) {
        assertThatThrownBy(() -> server.applyOffer(SessionDescription.parse(offer)))
                .isInstanceOfSatisfying(SdpException.class, failure -> {
                    assertThat(failure.reason()).isEqualTo(reason);
                    assertThat(failure.rule()).contains(rule);
                });
        assertThat(server.state()).isEqualTo(Negotiation.State.STABLE);
        assertThat(server.transceivers()).isEmpty();
    }

    @Test
    void answersAnEncoderThatSaysEverythingAtSessionLevel() {
        SessionDescription answer = answer(HEAD + "a=group:BUNDLE 0 1\na=group:LS 0 1\na=msid-semantic:WMS *\n"
                + "a=ice-options:ice2,trickle\n" + TRANSPORT
                + OPUS
                + "a=mid:0\na=sendonly\na=ssrc:1 cname:c\na=ssrc:1 msid:s s-audio\na=fmtp:111 minptime=10;stereo=1\n"
                + "m=video 9 UDP/TLS/RTP/SAVPF 96\na=mid:1\na=sendonly\na=ssrc:2 cname:c\na=ssrc:2 msid:s s-video\n"
                + "a=rtcp-mux\na=rtpmap:96 H264/90000\na=rtcp-fb:96 nack\na=rtcp-fb:96 nack pli\n"
                + "a=fmtp:96 profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1\n");

        assertThat(answer.bundle().mids()).containsExactly("0", "1");
        assertThat(answer.media().get(0).attributes("fmtp")).containsExactly("111 minptime=10;stereo=1");
        assertThat(answer.media().get(1).attributes("fmtp"))
                .containsExactly("96 profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1");
        assertThat(answer.media()).extracting(MediaDescription::direction).containsOnly(Direction.RECVONLY);
        assertThat(server.session().remoteTransport().candidates()).isEmpty();
        assertThat(server.session().remoteTransport().iceOptions()).containsExactly("ice2", "trickle");
        assertThat(server.session().media("1").remoteMsids()).containsExactly(new Msid("s", "s-video"));
        assertThat(server.session().media("0").remoteAnnotation()).isEqualTo(TrackAnnotation.DEFAULT);
        assertThat(server.session().dataChannel()).isNull();
    }

    @Test
    void answersAnEncoderThatWantsToBeTheServerOfTheHandshake() {
        SessionDescription answer = answer(HEAD + "a=group:BUNDLE 0 1\na=extmap-allow-mixed\n" + OPUS
                + TRANSPORT.replace("actpass", "passive") + "a=mid:0\na=sendonly\na=msid:FFmpeg audio\n");

        assertThat(answer.media().get(0).attribute("setup")).isEqualTo("active");
        assertThat(answer.bundle().mids()).containsExactly("0");
        assertThat(server.session().dtlsRole()).isEqualTo(Setup.ACTIVE);
    }

    @Test
    void answersAnEncoderThatStartsTheHandshakeItself() {
        SessionDescription answer = answer(HEAD + OPUS + TRANSPORT.replace("actpass", "active") + "a=sendonly\n");

        assertThat(answer.media().get(0).attribute("setup")).isEqualTo("passive");
    }

    @Test
    void answersASingleSectionWithoutGroupAndMid() {
        SessionDescription answer = answer(HEAD + VP8 + TRANSPORT);

        assertThat(answer.bundle()).isNull();
        assertThat(answer.media().get(0).mid()).isNull();
        assertThat(server.session().media("0").codecs()).hasSize(1);
    }

    @Test
    void mirrorsNumberedStreamsOfAnEncoder() {
        SessionDescription answer = answer(HEAD + "a=group:BUNDLE v\n" + VP8 + TRANSPORT
                + "a=mid:v\na=sendonly\na=rid:0 send\na=rid:1 send\na=rid:2 send pt=96\na=simulcast:send 0;~1;2\n");

        assertThat(answer.media().get(0).attribute("simulcast")).isEqualTo("recv 0;~1;2");
        assertThat(answer.media().get(0).attributes("rid")).containsExactly("0 recv", "1 recv", "2 recv pt=96");
    }

    @Test
    void leavesOutStreamsThatItCannotTake() {
        SessionDescription answer = answer(HEAD + "a=group:BUNDLE v\n" + VP8.replace(" 96\n", " 96 98\n") + TRANSPORT
                + "a=rtpmap:98 VP9/90000\na=mid:v\na=sendonly\na=rid:a send pt=98\na=rid:b send pt=96,98\n"
                + "a=rid:c send max-width=640\na=rid:unused send\na=simulcast:send a;b,b;missing;c\n");

        assertThat(answer.media().get(0).attribute("simulcast")).isEqualTo("recv b;c");
        assertThat(answer.media().get(0).attributes("rid")).containsExactly("b recv pt=96", "c recv max-width=640");
        assertThat(server.session().media("v").receiveRids()).containsExactly("b", "c");
    }

    @Test
    void doesNotTakeBundleOnlySectionsForRefusedOnes() {
        SessionDescription answer = answer(HEAD + "a=group:BUNDLE 0 1\n" + OPUS + TRANSPORT + "a=mid:0\n"
                + VP8.replace(" 9 ", " 0 ") + "a=mid:1\na=bundle-only\n");

        assertThat(answer.media().get(1).port()).isNotZero();
        assertThat(answer.bundle().mids()).containsExactly("0", "1");
    }

    @Test
    void movesTheTagWhenTheTaggedSectionIsRefused() {
        SessionDescription answer = answer(HEAD + "a=group:BUNDLE a v\n" + OPUS.replace("opus", "unknown") + TRANSPORT
                + "a=mid:a\n" + VP8 + TRANSPORT + "a=mid:v\n");

        assertThat(answer.media().get(0).isRejected()).isTrue();
        assertThat(answer.media().get(0).formats()).containsExactly("111");
        assertThat(answer.bundle().mids()).containsExactly("v");
        assertThat(answer.media().get(1).candidates()).isNotEmpty();
        assertThat(server.session().media().get(0).rejected()).isTrue();
    }

    @Test
    void refusesSectionsOutsideTheGroupAndOfUnknownKind() {
        SessionDescription answer = answer(HEAD + "a=group:BUNDLE v x d\n" + VP8 + TRANSPORT + "a=mid:v\n"
                + OPUS + TRANSPORT + "a=mid:a\nm=text 9 RTP/AVP 98\na=rtcp-mux\na=mid:x\n"
                + "m=application 9 DTLS/SCTP 5000\na=mid:d\na=sctpmap:5000 something-else 1024\n");

        assertThat(answer.media()).extracting(MediaDescription::isRejected).containsExactly(false, true, true, true);
        assertThat(answer.media().get(3).formats()).containsExactly("5000");
        assertThat(server.session().media())
                .extracting(NegotiatedMedia::rejected)
                .containsExactly(false, true);
    }

    @Test
    void acceptsOneDataChannelSectionWithItsNumbers() {
        String channel = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=sctp-port:5001\na=max-message-size:0\n";
        SessionDescription answer =
                answer(HEAD + "a=group:BUNDLE 0 1\n" + channel + TRANSPORT + "a=mid:0\n" + channel + "a=mid:1\n");

        assertThat(answer.media()).extracting(MediaDescription::isRejected).containsExactly(false, true);
        assertThat(answer.media().get(0).sctpPort()).isEqualTo(5000);
        assertThat(server.session().dataChannel())
                .isEqualTo(new NegotiatedDataChannel(0, "0", 5000, 5001, Long.MAX_VALUE));
    }

    @Test
    void acceptsADataChannelSectionInTheFormOfTheDrafts() {
        SessionDescription answer = answer(HEAD + "m=application 9 DTLS/SCTP 5002\n" + TRANSPORT
                + "a=mid:d\na=sctpmap:5002 webrtc-datachannel 65535\na=max-message-size:65536\n");

        assertThat(answer.media().get(0).protocol()).isEqualTo("DTLS/SCTP");
        assertThat(answer.media().get(0).formats()).containsExactly("5000");
        assertThat(answer.media().get(0).attributes("sctpmap")).containsExactly("5000 webrtc-datachannel 65535");
        assertThat(server.session().dataChannel()).isEqualTo(new NegotiatedDataChannel(0, "d", 5000, 5002, 65_536));
    }

    @Test
    void refusesADataChannelThatIsNotWantedOrClosed() {
        String offer = HEAD + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\n" + TRANSPORT;
        Negotiation without = Peers.server().dataChannel(null).build();

        assertThat(Peers.answer(without, SessionDescription.parse(offer))
                        .media()
                        .get(0)
                        .isRejected())
                .isTrue();
        assertThat(answer(offer + "a=sctp-port:0\n").media().get(0).isRejected())
                .isTrue();
    }

    @Test
    void keepsTheOrderOfItsOwnPreferenceAndThePayloadTypesOfTheOffer() {
        SessionDescription answer = answer(HEAD + "m=video 9 UDP/TLS/RTP/SAVPF 120 121 122 123 124\na=rtcp-mux\n"
                + "a=rtpmap:120 H264/90000\na=rtpmap:121 rtx/90000\na=fmtp:121 apt=120\na=rtpmap:122 VP9/90000\n"
                + "a=rtpmap:123 vp8/90000\na=rtcp-fb:123 nack\na=rtcp-fb:123 strange thing\n"
                + "a=rtpmap:124 rtx/90000\na=fmtp:124 apt=122\n" + TRANSPORT);

        assertThat(answer.media().get(0).formats()).containsExactly("123", "120", "121");
        assertThat(answer.media().get(0).attributes("rtcp-fb")).containsExactly("123 nack");
        assertThat(server.session().media("0").codecs())
                .extracting(NegotiatedCodec::receivePayloadType, NegotiatedCodec::localRtx)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(123, -1), org.assertj.core.groups.Tuple.tuple(120, 121));
    }

    @Test
    void takesOnlyTheConfigurationsOfADecoderWhenAskedTo() {
        Negotiation decoder = Negotiation.builder(
                        Capabilities.forwarding().withAnyConfiguration(false), Peers.serverTransport(), 1)
                .build();
        decoder.applyOffer(Recorded.description("chromium-156/offer-whep"));
        decoder.createAnswer();

        assertThat(decoder.session().media().get(1).codecs())
                .filteredOn(codec -> codec.name().equals("H264"))
                .isNotEmpty()
                .allSatisfy(codec -> assertThat(
                                H264Profile.of(codec.local().parameters().get("profile-level-id")))
                        .isIn(H264Profile.CONSTRAINED_BASELINE, H264Profile.HIGH));
    }

    @ParameterizedTest
    @CsvSource({
        "14, '', true",
        "15, '', false",
        "16, '', false",
        "15, 'a=extmap-allow-mixed\n', false",
        "16, 'a=extmap-allow-mixed\n', true",
        "255, 'a=extmap-allow-mixed\n', true",
        "256, 'a=extmap-allow-mixed\n', false"
    })
    void takesIdsThatFitTheHeadersInUse(int id, String mixed, boolean taken) {
        answer(HEAD + mixed + VP8 + TRANSPORT + "a=extmap:" + id + " " + HeaderExtension.MID + "\n");

        assertThat(server.session().media("0").extensionId(HeaderExtension.MID)).isEqualTo(taken ? id : -1);
    }

    @Test
    void turnsTheDirectionOfExtensionsRound() {
        SessionDescription answer =
                answer(HEAD + VP8 + TRANSPORT + "a=extmap:3/sendonly " + HeaderExtension.ABS_SEND_TIME + "\n");

        assertThat(answer.media().get(0).attributes("extmap"))
                .containsExactly("3/recvonly " + HeaderExtension.ABS_SEND_TIME);
        assertThat(server.session().media("0").headerExtensions().get(0).direction())
                .isEqualTo(Direction.RECVONLY);
    }

    @Test
    void refusesOffersThatCannotShareOneTransport() {
        refuses(HEAD + OPUS + TRANSPORT + VP8 + TRANSPORT, Reason.INCOMPATIBLE, "BUNDLE");
        refuses(HEAD + OPUS.replace("a=rtcp-mux\n", "") + TRANSPORT, Reason.INCOMPATIBLE, "one port");
        refuses(HEAD + OPUS + TRANSPORT.replace("actpass", "holdconn"), Reason.INCOMPATIBLE, "setup");
    }

    @Test
    void refusesOffersWithoutWhatSecurityNeeds() {
        refuses(HEAD, Reason.INCOMPATIBLE, "at least one section");
        refuses(HEAD + OPUS + FINGERPRINT, Reason.MISSING, "ice-ufrag");
        refuses(HEAD + OPUS + CREDENTIALS, Reason.MISSING, "fingerprint");
        refuses(
                HEAD + "a=group:BUNDLE a\n" + OPUS + TRANSPORT + "a=mid:a\n" + VP8 + "a=mid:a\n",
                Reason.CONFLICT,
                "unique");
    }

    @Test
    void refusesALaterOfferThatBreaksWithWhatWasAgreed() {
        String first = HEAD + "a=group:BUNDLE 0 1\n" + OPUS + TRANSPORT + "a=mid:0\n" + VP8 + TRANSPORT + "a=mid:1\n";
        answer(first);
        for (String broken : List.of(
                HEAD + "a=group:BUNDLE 0\n" + OPUS + TRANSPORT + "a=mid:0\n",
                HEAD + "a=group:BUNDLE 1 0\n" + VP8 + TRANSPORT + "a=mid:1\n" + OPUS + TRANSPORT + "a=mid:0\n",
                first.replace("BUNDLE 0 1", "BUNDLE 0 2").replace("a=mid:1", "a=mid:2"),
                first.replace("CC:", "DD:"),
                first.replace("actpass", "active").replace("passive", "active"))) {
            NegotiatedSession agreed = server.session();
            SessionDescription offer = SessionDescription.parse(broken);
            if (broken.contains("setup:active")) {
                assertThat(agreed.dtlsRole()).isEqualTo(Setup.ACTIVE);
            }
            assertThatThrownBy(() -> server.applyOffer(offer))
                    .isInstanceOfSatisfying(
                            SdpException.class,
                            failure -> assertThat(failure.reason()).isIn(Reason.MISMATCH, Reason.INCOMPATIBLE));
            assertThat(server.session()).isSameAs(agreed);
        }
    }

    @Test
    void refusesAnswersThatDoNotFitTheOffer() {
        Negotiation client = Peers.client().offerDataChannel(true).build();
        client.add(MediaKind.AUDIO).receive(true);
        client.add(MediaKind.VIDEO).receive(true);
        String good = Peers.answer(Peers.server().build(), Peers.reparsed(client.createOffer()))
                .write();
        String audio = good.substring(good.indexOf("m=audio"), good.indexOf("m=video"));
        for (String bad : List.of(
                good.substring(0, good.indexOf("m=application")),
                good.replace("m=audio", "m=video"),
                good.replace("a=mid:0", "a=mid:7"),
                good.replace("a=setup:active", "a=setup:actpass"),
                good.replace("a=setup:active\r\n", ""),
                good.replace("a=group:BUNDLE 0 1 2\r\n", ""),
                good.replace("a=group:BUNDLE 0 1 2", "a=group:BUNDLE 0 1"),
                good.replace(audio, audio.replace("opus", "other")),
                good.replace(audio, audio.replaceAll("a=rtcp-mux(-only)?\r\n", "")),
                good.replace("a=extmap:1 ", "a=extmap:9 "))) {
            assertThat(bad).isNotEqualTo(good);
            SessionDescription answer = SessionDescription.parse(bad);
            assertThatThrownBy(() -> client.applyAnswer(answer)).isInstanceOf(SdpException.class);
            assertThat(client.state()).isEqualTo(Negotiation.State.HAVE_LOCAL_OFFER);
        }
        assertThat(client.applyAnswer(SessionDescription.parse(good)).acceptedMedia())
                .hasSize(2);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Descriptions of other software: read, written back, answered, and each answer taken for its offer. */
final class RecordedDescriptionsTest {
    static List<String> names() {
        return Recorded.names();
    }

    static List<String> webrtc() {
        return names().stream().filter(name -> !name.startsWith("ffmpeg")).toList();
    }

    static List<String> offers() {
        return webrtc().stream().filter(name -> name.contains("offer")).toList();
    }

    static List<String> answeredOffers() {
        return offers().stream()
                .filter(name -> name.endsWith("-offer") && names().contains(name.replace("-offer", "-answer")))
                .toList();
    }

    static List<String> exchanges() {
        return Recorded.software("exchange-1-offer");
    }

    /** Software, exchanges of which one was cancelled where that can be done, other descriptions of single offers. */
    @ParameterizedTest
    @CsvSource({
        "aiortc-1.4.0,     6, false, whip whep datachannel",
        "chromium-156,     6, true,  whip whip-no-candidates whep datachannel simulcast sendrecv",
        "firefox-153,      6, true,  whip whip-no-candidates whep datachannel simulcast sendrecv",
        "gstreamer-1.22,   4, false, whip whep datachannel",
        "janus-1.1.2,      4, false, ''",
        "libwebrtc-0.14.0, 6, true,  whip whep datachannel sendrecv",
        "pion-3.1.56,      6, false, whip whep datachannel simulcast",
        "pion-4.2.26,      6, false, whip whep datachannel simulcast",
    })
    void hasWhatEachSoftwareCanSay(String folder, int exchanges, boolean cancelled, String singleOffers) {
        for (int i = 1; i <= exchanges; i++) {
            if (cancelled && i == 4) {
                assertThat(names()).contains(folder + "/exchange-4-cancelled-offer");
            } else {
                assertThat(names())
                        .contains(folder + "/exchange-" + i + "-offer", folder + "/exchange-" + i + "-answer");
            }
        }
        for (String single : Scan.words(singleOffers, 9)) {
            assertThat(names()).contains(folder + "/offer-" + single);
        }
        assertThat(names()).contains(folder + "/answer-simulcast");
    }

    @ParameterizedTest
    @MethodSource("names")
    void writesBackWhatItRead(String name) {
        assertThat(Recorded.description(name).write()).isEqualTo(Recorded.text(name));
    }

    @ParameterizedTest
    @MethodSource("webrtc")
    void readsEveryAttributeThatItKnows(String name) {
        var description = Recorded.description(name);

        for (var media : description.media()) {
            assertThat(media.mid()).isNotNull();
            if (media.kind().isRtp() && !media.isRejected()) {
                assertThat(media.codecs()).hasSameSizeAs(media.formats());
                assertThat(media.headerExtensions()).hasSameSizeAs(media.attributes("extmap"));
                assertThat(media.isRtcpMux()).isTrue();
            }
            if (!media.isRejected()) {
                var transport = description.transport(media);
                assertThat(transport.ufrag()).isNotNull();
                assertThat(transport.setup()).isNotNull();
                assertThat(transport.fingerprints()).isNotEmpty();
            }
            media.candidates()
                    .forEach(candidate -> assertThat(
                                    CandidateAttribute.parse(candidate).write())
                            .isEqualTo(candidate.strip()));
            assertThat(media.rids().stream().map(Rid::write).toList()).isEqualTo(media.attributes("rid"));
            assertThat(media.ssrcGroups().stream().map(SsrcGroup::write).toList())
                    .isEqualTo(media.attributes("ssrc-group"));
        }
    }

    /** What is known of the software by other means: name of its first audio codec and number of its video codecs, of sections. */
    @ParameterizedTest
    @CsvSource({
        "chromium-156/offer-whip,     2, opus, 111, VP8,  nack pli, ACTPASS, trickle",
        "libwebrtc-0.14.0/offer-whip, 2, opus, 111, VP8,  nack pli, ACTPASS, trickle",
        "firefox-153/offer-whip,      2, opus, 109, VP8,  nack pli, ACTPASS, trickle",
        "pion-3.1.56/offer-whip,      2, opus, 111, VP8,  nack pli, ACTPASS, ''",
        "pion-4.2.26/offer-whip,      2, opus, 111, VP8,  nack pli, ACTPASS, ''",
        "aiortc-1.4.0/offer-whip,     2, opus, 96,  VP8,  nack pli, ACTPASS, ''",
        "gstreamer-1.22/offer-whip,   2, OPUS, 96,  VP8,  nack pli, ACTPASS, trickle",
        "janus-1.1.2/exchange-1-offer, 2, opus, 111, VP8,  nack pli, ACTPASS, trickle",
    })
    void readsWhatIsKnownOfTheSoftware(
            String name,
            int sections,
            String audio,
            int payloadType,
            String video,
            String feedback,
            Setup setup,
            String ice) {
        var description = Recorded.description(name);
        var first = description.media().get(0);

        assertThat(description.media()).hasSize(sections);
        assertThat(first.codecs().get(0).name()).isEqualTo(audio);
        assertThat(first.codecs().get(0).payloadType()).isEqualTo(payloadType);
        assertThat(first.codecs().get(0).channels()).isEqualTo(2);
        assertThat(description.media().get(1).codecs()).anySatisfy(codec -> {
            assertThat(codec.name()).isEqualTo(video);
            assertThat(codec.feedback()).contains(new RtcpFeedback(feedback));
        });
        assertThat(description.transport(first).setup()).isEqualTo(setup);
        assertThat(description.transport(first).iceOptions()).containsExactly(Scan.words(ice, 9));
        assertThat(description.direction(first)).isEqualTo(Direction.SENDONLY);
    }

    @ParameterizedTest
    @MethodSource("offers")
    void answersEveryOffer(String name) {
        var offer = Recorded.description(name);
        var server = Peers.server().build();

        var answer = Peers.answer(server, offer);

        AnswerRules.checkOurs(offer, answer);
        assertThat(server.session().remoteTransport().ufrag()).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("answeredOffers")
    void takesEveryAnswerForItsOffer(String name) {
        var offer = Recorded.description(name);
        var answer = Recorded.description(name.replace("-offer", "-answer"));

        AnswerRules.check(offer, answer);
        var agreed =
                Agreement.ofAnswer(offer, answer, Peers.serverTransport(), null).session();
        for (var media : agreed.acceptedMedia()) {
            assertThat(media.codecs()).isNotEmpty();
            assertThat(media.extensionId(HeaderExtension.MID))
                    .isEqualTo(idOf(
                            offer.media().get(media.index()), answer.media().get(media.index())));
        }
    }

    private static int idOf(MediaDescription offered, MediaDescription answered) {
        var one = HeaderExtension.find(offered.headerExtensions(), HeaderExtension.MID);
        var other = HeaderExtension.find(answered.headerExtensions(), HeaderExtension.MID);
        return one == null || other == null ? -1 : other.id();
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void followsSoftwareThroughItsReoffers(String folder) {
        var server = Peers.server().build();
        for (int i = 1; i <= 6; i++) {
            if (names().contains(folder + "/exchange-" + i + "-cancelled-offer")) {
                var before = server.session();
                server.applyOffer(Recorded.description(folder + "/exchange-" + i + "-cancelled-offer"));
                server.rollback();
                assertThat(server.session()).isSameAs(before);
            } else if (names().contains(folder + "/exchange-" + i + "-offer")) {
                var offer = Recorded.description(folder + "/exchange-" + i + "-offer");
                AnswerRules.checkOurs(offer, Peers.answer(server, offer));
            }
        }
        assertThat(server.session().dataChannel() == null).isEqualTo(folder.startsWith("janus"));
        assertThat(server.session().acceptedMedia()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"chromium-156", "firefox-153", "pion-3.1.56", "pion-4.2.26"})
    void mirrorsTheSimulcastStreamsOfOthersInOrder(String software) {
        var server = Peers.server().build();

        var answer = Peers.answer(server, Recorded.description(software + "/offer-simulcast"));

        var video = answer.media().get(1);
        assertThat(video.attribute("simulcast")).isEqualTo("recv q;h;f");
        assertThat(video.attributes("rid")).containsExactly("q recv", "h recv", "f recv");
        assertThat(server.session().media().get(1).receiveRids()).containsExactly("q", "h", "f");
    }

    /** Browsers and clients do not receive simulcast; servers do. */
    @ParameterizedTest
    @CsvSource({
        "aiortc-1.4.0, false",
        "chromium-156, false",
        "firefox-153, false",
        "gstreamer-1.22, false",
        "janus-1.1.2, true",
        "libwebrtc-0.14.0, false",
        "pion-3.1.56, true",
        "pion-4.2.26, true",
    })
    void learnsFromTheAnswerWhetherItsSimulcastStreamsAreTaken(String software, boolean taken) {
        var publisher = Peers.simulcastPublisher();
        publisher.createOffer();

        var agreed = publisher.applyAnswer(Recorded.description(software + "/answer-simulcast"));

        assertThat(agreed.media("1").sendRids()).isEqualTo(taken ? List.of("q", "h", "f") : List.of());
        assertThat(agreed.media("1").direction()).isEqualTo(Direction.SENDONLY);
    }

    /** FFmpeg of this version writes plain RTP only: neither ICE nor BUNDLE. It is understood, and not negotiated. */
    @ParameterizedTest
    @CsvSource({"rtp-vp8-opus, VP8, opus", "rtp-h264-aac, H264, MPEG4-GENERIC"})
    void readsPlainRtpAndDoesNotNegotiateIt(String name, String video, String audio) {
        var description = Recorded.description("ffmpeg-5.1/" + name);

        assertThat(description.media())
                .extracting(media -> media.codecs().get(0).name())
                .containsExactly(video, audio);
        assertThatThrownBy(() -> Peers.server().build().applyOffer(description))
                .isInstanceOfSatisfying(
                        SdpException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(SdpException.Reason.INCOMPATIBLE));
    }
}

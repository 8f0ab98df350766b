// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Codecs that a host picks by name, offered and answered. */
final class CapabilitiesTest {
    private static Negotiation with(Capabilities capabilities, String ufrag) {
        return Negotiation.builder(
                        capabilities,
                        TransportDescription.of(ufrag, "a-password-of-24-characters", Peers.CLIENT_CERTIFICATE),
                        7)
                .build();
    }

    private static NegotiatedSession exchange(Capabilities offerers, Capabilities answerers) {
        Negotiation offerer = with(offerers, "off1");
        offerer.add(MediaKind.AUDIO).send(SendTrack.of("s", "a"));
        offerer.add(MediaKind.VIDEO).send(SendTrack.of("s", "v"));
        Negotiation answerer = with(answerers, "ans1");
        SessionDescription offer = Peers.reparsed(offerer.createOffer());
        SessionDescription answer = Peers.answer(answerer, offer);
        AnswerRules.checkOurs(offer, answer);
        return offerer.applyAnswer(answer);
    }

    private static List<String> names(NegotiatedSession session, int section) {
        return session.media().get(section).codecs().stream()
                .map(NegotiatedCodec::name)
                .distinct()
                .toList();
    }

    @Test
    void picksCodecsByNameInThatOrder() {
        Capabilities capabilities = Capabilities.forwarding("AV1", "vp9", "OPUS", "pcmu");

        assertThat(capabilities.audio()).extracting(Codec::name).containsExactly("opus", "PCMU");
        assertThat(capabilities.video()).extracting(Codec::name).containsExactly("AV1", "VP9", "VP9");
        assertThat(Capabilities.forwarding()).isEqualTo(Capabilities.forwarding("opus", "VP8", "H264"));
    }

    @Test
    void refusesANameThatIsNoPresetAndSaysWhichThereAre() {
        assertThatThrownBy(() -> Capabilities.forwarding("opus", "theora"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("theora")
                .hasMessageContaining("opus, red, G722, PCMU, PCMA, VP8, H264, VP9, AV1, H265");
    }

    @ParameterizedTest
    @ValueSource(strings = {"VP8", "H264", "VP9", "AV1", "H265"})
    void negotiatesEachVideoCodecWithRetransmission(String name) {
        NegotiatedSession session =
                exchange(Capabilities.forwarding("opus", name), Capabilities.forwarding("opus", name));

        assertThat(names(session, 1)).containsExactly(name);
        assertThat(session.media().get(1).codecs()).allMatch(NegotiatedCodec::hasRtx);
    }

    @ParameterizedTest
    @ValueSource(strings = {"opus", "G722", "PCMU", "PCMA"})
    void negotiatesEachAudioCodec(String name) {
        NegotiatedSession session =
                exchange(Capabilities.forwarding(name, "VP8"), Capabilities.forwarding(name, "VP8"));

        assertThat(names(session, 0)).containsExactly(name);
    }

    @Test
    void numbersEverythingAtOnceWithoutACollision() {
        Capabilities all =
                Capabilities.forwarding("opus", "red", "G722", "PCMU", "PCMA", "VP8", "H264", "VP9", "AV1", "H265");
        Negotiation offerer = with(all, "off1");
        offerer.add(MediaKind.AUDIO).receive(true);
        offerer.add(MediaKind.VIDEO).receive(true);

        SessionDescription offer = offerer.createOffer();

        List<Integer> numbers = Stream.of(0, 1)
                .flatMap(i -> offer.media().get(i).payloadTypes().stream())
                .toList();
        assertThat(numbers).doesNotHaveDuplicates().noneMatch(number -> number >= 64 && number <= 95);
        // Eight audio and video names have two formats more, and each of the seven video formats has its
        // retransmission.
        assertThat(numbers).hasSize(5 + 7 * 2);
        assertThat(exchange(all, all).media().get(1).codecs()).hasSize(7);
    }

    /** Redundant audio: what each side has, and what comes of it in the order of the answerer. */
    @ParameterizedTest
    @CsvSource({
        "opus red, opus red, opus red",
        "red opus, red opus, red opus",
        "opus red, red opus, red opus",
        "opus red, opus,     opus",
        "opus,     opus red, opus",
        "PCMU red opus, PCMU red, PCMU",
    })
    void takesRedundantAudioOnlyWithWhatItRepeats(String offered, String answered, String agreed) {
        Capabilities offerers = Capabilities.forwarding((offered + " VP8").split(" "));
        Capabilities answerers = Capabilities.forwarding((answered + " VP8").split(" "));

        assertThat(names(exchange(offerers, answerers), 0)).containsExactly(agreed.split(" "));
    }

    @Test
    void offersRedundancyOfTheNumberThatItsCodecHas() {
        Negotiation offerer = with(
                Capabilities.forwarding("red", "VP8")
                        .withCodecs(
                                List.of(
                                        Codec.audio("red", 48_000, 2, "111/111").withPayloadType(111),
                                        Codec.audio("opus", 48_000, 2, "").withPayloadType(120)),
                                List.of()),
                "off1");
        offerer.add(MediaKind.AUDIO).receive(true);

        List<Codec> codecs = offerer.createOffer().media().get(0).codecs();

        assertThat(codecs).extracting(Codec::name).containsExactly("red", "opus");
        assertThat(codecs.get(0).format()).isEqualTo(new CodecFormat.Red(List.of(120, 120)));
    }

    @Test
    void offersNoRedundancyWithoutItsCodec() {
        Negotiation offerer = with(Capabilities.forwarding("red", "PCMU", "VP8"), "off1");
        offerer.add(MediaKind.AUDIO).receive(true);

        assertThat(offerer.createOffer().media().get(0).codecs())
                .extracting(Codec::name)
                .containsExactly("PCMU");
    }

    @Test
    void takesRedundantAudioOfABrowser() {
        Negotiation server = with(Capabilities.forwarding("opus", "red", "VP8"), "srv1");

        SessionDescription answer = Peers.answer(server, Recorded.description("chromium-156/offer-whip"));

        assertThat(answer.media().get(0).formats()).containsExactly("111", "63");
        assertThat(answer.media().get(0).attributes("fmtp")).contains("63 111/111");
    }

    @Test
    void answersABrowserWithEveryCodecThatBothHave() {
        Negotiation server = with(Capabilities.forwarding("opus", "VP8", "H264", "VP9", "AV1", "H265"), "srv1");
        server.applyOffer(Recorded.description("chromium-156/offer-whep"));
        server.createAnswer();

        assertThat(names(server.session(), 1)).containsExactly("VP8", "H264", "VP9", "AV1");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every attribute that WebRTC uses has a typed accessor; one row for each. */
final class TypedAttributesTest {
    private static final String SESSION = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";
    private static final String DIGEST = "AB:".repeat(31) + "AB";

    private static Arguments media(String lines, Function<MediaDescription, Object> accessor, Object expected) {
        Function<SessionDescription, Object> ofDescription = description -> accessor.apply(media(description));
        return Arguments.of(lines, ofDescription, expected);
    }

    private static Arguments transport(String lines, Function<TransportDescription, Object> accessor, Object expected) {
        Function<SessionDescription, Object> ofDescription =
                description -> accessor.apply(description.transport(media(description)));
        return Arguments.of(lines, ofDescription, expected);
    }

    private static MediaDescription media(SessionDescription description) {
        return description.media().get(0);
    }

    static Stream<Arguments> attributes() {
        return Stream.of(
                // ICE (RFC 8839, RFC 8840)
                transport("a=ice-ufrag:abcd", TransportDescription::ufrag, "abcd"),
                transport("a=ice-pwd:0123456789012345678901", TransportDescription::password, "0123456789012345678901"),
                transport("a=ice-options:trickle ice2", TransportDescription::iceOptions, List.of("trickle", "ice2")),
                transport("a=end-of-candidates", TransportDescription::endOfCandidates, true),
                transport(
                        "a=candidate:1 1 udp 5 192.0.2.1 9 typ host",
                        TransportDescription::candidates,
                        List.of("1 1 udp 5 192.0.2.1 9 typ host")),
                media(
                        "a=candidate:1 1 udp 5 192.0.2.1 9 typ srflx raddr 10.0.0.1 rport 7 generation 0",
                        media -> CandidateAttribute.parse(media.candidates().get(0)),
                        new CandidateAttribute(
                                "1", 1, "udp", 5, "192.0.2.1", 9, "srflx", "10.0.0.1", 7, List.of("generation", "0"))),
                // DTLS (RFC 8122, RFC 8842)
                transport(
                        "a=fingerprint:SHA-256 " + DIGEST,
                        TransportDescription::fingerprints,
                        List.of(new CertificateFingerprint("sha-256", DIGEST))),
                transport("a=setup:actpass", TransportDescription::setup, Setup.ACTPASS),
                Arguments.of(
                        "a=tls-id:abcdefghijklmnopqr+/",
                        (Function<SessionDescription, Object>) it -> it.tlsId(media(it)),
                        "abcdefghijklmnopqr+/"),
                // RTP and RTCP (RFC 5761, RFC 8858, RFC 5506)
                media("a=rtcp-mux", MediaDescription::isRtcpMux, true),
                media("a=rtcp-mux-only", MediaDescription::isRtcpMuxOnly, true),
                media("a=rtcp-mux", MediaDescription::isRtcpMuxOnly, false),
                media("a=rtcp-rsize", MediaDescription::isRtcpReducedSize, true),
                // Sections and tracks (RFC 5888, RFC 9143, RFC 8830, RFC 4574, RFC 4796, RFC 8866)
                media("a=mid:v1", MediaDescription::mid, "v1"),
                media("a=bundle-only", MediaDescription::isBundleOnly, true),
                media("a=msid:stream track", MediaDescription::msids, List.of(new Msid("stream", "track"))),
                media("a=msid:-", MediaDescription::msids, List.of(new Msid("-", null))),
                media("a=label:slides-1", MediaDescription::label, "slides-1"),
                media("a=content:slides,main", MediaDescription::content, List.of("slides", "main")),
                media("i=Camera 1", MediaDescription::title, "Camera 1"),
                media(
                        "i=2 1 The programme",
                        MediaDescription::annotation,
                        new TrackAnnotation(TrackAnnotation.Purpose.MAIN, true, "The programme")),
                media("a=sendonly", MediaDescription::direction, Direction.SENDONLY),
                // Codecs (RFC 8866 §6.6, §6.15, RFC 4585)
                media(
                        "a=rtpmap:96 VP9/90000\r\na=fmtp:96 profile-id=2\r\na=rtcp-fb:96 ccm fir\r\na=rtcp-fb:* nack",
                        MediaDescription::codecs,
                        List.of(Codec.video("VP9", "profile-id=2", RtcpFeedback.FIR, RtcpFeedback.NACK)
                                .withPayloadType(96))),
                media(
                        "a=rtpmap:96 VP9/90000\r\na=fmtp:96 profile-id=2",
                        media -> media.codecs().get(0).format(),
                        new CodecFormat.Vp9(2, 0, 0)),
                // Header extensions (RFC 8285)
                media(
                        "a=extmap:4/recvonly urn:x some attributes",
                        MediaDescription::headerExtensions,
                        List.of(new HeaderExtension(4, Direction.RECVONLY, "urn:x", "some attributes"))),
                Arguments.of(
                        "a=extmap-allow-mixed",
                        (Function<SessionDescription, Object>) it -> it.allowsMixedExtmap(media(it)),
                        true),
                // Streams (RFC 8851, RFC 8853, RFC 5576)
                media(
                        "a=rid:hi send pt=96,97;max-width=1280",
                        MediaDescription::rids,
                        List.of(new Rid("hi", true, List.of(96, 97), List.of("max-width=1280")))),
                media(
                        "a=simulcast:send hi;~mid,lo recv x",
                        MediaDescription::simulcast,
                        new Simulcast(
                                List.of(
                                        List.of(new Simulcast.Stream("hi", false)),
                                        List.of(new Simulcast.Stream("mid", true), new Simulcast.Stream("lo", false))),
                                List.of(List.of(new Simulcast.Stream("x", false))))),
                media(
                        "a=ssrc:4294967295 cname:c\r\na=ssrc:4294967295 msid:s t\r\na=ssrc:1 cname:d",
                        MediaDescription::ssrcs,
                        List.of(
                                new Ssrc(4_294_967_295L, Map.of("cname", "c", "msid", "s t")),
                                new Ssrc(1, Map.of("cname", "d")))),
                media(
                        "a=ssrc-group:FID 1 2\r\na=ssrc-group:SIM 1 3 5",
                        MediaDescription::ssrcGroups,
                        List.of(new SsrcGroup("FID", List.of(1L, 2L)), new SsrcGroup("SIM", List.of(1L, 3L, 5L)))),
                // Data channels (RFC 8841)
                media("a=sctp-port:5001", MediaDescription::sctpPort, 5001),
                media("a=max-message-size:0", MediaDescription::maxMessageSizeBytes, 0L),
                media("a=other", MediaDescription::maxMessageSizeBytes, 65_536L));
    }

    @ParameterizedTest
    @MethodSource("attributes")
    void hasATypedAccessorForEachAttribute(
            String lines, Function<SessionDescription, Object> accessor, Object expected) {
        String text = SESSION + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n" + lines + "\r\n";
        SessionDescription description = SessionDescription.parse(text);

        assertThat(accessor.apply(description)).isEqualTo(expected);
        assertThat(description.write()).isEqualTo(text);
    }

    @Test
    void readsWhatStandsAtTheSessionLevel() {
        SessionDescription description = SessionDescription.parse(SESSION
                + "a=group:BUNDLE a v\r\na=group:LS a v\r\na=ice-lite\r\na=tls-id:session-0123456789-_\r\na=extmap-allow-mixed\r\na=recvonly\r\n"
                + "m=audio 9 RTP/AVP 0\r\n");
        MediaDescription media = description.media().get(0);

        assertThat(description.bundle()).isEqualTo(new Group("BUNDLE", List.of("a", "v")));
        assertThat(description.groups()).extracting(Group::semantics).containsExactly("BUNDLE", "LS");
        assertThat(description.origin()).isEqualTo(new Origin("-", "1", "2", "IN", "IP4", "127.0.0.1"));
        assertThat(description.transport(media).iceLite()).isTrue();
        assertThat(description.tlsId(media)).isEqualTo("session-0123456789-_");
        assertThat(description.allowsMixedExtmap(media)).isTrue();
        assertThat(description.direction(media)).isEqualTo(Direction.RECVONLY);
    }

    @Test
    void saysNothingWhereNothingIsSaid() {
        MediaDescription media = SessionDescription.parse(SESSION + "m=video 9 RTP/AVP 96\r\n")
                .media()
                .get(0);

        assertThat(media.label()).isNull();
        assertThat(media.content()).isEmpty();
        assertThat(media.mid()).isNull();
        assertThat(media.simulcast()).isNull();
        assertThat(media.sctpPort()).isNull();
        assertThat(media.codecs()).isEmpty();
        assertThat(media.annotation()).isEqualTo(TrackAnnotation.DEFAULT);
    }
}

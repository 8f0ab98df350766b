// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What our descriptions look like, line by line: RFC 9429 §5.2.1, §5.2.2 and §5.3.1 as text. */
final class WrittenFormTest {
    private static final String DIGEST = "BB:".repeat(31) + "BB";

    private static Negotiation publisher() {
        var capabilities = Capabilities.forwarding("opus", "VP8")
                .withExtensions(List.of(HeaderExtension.MID), List.of(HeaderExtension.MID));
        var transport = TransportDescription.of("cli1", "client-password-of-24-chars", Peers.CLIENT_CERTIFICATE)
                .withCandidates(List.of("1 1 udp 2130706431 192.0.2.7 5000 typ host"), true);
        Negotiation publisher = Negotiation.builder(capabilities, transport, 815)
                .offerDataChannel(true)
                .build();
        publisher
                .add(MediaKind.AUDIO)
                .send(SendTrack.of("s", "a")
                        .withAnnotation(new TrackAnnotation(TrackAnnotation.Purpose.MAIN, false, "Main")));
        publisher.add(MediaKind.VIDEO).send(SendTrack.of("s", "v").withRids(List.of("h", "l")));
        return publisher;
    }

    private static void assertLines(SessionDescription description, String expected) {
        assertThat(description.write().replace("\r\n", "\n")).isEqualTo(expected.replace("DIGEST", DIGEST));
    }

    private static String transport(String setup) {
        return "a=ice-ufrag:cli1\na=ice-pwd:client-password-of-24-chars\na=fingerprint:sha-256 DIGEST\na=setup:" + setup
                + "\n";
    }

    private static final String VP8 = """
            a=rtpmap:96 VP8/90000
            a=rtcp-fb:96 goog-remb
            a=rtcp-fb:96 transport-cc
            a=rtcp-fb:96 ccm fir
            a=rtcp-fb:96 nack
            a=rtcp-fb:96 nack pli
            a=rtpmap:97 rtx/90000
            a=fmtp:97 apt=96
            """;

    @Test
    void ofAFirstOffer() {
        assertLines(
                publisher().createOffer(),
                """
                v=0
                o=- 815 1 IN IP4 127.0.0.1
                s=-
                t=0 0
                a=group:BUNDLE 0 1 2
                a=extmap-allow-mixed
                a=ice-options:trickle
                m=audio 9 UDP/TLS/RTP/SAVPF 111
                i=2 2 Main
                c=IN IP4 0.0.0.0
                a=candidate:1 1 udp 2130706431 192.0.2.7 5000 typ host
                a=end-of-candidates
                """ + transport("actpass") + """
                a=mid:0
                a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid
                a=sendonly
                a=msid:s a
                a=rtcp-mux
                a=rtcp-mux-only
                a=rtcp-rsize
                a=rtpmap:111 opus/48000/2
                a=rtcp-fb:111 transport-cc
                a=fmtp:111 minptime=10;useinbandfec=1
                m=video 9 UDP/TLS/RTP/SAVPF 96 97
                c=IN IP4 0.0.0.0
                """ + transport("actpass") + """
                a=mid:1
                a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid
                a=sendonly
                a=msid:s v
                a=rtcp-mux
                a=rtcp-mux-only
                a=rtcp-rsize
                """ + VP8 + """
                a=rid:h send
                a=rid:l send
                a=simulcast:send h;l
                m=application 9 UDP/DTLS/SCTP webrtc-datachannel
                c=IN IP4 0.0.0.0
                """ + transport("actpass") + """
                a=mid:2
                a=sctp-port:5000
                a=max-message-size:262144
                """);
    }

    @Test
    void ofALaterOfferWithAStoppedSection() {
        Negotiation publisher = publisher();
        Peers.exchange(publisher, Peers.server().build());
        publisher.transceiver("0").stop();

        assertLines(
                publisher.createOffer(),
                """
                v=0
                o=- 815 2 IN IP4 127.0.0.1
                s=-
                t=0 0
                a=group:BUNDLE 1 2
                a=extmap-allow-mixed
                a=ice-options:trickle
                m=audio 0 UDP/TLS/RTP/SAVPF 111
                c=IN IP4 0.0.0.0
                """ + transport("actpass") + """
                a=mid:0
                a=inactive
                a=rtcp-mux
                a=rtpmap:111 opus/48000/2
                m=video 9 UDP/TLS/RTP/SAVPF 96 97
                c=IN IP4 0.0.0.0
                a=candidate:1 1 udp 2130706431 192.0.2.7 5000 typ host
                a=end-of-candidates
                """ + transport("actpass") + """
                a=mid:1
                a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid
                a=sendonly
                a=msid:s v
                a=rtcp-mux
                a=rtcp-rsize
                """ + VP8 + """
                a=rid:h send
                a=rid:l send
                a=simulcast:send h;l
                m=application 9 UDP/DTLS/SCTP webrtc-datachannel
                c=IN IP4 0.0.0.0
                """ + transport("actpass") + """
                a=mid:2
                a=sctp-port:5000
                a=max-message-size:262144
                """);
    }

    @Test
    void ofAnAnswer() {
        Negotiation answerer = publisher();
        answerer.transceivers().forEach(Transceiver::stop);
        Negotiation offerer = Peers.client().build();
        offerer.add(MediaKind.AUDIO).send(SendTrack.of("x", "y"));
        offerer.add(MediaKind.VIDEO).receive(true);
        String offer = offerer.createOffer().write().replace("rtpmap:111 opus", "rtpmap:111 unknown");

        assertLines(
                Peers.answer(answerer, SessionDescription.parse(offer)),
                """
                v=0
                o=- 815 1 IN IP4 127.0.0.1
                s=-
                t=0 0
                a=group:BUNDLE 1
                a=extmap-allow-mixed
                a=ice-options:trickle
                m=audio 0 UDP/TLS/RTP/SAVPF 111
                c=IN IP4 0.0.0.0
                """ + transport("active") + """
                a=mid:0
                a=inactive
                a=rtcp-mux
                a=rtpmap:111 unknown/48000/2
                m=video 9 UDP/TLS/RTP/SAVPF 96 97
                c=IN IP4 0.0.0.0
                a=candidate:1 1 udp 2130706431 192.0.2.7 5000 typ host
                a=end-of-candidates
                """ + transport("active") + """
                a=mid:1
                a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid
                a=inactive
                a=rtcp-mux
                a=rtcp-mux-only
                a=rtcp-rsize
                """ + VP8);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.List;

/** Negotiations for tests: a server, as the media engine sets it up, and a client. */
final class Peers {
    static final CertificateFingerprint SERVER_CERTIFICATE =
            new CertificateFingerprint("sha-256", "AA:".repeat(31) + "AA");
    static final CertificateFingerprint CLIENT_CERTIFICATE =
            new CertificateFingerprint("sha-256", "BB:".repeat(31) + "BB");

    private Peers() {}

    static TransportDescription serverTransport() {
        return TransportDescription.of("srv1", "server-password-of-24-chars", SERVER_CERTIFICATE)
                .withIceLite(true)
                .withCandidates(List.of("1 1 udp 2130706431 203.0.113.7 10000 typ host"), true);
    }

    static Negotiation.Builder server() {
        return Negotiation.builder(Capabilities.forwarding(), serverTransport(), 4711);
    }

    static Negotiation.Builder client() {
        return Negotiation.builder(
                Capabilities.forwarding(),
                TransportDescription.of("cli1", "client-password-of-24-chars", CLIENT_CERTIFICATE),
                815);
    }

    /** A publisher of audio and of video as three simulcast streams. */
    static Negotiation simulcastPublisher() {
        Negotiation publisher = client().build();
        publisher.add(MediaKind.AUDIO).send(SendTrack.of("stream", "microphone"));
        publisher.add(MediaKind.VIDEO).send(SendTrack.of("stream", "camera").withRids(List.of("q", "h", "f")));
        return publisher;
    }

    /** Takes every section of the offer as it comes, receiving, and answers. */
    static SessionDescription answer(Negotiation negotiation, SessionDescription offer) {
        negotiation.applyOffer(reparsed(offer));
        return reparsed(negotiation.createAnswer());
    }

    /** Offer of one side, answer of the other. */
    static void exchange(Negotiation offerer, Negotiation answerer) {
        offerer.applyAnswer(answer(answerer, reparsed(offerer.createOffer())));
    }

    /** What the other side reads: the text. */
    static SessionDescription reparsed(SessionDescription description) {
        return SessionDescription.parse(description.write());
    }
}

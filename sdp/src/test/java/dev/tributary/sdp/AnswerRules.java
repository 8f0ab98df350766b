// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** What holds between every offer and its answer (RFC 3264 §6, RFC 8285 §6, RFC 9143 §7.3), written down once more. */
final class AnswerRules {
    private AnswerRules() {}

    /** Checks an answer of this library: every rule. */
    static void checkOurs(SessionDescription offer, SessionDescription answer) {
        check(offer, answer);
        List<String> open = new ArrayList<>();
        for (int i = 0; i < offer.media().size(); i++) {
            var offered = offer.media().get(i);
            var answered = answer.media().get(i);
            assertThat(answered.hasAttribute("bundle-only")).isFalse();
            assertThat(answered.hasAttribute("rtcp")).isFalse();
            if (answered.isRejected()) {
                assertThat(answered.formats()).hasSize(1).isSubsetOf(offered.formats());
                assertThat(answered.candidates()).isEmpty();
                continue;
            }
            assertThat(offered.isRejected()).isFalse();
            if (answered.mid() != null) {
                open.add(answered.mid());
            }
            // Only the tagged section counts, and another one may say otherwise.
            if (offer.bundle() == null || offer.bundle().mids().get(0).equals(offered.mid())) {
                assertThat(answer.transport(answered).setup())
                        .isNotEqualTo(offer.transport(offered).setup());
            }
            if (answered.kind().isRtp()) {
                assertThat(offered.formats()).containsAll(answered.formats());
                assertThat(uris(offered)).containsAll(uris(answered));
            }
        }
        if (offer.bundle() == null) {
            assertThat(answer.bundle()).isNull();
        } else if (!open.isEmpty()) {
            assertThat(answer.bundle().mids()).containsExactlyInAnyOrderElementsOf(open);
            var order = new ArrayList<>(offer.bundle().mids());
            order.retainAll(open);
            assertThat(answer.bundle().mids()).isEqualTo(order);
        }
    }

    /** Checks an answer of anybody: what all software keeps to. */
    static void check(SessionDescription offer, SessionDescription answer) {
        assertThat(answer.media()).hasSameSizeAs(offer.media());
        for (int i = 0; i < offer.media().size(); i++) {
            var offered = offer.media().get(i);
            var answered = answer.media().get(i);
            assertThat(answered.media()).isEqualTo(offered.media());
            assertThat(answered.mid()).isEqualTo(offered.mid());
            assertThat(answered.protocol()).isEqualTo(offered.protocol());
            assertThat(answered.formats()).isNotEmpty();
            // Pion 3 answers a refused section as if it were open.
            if (!answered.isRejected() && !offered.isRejected()) {
                checkOpen(offer, offered, answer, answered);
            }
        }
        if (answer.bundle() != null) {
            assertThat(offer.bundle()).isNotNull();
        }
    }

    private static void checkOpen(
            SessionDescription offer, MediaDescription offered, SessionDescription answer, MediaDescription answered) {
        Setup setup = answer.transport(answered).setup();
        if (setup != null) {
            assertThat(setup).isIn(Setup.ACTIVE, Setup.PASSIVE);
        }
        if (!answered.kind().isRtp()) {
            return;
        }
        assertThat(answered.isRtcpMux()).isTrue();
        Direction direction = answer.direction(answered);
        assertThat(direction.and(offer.direction(offered).reversed())).isEqualTo(direction);
        checkCodecs(offered.codecs(), answered.codecs());
        var extensions = offered.headerExtensions();
        for (var extension : answered.headerExtensions()) {
            var same = HeaderExtension.find(extensions, extension.uri());
            // Pion 3 adds extensions of its own.
            assertThat(same == null ? extension.id() : same.id()).isEqualTo(extension.id());
        }
        if (answered.hasAttribute("rtcp-rsize")) {
            assertThat(offered.hasAttribute("rtcp-rsize")).isTrue();
        }
        checkSimulcast(offered, answered);
    }

    private static void checkCodecs(List<Codec> offered, List<Codec> answered) {
        for (var codec : answered) {
            boolean fits = offered.stream()
                    .anyMatch(other -> other.payloadType() == codec.payloadType()
                            && other.hasFormatOf(codec)
                            && other.feedback().containsAll(codec.feedback()));
            assertThat(fits).as("%s is among %s", codec, offered).isTrue();
            if (codec.isRtx()) {
                assertThat(answered).extracting(Codec::payloadType).contains(codec.associatedPayloadType());
            }
        }
    }

    private static void checkSimulcast(MediaDescription offered, MediaDescription answered) {
        Simulcast taken = answered.simulcast();
        if (taken == null) {
            return;
        }
        Simulcast wanted = offered.simulcast();
        assertThat(wanted).isNotNull();
        checkInOrder(rids(wanted.send()), rids(taken.receive()));
        checkInOrder(rids(wanted.receive()), rids(taken.send()));
    }

    private static void checkInOrder(List<String> offered, List<String> taken) {
        if (!taken.isEmpty()) {
            assertThat(offered).containsSubsequence(taken);
        }
    }

    private static List<String> uris(MediaDescription media) {
        return media.headerExtensions().stream().map(HeaderExtension::uri).toList();
    }

    private static List<String> rids(List<List<Simulcast.Stream>> streams) {
        return streams.stream().flatMap(List::stream).map(Simulcast.Stream::rid).toList();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** What holds between every offer and its answer (RFC 3264 §6, RFC 8285 §6, RFC 9143 §7.3), written down once more. */
final class AnswerRules {
    private AnswerRules() {}

    static void check(SessionDescription offer, SessionDescription answer) {
        assertThat(answer.media()).hasSameSizeAs(offer.media());
        List<String> open = new ArrayList<>();
        for (int i = 0; i < offer.media().size(); i++) {
            var offered = offer.media().get(i);
            var answered = answer.media().get(i);
            assertThat(answered.media()).isEqualTo(offered.media());
            assertThat(answered.mid()).isEqualTo(offered.mid());
            assertThat(answered.protocol()).isEqualTo(offered.protocol());
            assertThat(answered.formats()).isNotEmpty();
            if (offered.isRejected()) {
                assertThat(answered.isRejected()).isTrue();
            }
            if (!answered.isRejected()) {
                if (answered.mid() != null) {
                    open.add(answered.mid());
                }
                checkOpen(offer, offered, answer, answered);
            }
        }
        var bundle = answer.bundle();
        if (bundle != null) {
            assertThat(bundle.mids()).containsExactlyInAnyOrderElementsOf(open);
            assertThat(offer.bundle().mids()).containsAll(bundle.mids());
        }
    }

    private static void checkOpen(
            SessionDescription offer, MediaDescription offered, SessionDescription answer, MediaDescription answered) {
        Setup setup = answer.transport(answered).setup();
        if (setup != null) {
            assertThat(setup).isIn(Setup.ACTIVE, Setup.PASSIVE);
            // Only the tagged section counts: Firefox writes another role into the new sections of a later answer.
            if (offer.bundle() == null || offer.bundle().mids().get(0).equals(offered.mid())) {
                assertThat(setup).isNotEqualTo(offer.transport(offered).setup());
            }
        }
        if (!answered.kind().isRtp()) {
            return;
        }
        assertThat(answered.isRtcpMux()).isTrue();
        Direction direction = answer.direction(answered);
        assertThat(direction.and(offer.direction(offered).reversed())).isEqualTo(direction);
        for (var codec : answered.codecs()) {
            assertThat(offered.codecs()).anySatisfy(other -> {
                assertThat(other.payloadType()).isEqualTo(codec.payloadType());
                assertThat(other.hasFormatOf(codec)).isTrue();
                assertThat(other.feedback()).containsAll(codec.feedback());
            });
            if (codec.isRtx()) {
                assertThat(answered.payloadTypes()).contains(codec.associatedPayloadType());
            }
        }
        for (var extension : answered.headerExtensions()) {
            var same = HeaderExtension.find(offered.headerExtensions(), extension.uri());
            assertThat(same).isNotNull();
            assertThat(same.id()).isEqualTo(extension.id());
        }
        if (answered.hasAttribute("rtcp-rsize")) {
            assertThat(offered.hasAttribute("rtcp-rsize")).isTrue();
        }
    }
}

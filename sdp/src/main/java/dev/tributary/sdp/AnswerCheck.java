// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import dev.tributary.sdp.SdpException.Reason;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Checks a description of the peer against what it answers, or against what was agreed before (RFC 9429 §5.7, §5.8). */
final class AnswerCheck {
    private AnswerCheck() {}

    /** Checks an answer against its offer, section by section. */
    static void checkAnswer(SessionDescription offer, SessionDescription answer, Bundle bundle) {
        int count = answer.media().size();
        if (count != offer.media().size()) {
            throw SdpException.of(
                    Reason.MISMATCH,
                    Integer.toString(count),
                    "an answer has as many sections as its offer, "
                            + offer.media().size() + " (RFC 3264 §6)");
        }
        for (int i = 0; i < count; i++) {
            MediaDescription offered = offer.media().get(i);
            MediaDescription answered = answer.media().get(i);
            checkSameSection(offered, answered, "the answer");
            // RFC 3264 §6 wants port 0 for port 0; Pion 3 answers such a section as if it were open. It stays refused.
            if (answered.isRejected() || offered.isRejected()) {
                continue;
            }
            if (!bundle.members().contains(i)) {
                throw new SdpException(
                        Reason.INCOMPATIBLE,
                        answered.firstLine(),
                        0,
                        "",
                        "each open section is in the BUNDLE group (RFC 9725 §4.4.1)");
            }
            if (answered.kind().isRtp()) {
                checkFormats(offered, answered);
            }
        }
    }

    /** Checks a new offer of the peer against what was agreed before (RFC 3264 §8). */
    static void checkOffer(SessionDescription offer, @Nullable NegotiatedSession agreed) {
        if (agreed == null) {
            return;
        }
        List<MediaDescription> before = agreed.local().media();
        if (offer.media().size() < before.size()) {
            throw SdpException.of(
                    Reason.MISMATCH,
                    Integer.toString(offer.media().size()),
                    "a later offer keeps the sections, " + before.size() + " (RFC 3264 §8)");
        }
        for (int i = 0; i < before.size(); i++) {
            if (!agreed.isRefused(i)) {
                checkSameSection(before.get(i), offer.media().get(i), "a later offer");
            }
        }
    }

    private static void checkSameSection(MediaDescription known, MediaDescription now, String what) {
        if (!known.media().equals(now.media())) {
            throw mismatch(now, now.media(), what + " keeps kind and order of the sections (RFC 3264 §6, §8)");
        }
        String mid = now.mid();
        if (mid != null && !mid.equals(known.mid())) {
            throw mismatch(now, mid, what + " keeps the ids of the sections (RFC 9429 §5.3.1)");
        }
    }

    private static void checkFormats(MediaDescription offered, MediaDescription answered) {
        if (CodecSelection.agreed(offered.codecs(), answered.codecs(), true).isEmpty()) {
            throw mismatch(answered, "", "an open section has a codec of the offer (RFC 3264 §6.1)");
        }
        Map<String, Integer> ids = new HashMap<>();
        offered.headerExtensions().forEach(extension -> ids.putIfAbsent(extension.uri(), extension.id()));
        for (HeaderExtension extension : answered.headerExtensions()) {
            Integer id = ids.get(extension.uri());
            if (id != null && id != extension.id()) {
                throw mismatch(
                        answered, extension.write(), "an answer keeps the ids of extmap, " + id + " (RFC 8285 §6)");
            }
        }
    }

    private static SdpException mismatch(MediaDescription section, String token, String rule) {
        return new SdpException(Reason.MISMATCH, section.firstLine(), 0, token, rule);
    }

    /**
     * The DTLS role that follows from an offer of the peer.
     *
     * @param wanted the role that is taken when there is a choice
     * @param agreed the role that was agreed before, or null
     */
    static Setup roleOfAnswerer(@Nullable Setup offered, Setup wanted, @Nullable Setup agreed) {
        // RFC 4145 §4: an offer without the attribute is active.
        Setup role = (offered == null ? Setup.ACTIVE : offered).answeredWith(agreed == null ? wanted : agreed);
        if (role == null || (agreed != null && role != agreed)) {
            throw SdpException.of(
                    Reason.INCOMPATIBLE,
                    offered == null ? "" : offered.value(),
                    "a=setup of an offer is actpass or keeps the agreed role (RFC 8842 §5.2)");
        }
        return role;
    }

    /**
     * The DTLS role of the offerer that follows from the answer of the peer. A role that changes although the transport does not
     * changes nothing, for the association goes on: GStreamer's webrtcbin says active in each later answer, whatever it said first.
     */
    static Setup roleOfOfferer(TransportDescription answered, @Nullable NegotiatedSession agreed) {
        Setup said = answered.setup();
        if (said == null || !said.isRole()) {
            throw SdpException.of(
                    Reason.MISSING,
                    said == null ? "" : said.value(),
                    "an answer says a=setup:active or a=setup:passive (RFC 8842 §5.3)");
        }
        Setup role = said == Setup.ACTIVE ? Setup.PASSIVE : Setup.ACTIVE;
        if (agreed == null || role == agreed.dtlsRole()) {
            return role;
        }
        if (!isSameTransport(answered, agreed.remoteTransport())) {
            throw SdpException.of(Reason.MISMATCH, said.value(), "the DTLS role stays (RFC 8842 §5.5)");
        }
        return agreed.dtlsRole();
    }

    private static boolean isSameTransport(TransportDescription one, TransportDescription other) {
        return Objects.equals(one.ufrag(), other.ufrag())
                && Objects.equals(one.password(), other.password())
                && one.fingerprints().equals(other.fingerprints());
    }

    /** Refuses another certificate: the DTLS association of a session is kept for its life. */
    static void checkCertificate(TransportDescription remote, @Nullable NegotiatedSession agreed) {
        if (agreed != null
                && Collections.disjoint(
                        new HashSet<>(agreed.remoteTransport().fingerprints()), remote.fingerprints())) {
            throw SdpException.of(
                    Reason.INCOMPATIBLE, "", "the certificate stays the same during a session (RFC 8842 §5.5)");
        }
    }
}

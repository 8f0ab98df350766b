// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an offer and its answer come to, with the one thing that no description says: who offered first. Made by pure functions of
 * the two texts, of our transport and of what was agreed before.
 *
 * @param session what is agreed
 * @param offeredFirst whether the first offer of the session was ours
 */
record Agreement(NegotiatedSession session, boolean offeredFirst) {

    /**
     * What the peer's answer makes of our offer.
     *
     * @throws SdpException if the answer does not fit
     */
    static Agreement ofAnswer(
            SessionDescription offer,
            SessionDescription answer,
            TransportDescription ours,
            @Nullable Agreement before) {
        Bundle bundle = Bundle.of(answer);
        AnswerCheck.checkAnswer(offer, answer, bundle);
        bundle.checkRtcpMux(answer);
        TransportDescription theirs = peerTransport(answer, bundle, bundle.members(), before);
        AnswerCheck.checkCertificate(theirs, sessionOf(before));
        Setup role = AnswerCheck.roleOfOfferer(theirs, sessionOf(before));
        boolean offeredFirst = before == null || before.offeredFirst;
        return new Agreement(
                new Outcome(offer, answer, true).session(ours, theirs, role, controls(offeredFirst, ours, theirs)),
                offeredFirst);
    }

    /** What our answer makes of an offer of the peer. */
    static Agreement ofOffer(
            PeerOffer offer, SessionDescription answer, TransportDescription ours, @Nullable Agreement before) {
        List<Integer> accepted = new ArrayList<>(offer.bundle().members());
        accepted.removeIf(index -> answer.media().get(index).isRejected());
        TransportDescription theirs = peerTransport(offer.description(), offer.bundle(), accepted, before);
        boolean offeredFirst = before != null && before.offeredFirst;
        return new Agreement(
                new Outcome(answer, offer.description(), false)
                        .session(ours, theirs, offer.ourRole(), controls(offeredFirst, ours, theirs)),
                offeredFirst);
    }

    /** The peer's end of the transport; that of before, with the role that it has, when all sections are refused. */
    static TransportDescription peerTransport(
            SessionDescription description, Bundle bundle, List<Integer> preferred, @Nullable Agreement before) {
        if (!bundle.members().isEmpty() || before == null) {
            return bundle.transport(description, preferred);
        }
        Setup role = before.session.dtlsRole() == Setup.ACTIVE ? Setup.PASSIVE : Setup.ACTIVE;
        return before.session.remoteTransport().withSetup(role);
    }

    /** RFC 8445 §6.1.1: the full agent controls a lite one; else the first offerer does. */
    private static boolean controls(boolean offeredFirst, TransportDescription ours, TransportDescription theirs) {
        return ours.iceLite() == theirs.iceLite() ? offeredFirst : theirs.iceLite();
    }

    static @Nullable NegotiatedSession sessionOf(@Nullable Agreement agreement) {
        return agreement == null ? null : agreement.session;
    }
}

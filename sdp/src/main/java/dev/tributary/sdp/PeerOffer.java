// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import dev.tributary.sdp.SdpException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * An offer of the peer that was checked and can be answered.
 *
 * @param description the offer
 * @param bundle its sections that share the transport
 * @param ourRole the DTLS role that is left to us, or that we choose
 */
record PeerOffer(SessionDescription description, Bundle bundle, Setup ourRole) {

    /**
     * Checks an offer against the rules and against what was agreed before.
     *
     * @param wantedRole our DTLS role where the peer leaves the choice
     * @throws SdpException if it cannot be answered
     */
    static PeerOffer of(
            SessionDescription offer,
            int slotsMax,
            Setup wantedRole,
            TransportDescription ours,
            @Nullable Agreement before) {
        int sections = offer.media().size();
        if (sections == 0) {
            throw SdpException.of(Reason.INCOMPATIBLE, "", "an offer has at least one section");
        }
        if (sections > slotsMax) {
            throw SdpException.of(
                    Reason.LIMIT,
                    Integer.toString(sections),
                    "a session has at most " + slotsMax + " sections (slotsMax)");
        }
        NegotiatedSession session = Agreement.sessionOf(before);
        Bundle bundle = Bundle.of(offer);
        AnswerCheck.checkOffer(offer, session);
        bundle.checkRtcpMux(offer);
        TransportDescription theirs = Agreement.peerTransport(offer, bundle, bundle.members(), before);
        AnswerCheck.checkCertificate(theirs, session);
        Setup agreedRole = session == null ? null : session.dtlsRole();
        Setup role = AnswerCheck.roleOfAnswerer(theirs.setup(), wantedRole, agreedRole);
        // Reads every attribute once, so that what is malformed is refused here and no answer can fail.
        new Outcome(offer, offer, false).session(ours, theirs, role, false);
        return new PeerOffer(offer, bundle, role);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.http;

import dev.tributary.sdp.Direction;
import dev.tributary.sdp.MediaDescription;
import dev.tributary.sdp.SdpException;
import dev.tributary.sdp.SessionDescription;
import dev.tributary.sdp.TransportDescription;
import dev.tributary.whipwhep.spi.Refusal;
import dev.tributary.whipwhep.spi.SessionKind;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.util.List;

/** What every offer must be, whatever the engine can do: readable, bundled, and of the right direction. Stateless. */
final class OfferCheck {
    private OfferCheck() {}

    /**
     * Checks an offer.
     *
     * @return the ICE credentials of the client
     * @throws WhipWhepException if it cannot be read (400) or not be accepted (422)
     */
    static IceIdentity check(String text, SessionKind kind) {
        SessionDescription offer;
        try {
            offer = SessionDescription.parse(text);
        } catch (SdpException e) {
            throw new WhipWhepException(Refusal.MALFORMED, String.valueOf(e.getMessage()));
        }
        List<MediaDescription> live =
                offer.media().stream().filter(section -> !section.isRejected()).toList();
        if (live.size() > 1 && offer.bundle() == null) {
            throw unacceptable("An offer of several m-lines bundles them (RFC 9143).");
        }
        int media = 0;
        for (String name : List.of("audio", "video")) {
            List<MediaDescription> sections = live.stream()
                    .filter(section -> section.media().equals(name))
                    .toList();
            // RFC 9725 §4.4.2: one MediaStream, at most one track of a kind.
            if (kind == SessionKind.WHIP && sections.size() > 1) {
                throw unacceptable("A WHIP offer has at most one m-line of " + name + ".");
            }
            sections.forEach(section -> checkDirection(offer.direction(section), kind));
            media += sections.size();
        }
        if (media == 0) {
            throw unacceptable("An offer has at least one m-line of audio or video.");
        }
        return identity(offer, live);
    }

    /** The ICE credentials of a description, given its m-lines that are not rejected. */
    static IceIdentity identity(SessionDescription description, List<MediaDescription> live) {
        if (live.isEmpty()) {
            throw unacceptable("No m-line is accepted.");
        }
        try {
            TransportDescription transport = description.transport(live.get(0));
            String ufrag = transport.ufrag();
            String password = transport.password();
            if (ufrag == null || password == null) {
                throw unacceptable("A description has a=ice-ufrag and a=ice-pwd (RFC 8839).");
            }
            return new IceIdentity(ufrag, password);
        } catch (SdpException e) {
            throw unacceptable(String.valueOf(e.getMessage()));
        }
    }

    private static void checkDirection(Direction direction, SessionKind kind) {
        // RFC 9725 §4.2 and WHEP §4.3.5: sendrecv is allowed on both sides.
        if (kind == SessionKind.WHIP ? !direction.sends() : !direction.receives()) {
            throw unacceptable(
                    (kind == SessionKind.WHIP ? "A WHIP offer sends" : "A WHEP offer receives") + " on every m-line.");
        }
    }

    private static WhipWhepException unacceptable(String detail) {
        return new WhipWhepException(Refusal.UNACCEPTABLE_OFFER, detail);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of an offer and its answer, seen from our side: everything that a peer needs to set up ICE, DTLS, SRTP, SCTP and
 * RTP. Immutable.
 *
 * @param local the description that we sent
 * @param remote the description that the peer sent
 * @param offeredHere whether ours is the offer, and the peer's the answer
 * @param localTransport our end of the transport
 * @param remoteTransport the peer's end; credentials that differ from those in use mean an ICE restart
 * @param dtlsRole our role: active is the DTLS client. It never changes during a session
 * @param iceControlling whether our ICE agent controls (RFC 8445 §6.1.1)
 * @param mixedExtmap whether one-byte and two-byte header extensions may be mixed
 * @param media audio and video sections in order, refused ones included
 * @param dataChannel the SCTP association; null when there is none
 */
public record NegotiatedSession(
        SessionDescription local,
        SessionDescription remote,
        boolean offeredHere,
        TransportDescription localTransport,
        TransportDescription remoteTransport,
        Setup dtlsRole,
        boolean iceControlling,
        boolean mixedExtmap,
        List<NegotiatedMedia> media,
        @Nullable NegotiatedDataChannel dataChannel) {

    /** Keeps an unmodifiable copy. */
    public NegotiatedSession {
        media = List.copyOf(media);
    }

    /** The description that was the offer. */
    public SessionDescription offer() {
        return offeredHere ? local : remote;
    }

    /** The description that was the answer. */
    public SessionDescription answer() {
        return offeredHere ? remote : local;
    }

    /** Whether one side refused the section at that index. */
    public boolean isRefused(int index) {
        return local.media().get(index).isRejected()
                || remote.media().get(index).isRejected();
    }

    /** The section with that id, or null. */
    public @Nullable NegotiatedMedia media(String mid) {
        for (NegotiatedMedia section : media) {
            if (section.mid().equals(mid)) {
                return section;
            }
        }
        return null;
    }

    /** Sections that are not refused. */
    public List<NegotiatedMedia> acceptedMedia() {
        return media.stream().filter(section -> !section.rejected()).toList();
    }
}

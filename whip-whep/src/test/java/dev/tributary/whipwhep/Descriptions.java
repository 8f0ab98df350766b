// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import dev.tributary.sdp.Capabilities;
import dev.tributary.sdp.CertificateFingerprint;
import dev.tributary.sdp.MediaKind;
import dev.tributary.sdp.NegotiatedMedia;
import dev.tributary.sdp.NegotiatedSession;
import dev.tributary.sdp.Negotiation;
import dev.tributary.sdp.SendTrack;
import dev.tributary.sdp.SessionDescription;
import dev.tributary.sdp.Transceiver;
import dev.tributary.sdp.TransportDescription;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The real descriptions of both ends of a session, as a media engine keeps them, without media. */
final class Descriptions {
    private final Negotiation sender;
    private final Negotiation receiver;
    private final Map<String, Transceiver> carriers = new HashMap<>();

    Descriptions(int slotsMax) {
        sender = negotiation("send", 1, slotsMax);
        receiver = negotiation("recv", 2, slotsMax);
        // The first exchange: one video, which the programme would have.
        sender.add(MediaKind.VIDEO).send(SendTrack.of("programme", "programme"));
        receiver.applyOffer(sender.createOffer());
        receiver.transceivers().forEach(transceiver -> transceiver.receive(true));
        sender.applyAnswer(receiver.createAnswer());
    }

    private static Negotiation negotiation(String name, long id, int slotsMax) {
        TransportDescription transport = TransportDescription.of(
                name,
                "0123456789abcdef0123456789",
                new CertificateFingerprint("sha-256", "00:" + "11:".repeat(30) + "22"));
        return Negotiation.builder(Capabilities.forwarding(), transport, id)
                .slotsMax(slotsMax)
                .build();
    }

    /** The next offer, or null when the description carries what is wanted already. */
    String offer(List<String> wanted, Map<String, TrackKind> kinds) {
        carriers.entrySet().removeIf(carrier -> {
            boolean isUnwanted = !wanted.contains(carrier.getKey());
            if (isUnwanted) {
                carrier.getValue().stopSending();
            }
            return isUnwanted;
        });
        for (String track : wanted) {
            if (!carriers.containsKey(track)) {
                Transceiver free = sender.add(kinds.get(track) == TrackKind.VIDEO ? MediaKind.VIDEO : MediaKind.AUDIO);
                if (free != null) {
                    carriers.put(track, free.send(SendTrack.of("stream", track)));
                }
            }
        }
        return sender.needsOffer() ? sender.createOffer().write() : null;
    }

    /** Which track each line of the offer carries. */
    Map<String, String> mids() {
        Map<String, String> mids = new LinkedHashMap<>();
        for (Transceiver transceiver : sender.transceivers()) {
            if (transceiver.mid() != null) {
                SendTrack track = transceiver.track();
                mids.put(transceiver.mid(), track == null ? null : track.track());
            }
        }
        return mids;
    }

    /** Applies an answer; returns the tracks that it declined. */
    Set<String> apply(String answer) {
        NegotiatedSession session = sender.applyAnswer(SessionDescription.parse(answer));
        Set<String> declined = new HashSet<>();
        carriers.forEach((track, carrier) -> {
            NegotiatedMedia section = carrier.mid() == null ? null : session.media(carrier.mid());
            if (section == null || section.rejected() || !section.direction().sends()) {
                declined.add(track);
            }
        });
        declined.forEach(track -> carriers.remove(track).stopSending());
        return declined;
    }

    void rollBackSender() {
        sender.rollback();
    }

    /** Answers an offer; declines what one line carries, if any is named. */
    String answer(String offer, String declinedMid) {
        receiver.applyOffer(SessionDescription.parse(offer));
        receiver.transceivers()
                .forEach(transceiver ->
                        transceiver.receive(!String.valueOf(transceiver.mid()).equals(declinedMid)));
        return receiver.createAnswer().write();
    }

    void rollBackReceiver() {
        receiver.rollback();
    }

    /** How many sections the last agreed description has. */
    int sections() {
        NegotiatedSession session = sender.session();
        return session == null ? 0 : session.media().size();
    }

    /** Which track each line of the agreed description sends. */
    Map<String, String> agreed() {
        Map<String, String> agreed = new HashMap<>();
        carriers.forEach((track, carrier) -> {
            if (carrier.mid() != null) {
                agreed.put(track, carrier.mid());
            }
        });
        return agreed;
    }
}

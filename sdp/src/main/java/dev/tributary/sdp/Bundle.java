// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import dev.tributary.sdp.SdpException.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The sections of a description that share the one transport which is supported here, the tagged one first (RFC 9143). A
 * description with a single open section needs no group.
 *
 * @param members indexes of the sections in the order of the group
 * @param isGrouped whether the description has a BUNDLE group
 */
record Bundle(List<Integer> members, boolean isGrouped) {
    Bundle {
        members = List.copyOf(members);
    }

    static Bundle of(SessionDescription description) {
        List<MediaDescription> media = description.media();
        Map<String, Integer> byMid = byMid(media);
        Group group = description.bundle();
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < media.size(); i++) {
            if (!media.get(i).isRejected()) {
                open.add(i);
            }
        }
        if (group == null) {
            if (open.size() > 1) {
                throw SdpException.of(
                        Reason.INCOMPATIBLE,
                        "",
                        "several sections share one transport by a BUNDLE group (RFC 9725 §4.4.1)");
            }
            return new Bundle(open, false);
        }
        Set<Integer> openSet = new HashSet<>(open);
        Set<Integer> members = new LinkedHashSet<>();
        for (String mid : group.mids()) {
            // FFmpeg names sections that it does not have; such a mid means nothing.
            Integer index = byMid.get(mid);
            if (index != null && openSet.contains(index)) {
                members.add(index);
            }
        }
        return new Bundle(List.copyOf(members), true);
    }

    private static Map<String, Integer> byMid(List<MediaDescription> media) {
        Map<String, Integer> byMid = new HashMap<>();
        for (int i = 0; i < media.size(); i++) {
            String mid = media.get(i).mid();
            if (mid != null && byMid.putIfAbsent(mid, i) != null) {
                throw new SdpException(
                        Reason.CONFLICT, media.get(i).firstLine(), 0, mid, "each a=mid is unique (RFC 5888 §4)");
            }
        }
        return byMid;
    }

    /** Id of a section: its mid, or its index as text where the offerer is too old for mids. */
    static String midOf(MediaDescription media, int index) {
        String mid = media.mid();
        return mid == null ? Integer.toString(index) : mid;
    }

    /**
     * The peer's end of the transport. It stands in the tagged section; when that one was refused, or leaves something out, the
     * next section that has it counts.
     *
     * @param preferred members that were accepted, first one first
     */
    TransportDescription transport(SessionDescription description, List<Integer> preferred) {
        TransportDescription chosen = null;
        boolean hasCredentials = false;
        Set<Integer> order = new LinkedHashSet<>(preferred);
        order.addAll(members);
        List<String> candidates = List.of();
        boolean complete = false;
        Setup setup = null;
        for (int index : order) {
            TransportDescription transport =
                    description.transport(description.media().get(index));
            boolean credentials = transport.ufrag() != null && transport.password() != null;
            hasCredentials |= credentials;
            if (chosen == null && credentials && !transport.fingerprints().isEmpty()) {
                chosen = transport;
            }
            if (candidates.isEmpty()) {
                candidates = transport.candidates();
            }
            complete |= transport.endOfCandidates();
            setup = setup == null ? transport.setup() : setup;
        }
        if (chosen == null) {
            throw SdpException.of(
                    Reason.MISSING,
                    "",
                    hasCredentials
                            ? "the tagged section has a=fingerprint (RFC 8827 §6.5)"
                            : "the tagged section has a=ice-ufrag and a=ice-pwd (RFC 8839 §5.4)");
        }
        return chosen.withSetup(setup).withCandidates(candidates, complete);
    }

    /** Refuses RTP sections without RTCP multiplexing: there is no second port for it. */
    void checkRtcpMux(SessionDescription description) {
        for (int index : members) {
            MediaDescription media = description.media().get(index);
            if (media.kind().isRtp() && !media.isRtcpMux()) {
                throw new SdpException(
                        Reason.INCOMPATIBLE, media.firstLine(), 0, "", "RTP and RTCP share one port (RFC 9725 §4.4.1)");
            }
        }
    }
}

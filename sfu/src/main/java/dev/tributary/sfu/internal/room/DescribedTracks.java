// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import dev.tributary.sdp.MediaDescription;
import dev.tributary.sdp.Msid;
import dev.tributary.sdp.NegotiatedMedia;
import dev.tributary.sdp.NegotiatedSession;
import dev.tributary.sdp.TrackAnnotation;
import dev.tributary.whipwhep.Purpose;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.TrackKind;
import dev.tributary.whipwhep.spi.Right;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** The tracks as a description alone tells: of plain publishers, and of dynamic ones until they have spoken. No state. */
final class DescribedTracks {
    private DescribedTracks() {}

    /**
     * The tracks that the other end sends.
     *
     * @param stream the stream of those that name none
     * @param random for the ids of those that have none
     */
    static List<Track> of(NegotiatedSession session, SessionIdentity identity, String stream, RandomGenerator random) {
        List<Track> described = new ArrayList<>();
        for (NegotiatedMedia section : session.acceptedMedia()) {
            if (!section.direction().receives()) {
                continue;
            }
            TrackAnnotation annotation = section.remoteAnnotation();
            boolean isAnnotated = isAnnotated(session.remote().media().get(section.index()));
            Msid msid = section.remoteMsids().isEmpty()
                    ? null
                    : section.remoteMsids().get(0);
            String id = msid == null || msid.track() == null ? randomId(random) : Track.tokenOf(msid.track());
            TrackKind kind = MediaMapping.kindOf(section.kind());
            Purpose purpose = isAnnotated ? purposeOf(annotation) : defaultPurpose(identity);
            String label = annotation.label().isEmpty() ? identity.grant().label() : annotation.label();
            String streamId = msid == null || isNoStream(msid) ? stream : Track.tokenOf(msid.stream());
            described.add(Track.of(id, kind, purpose, label, streamId)
                    .withMid(section.mid())
                    .withMuted(annotation.muted()));
        }
        return described;
    }

    private static boolean isAnnotated(MediaDescription section) {
        return section.lines().stream().anyMatch(line -> line.type() == 'i');
    }

    private static boolean isNoStream(Msid msid) {
        return msid.stream().equals("-");
    }

    private static Purpose purposeOf(TrackAnnotation annotation) {
        return switch (annotation.purpose()) {
            case MAIN -> Purpose.MAIN;
            case SCREEN -> Purpose.SCREEN;
            case GUEST -> Purpose.GUEST;
        };
    }

    private static Purpose defaultPurpose(SessionIdentity identity) {
        return identity.isOutgoing() || identity.grant().allows(Right.PUBLISH_MAIN) ? Purpose.MAIN : Purpose.GUEST;
    }

    private static String randomId(RandomGenerator random) {
        return "t" + Long.toHexString(random.nextLong());
    }
}

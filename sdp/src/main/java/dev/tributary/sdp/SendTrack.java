// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A track that this side sends in a section.
 *
 * @param stream id of its media stream: tracks of the same stream are played in sync
 * @param track id of the track
 * @param annotation what the {@code i=} line says; null leaves the line out
 * @param cname canonical name of the source, the same for tracks with a common clock
 * @param ssrc RTP source; 0 leaves the {@code a=ssrc} lines out
 * @param rtxSsrc RTP source of its retransmissions; 0 when there is none
 * @param rids simulcast streams in the order of preference; empty when there is one stream. With rids, sources are not named
 */
public record SendTrack(
        String stream,
        String track,
        @Nullable TrackAnnotation annotation,
        String cname,
        long ssrc,
        long rtxSsrc,
        List<String> rids) {

    /** Checks every part. */
    public SendTrack {
        Msid msid = new Msid(stream, track);
        assert msid.track() != null : "the constructor checks both ids";
        if (!Scan.isVisible(cname)) {
            throw new IllegalArgumentException("A cname is one word of visible characters, got \"" + cname + '"');
        }
        if (ssrc < 0 || ssrc > Ssrc.SSRC_MAX || rtxSsrc < 0 || rtxSsrc > Ssrc.SSRC_MAX) {
            throw new IllegalArgumentException("An SSRC has 32 bits, got " + ssrc + " and " + rtxSsrc);
        }
        rids = List.copyOf(rids);
        for (String rid : rids) {
            if (!Rid.isId(rid)) {
                throw new IllegalArgumentException("Not a rid: \"" + rid + '"');
            }
        }
    }

    /** A track of one stream; its SSRC is said by the packets only. */
    public static SendTrack of(String stream, String track) {
        return new SendTrack(stream, track, null, stream, 0, 0, List.of());
    }

    /** The track and its stream. */
    public Msid msid() {
        return new Msid(stream, track);
    }

    /** This track with an annotation. */
    public SendTrack withAnnotation(@Nullable TrackAnnotation its) {
        return new SendTrack(stream, track, its, cname, ssrc, rtxSsrc, rids);
    }

    /** This track with its sources named. */
    public SendTrack withSsrcs(long source, long retransmissions) {
        return new SendTrack(stream, track, annotation, cname, source, retransmissions, rids);
    }

    /** This track with another canonical name. */
    public SendTrack withCname(String name) {
        return new SendTrack(stream, track, annotation, name, ssrc, rtxSsrc, rids);
    }

    /** This track as simulcast streams. */
    public SendTrack withRids(List<String> streams) {
        return new SendTrack(stream, track, annotation, cname, ssrc, rtxSsrc, streams);
    }
}

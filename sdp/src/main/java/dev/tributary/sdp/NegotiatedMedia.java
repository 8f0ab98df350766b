// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was agreed about one audio or video section, seen from our side.
 *
 * @param index index of the section in the descriptions
 * @param mid id of the section; its index as text when the offer gave none
 * @param kind audio or video
 * @param rejected whether one side refused the section; the rest means nothing then
 * @param direction agreed direction
 * @param codecs agreed codecs in the order of the answer; retransmission formats are part of their codecs
 * @param headerExtensions agreed header extensions with the ids in the packets; directions are ours
 * @param localMsid the track that we send; null when we send none
 * @param remoteMsids the tracks that the peer sends; may be empty although it sends
 * @param remoteSsrcs sources that the peer named; may be empty although it sends
 * @param remoteSsrcGroups groups of those sources
 * @param sendRids simulcast streams that the peer takes from us, in order; empty when there is one stream
 * @param receiveRids simulcast streams that the peer sends, in order; empty when there is one stream
 * @param remoteAnnotation what the peer says about the track
 * @param reducedSizeRtcp whether RTCP packets may be sent alone
 */
public record NegotiatedMedia(
        int index,
        String mid,
        MediaKind kind,
        boolean rejected,
        Direction direction,
        List<NegotiatedCodec> codecs,
        List<HeaderExtension> headerExtensions,
        @Nullable Msid localMsid,
        List<Msid> remoteMsids,
        List<Ssrc> remoteSsrcs,
        List<SsrcGroup> remoteSsrcGroups,
        List<String> sendRids,
        List<String> receiveRids,
        TrackAnnotation remoteAnnotation,
        boolean reducedSizeRtcp) {

    /** Keeps unmodifiable copies. */
    public NegotiatedMedia {
        codecs = List.copyOf(codecs);
        headerExtensions = List.copyOf(headerExtensions);
        remoteMsids = List.copyOf(remoteMsids);
        remoteSsrcs = List.copyOf(remoteSsrcs);
        remoteSsrcGroups = List.copyOf(remoteSsrcGroups);
        sendRids = List.copyOf(sendRids);
        receiveRids = List.copyOf(receiveRids);
    }

    /** Id under which packets carry that extension, or -1 when it was not agreed. */
    public int extensionId(String uri) {
        HeaderExtension extension = HeaderExtension.find(headerExtensions, uri);
        return extension == null ? -1 : extension.id();
    }

    /** The agreed codec that a stream of the given codec can be sent or received as, or null. */
    public @Nullable NegotiatedCodec codecFor(Codec codec) {
        for (NegotiatedCodec agreed : codecs) {
            if (agreed.remote().matches(codec)) {
                return agreed;
            }
        }
        return null;
    }

    /** The SSRC that repeats the packets of the given one (group FID), or -1 when the peer did not say. */
    public long rtxSsrcOf(long ssrc) {
        for (SsrcGroup group : remoteSsrcGroups) {
            if (group.semantics().equals(SsrcGroup.FID)
                    && group.ssrcs().size() == 2
                    && group.ssrcs().get(0) == ssrc) {
                return group.ssrcs().get(1);
            }
        }
        return -1;
    }
}

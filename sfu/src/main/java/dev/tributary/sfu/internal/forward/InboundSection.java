// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One negotiated media section that a publisher sends on: what its packets look like and which track they belong to.
 * Immutable; a renegotiation makes a new one.
 */
public final class InboundSection {
    /**
     * An SSRC that the description names.
     *
     * @param ssrc of the media
     * @param rtxSsrc of its retransmissions ({@code a=ssrc-group:FID}), or 0 if there are none
     */
    public record DeclaredSsrc(int ssrc, int rtxSsrc) {}

    private final String mid;
    private final TrackSource track;
    private final ExtensionIds extensionIds;
    private final List<String> rids;
    private final List<DeclaredSsrc> ssrcs;
    private final @Nullable MediaCodec[] byPayloadType = new MediaCodec[128];
    private final @Nullable MediaCodec[] byRtxPayloadType = new MediaCodec[128];

    /**
     * Describes a section.
     *
     * @param mid its identification tag
     * @param track where its packets go
     * @param codecs the payload types that were agreed
     * @param extensionIds the header extensions that were agreed
     * @param rids the simulcast layers, in the order of the description; empty without simulcast
     * @param ssrcs the SSRCs that the description names; empty if the packets' mid has to tell
     */
    public InboundSection(
            String mid,
            TrackSource track,
            List<MediaCodec> codecs,
            ExtensionIds extensionIds,
            List<String> rids,
            List<DeclaredSsrc> ssrcs) {
        this.mid = mid;
        this.track = track;
        this.extensionIds = extensionIds;
        this.rids = List.copyOf(rids);
        this.ssrcs = List.copyOf(ssrcs);
        for (MediaCodec codec : codecs) {
            byPayloadType[codec.payloadType()] = codec;
            if (codec.rtxPayloadType() >= 0) {
                byRtxPayloadType[codec.rtxPayloadType()] = codec;
            }
        }
    }

    /** The identification tag. */
    public String mid() {
        return mid;
    }

    /** Where packets of this section go. */
    public TrackSource track() {
        return track;
    }

    ExtensionIds extensionIds() {
        return extensionIds;
    }

    List<String> rids() {
        return rids;
    }

    List<DeclaredSsrc> ssrcs() {
        return ssrcs;
    }

    @Nullable
    MediaCodec codec(int payloadType) {
        return byPayloadType[payloadType];
    }

    /** The codec whose retransmissions have this payload type. */
    @Nullable
    MediaCodec originalOf(int rtxPayloadType) {
        return byRtxPayloadType[rtxPayloadType];
    }

    boolean knows(int payloadType) {
        return byPayloadType[payloadType] != null || byRtxPayloadType[payloadType] != null;
    }
}

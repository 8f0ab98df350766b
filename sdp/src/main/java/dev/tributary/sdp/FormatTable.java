// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Payload types and header-extension ids that are in use in the BUNDLE group: within it a number has one meaning for good
 * (RFC 9143 §9.1, §10). Learns from every description that was agreed, and gives out what is free.
 */
final class FormatTable {
    private final Map<Integer, Codec> codecs = new HashMap<>();
    private final Map<String, Integer> extensions = new HashMap<>();
    private final Set<Integer> extensionIds = new HashSet<>();

    /** Takes note of the numbers of a section. */
    void learn(MediaDescription media) {
        if (!media.kind().isRtp() || media.isRejected()) {
            return;
        }
        for (Codec codec : media.codecs()) {
            codecs.putIfAbsent(codec.payloadType(), codec);
        }
        for (HeaderExtension extension : media.headerExtensions()) {
            if (extension.id() <= HeaderExtension.ID_MAX && extensionIds.add(extension.id())) {
                extensions.putIfAbsent(extension.uri(), extension.id());
            }
        }
    }

    /** The codecs of a new section of ours. A codec for which no number is free is left out. */
    List<Codec> offer(MediaKind kind, Capabilities capabilities) {
        List<Codec> offered = new ArrayList<>();
        Set<Integer> used = new HashSet<>();
        Codec wantedRed = null;
        int redIndex = 0;
        for (Codec capability : capabilities.codecs(kind)) {
            if (capability.isRed()) {
                wantedRed = capability;
                redIndex = offered.size();
                continue;
            }
            Codec codec = number(capability, used);
            if (codec == null) {
                continue;
            }
            offered.add(codec);
            if (capabilities.retransmission() && kind == MediaKind.VIDEO) {
                FormatParameters apt = FormatParameters.parse("apt=" + codec.payloadType());
                Codec wanted = new Codec(codec.payloadType() + 1, "rtx", codec.clockRate(), 1, apt, List.of());
                Codec rtx = number(wanted, used);
                if (rtx != null) {
                    offered.add(rtx);
                }
            }
        }
        Codec red = wantedRed == null ? null : red(wantedRed, offered, used);
        if (red != null) {
            offered.add(redIndex, red);
        }
        return offered;
    }

    /** Redundant audio of the first codec with its clock rate and channels, once that has a number; null when there is none. */
    private @Nullable Codec red(Codec wanted, List<Codec> offered, Set<Integer> used) {
        for (Codec primary : offered) {
            if (primary.clockRate() == wanted.clockRate() && primary.channels() == wanted.channels()) {
                String twice = primary.payloadType() + "/" + primary.payloadType();
                return number(wanted.withParameters(FormatParameters.parse(twice)), used);
            }
        }
        return null;
    }

    /** A capability with the number that it has, or one that is free. */
    private @Nullable Codec number(Codec capability, Set<Integer> used) {
        for (Codec known : codecs.values()) {
            if (isSame(known, capability) && used.add(known.payloadType())) {
                return known.withFeedback(capability.feedback());
            }
        }
        int number = isFree(capability.payloadType()) ? capability.payloadType() : freePayloadType();
        if (number < 0) {
            return null;
        }
        Codec codec = capability.withPayloadType(number);
        codecs.put(number, codec);
        used.add(number);
        return codec;
    }

    /** Retransmission and redundancy are what they are by the numbers to which they refer. */
    private static boolean isSame(Codec known, Codec capability) {
        if (capability.isRtx()) {
            return known.isRtx() && known.associatedPayloadType() == capability.associatedPayloadType();
        }
        return known.matches(capability)
                && (!capability.isRed() || known.format().equals(capability.format()));
    }

    private int freePayloadType() {
        for (int number = 96; number <= RtpMap.PAYLOAD_TYPE_MAX; number++) {
            if (isFree(number)) {
                return number;
            }
        }
        for (int number = 63; number >= 35; number--) {
            if (isFree(number)) {
                return number;
            }
        }
        return -1;
    }

    /** RFC 3551 §3 leaves 96 to 127 and 35 to 63 to be assigned; 64 to 95 look like RTCP packets on a shared port. */
    private boolean isFree(int number) {
        return ((number >= 96 && number <= RtpMap.PAYLOAD_TYPE_MAX) || (number >= 35 && number <= 63))
                && !codecs.containsKey(number);
    }

    /** Header extensions of a new section of ours, with the ids that they have, or free ones of one-byte headers. */
    List<HeaderExtension> offer(List<String> uris) {
        List<HeaderExtension> offered = new ArrayList<>();
        for (String uri : uris) {
            Integer known = extensions.get(uri);
            int id = known == null ? freeExtensionId() : known;
            if (id > 0) {
                extensions.put(uri, id);
                extensionIds.add(id);
                offered.add(HeaderExtension.of(id, uri));
            }
        }
        return offered;
    }

    private int freeExtensionId() {
        for (int id = 1; id <= HeaderExtension.ONE_BYTE_ID_MAX; id++) {
            if (!extensionIds.contains(id)) {
                return id;
            }
        }
        return -1;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Chooses the codecs and header extensions of an answer (RFC 3264 §6.1, RFC 8285 §6). */
final class CodecSelection {
    private CodecSelection() {}

    private record Choice(int preference, Codec codec) {}

    /**
     * The offered codecs that are taken, in the order of our preference, each followed by its retransmission format. Payload
     * types and parameters stay the offerer's: parameters describe what it sends or understands, and a forwarder has no other
     * opinion.
     */
    static List<Codec> answer(MediaKind kind, List<Codec> offered, Capabilities capabilities) {
        List<Choice> choices = new ArrayList<>();
        Map<Integer, Codec> rtxOf = new HashMap<>();
        for (Codec codec : offered) {
            if (codec.isRtx()) {
                rtxOf.putIfAbsent(codec.associatedPayloadType(), codec);
                continue;
            }
            int preference = capabilities.indexOf(kind, codec);
            if (preference >= 0) {
                Codec own = capabilities.codecs(kind).get(preference);
                List<RtcpFeedback> feedback = codec.feedback().stream()
                        .filter(own.feedback()::contains)
                        .toList();
                choices.add(new Choice(preference, codec.withFeedback(feedback)));
            }
        }
        dropRedOfWhatIsNotTaken(choices);
        choices.sort(Comparator.comparingInt(Choice::preference));
        List<Codec> taken = new ArrayList<>();
        for (Choice choice : choices) {
            taken.add(choice.codec);
            Codec rtx = rtxOf.get(choice.codec.payloadType());
            if (rtx != null && capabilities.retransmission() && kind == MediaKind.VIDEO) {
                taken.add(rtx.withFeedback(List.of()));
            }
        }
        return taken;
    }

    /** Redundant audio is of use when what it repeats is taken, too (RFC 2198 §5). */
    private static void dropRedOfWhatIsNotTaken(List<Choice> choices) {
        Set<Integer> taken = new HashSet<>();
        for (Choice choice : choices) {
            if (!choice.codec.isRed()) {
                taken.add(choice.codec.payloadType());
            }
        }
        choices.removeIf(choice -> choice.codec.format() instanceof CodecFormat.Red red
                && (red.payloadTypes().isEmpty() || !taken.containsAll(red.payloadTypes())));
    }

    /** The offered header extensions that are taken, with the offerer's ids and the direction turned round. */
    static List<HeaderExtension> answer(List<HeaderExtension> offered, List<String> supported, boolean mixed) {
        List<HeaderExtension> taken = new ArrayList<>();
        Set<String> uris = new HashSet<>();
        Set<Integer> ids = new HashSet<>();
        int idMax = mixed ? HeaderExtension.ID_MAX : HeaderExtension.ONE_BYTE_ID_MAX;
        for (HeaderExtension extension : offered) {
            boolean fits = extension.id() <= idMax && extension.id() != HeaderExtension.ONE_BYTE_ID_MAX + 1;
            if (fits
                    && supported.contains(extension.uri())
                    && !ids.contains(extension.id())
                    && uris.add(extension.uri())) {
                ids.add(extension.id());
                taken.add(extension.withDirection(extension.direction().reversed()));
            }
        }
        return taken;
    }

    /** The agreed codecs of a section: those of the answer that the offer has, with the payload types of both sides. */
    static List<NegotiatedCodec> agreed(List<Codec> offered, List<Codec> answered, boolean offeredHere) {
        Map<Integer, Codec> byPayloadType = new HashMap<>();
        offered.forEach(codec -> byPayloadType.putIfAbsent(codec.payloadType(), codec));
        Map<Integer, Integer> offeredRtx = rtxByCodec(offered);
        Map<Integer, Integer> answeredRtx = rtxByCodec(answered);
        List<NegotiatedCodec> agreed = new ArrayList<>();
        for (Codec answer : answered) {
            Codec offer = answer.isRtx() ? null : counterpart(answer, byPayloadType, offered);
            if (offer != null) {
                int offerRtx = offeredRtx.getOrDefault(offer.payloadType(), -1);
                int answerRtx = answeredRtx.getOrDefault(answer.payloadType(), -1);
                agreed.add(
                        offeredHere
                                ? new NegotiatedCodec(offer, answer, offerRtx, answerRtx)
                                : new NegotiatedCodec(answer, offer, answerRtx, offerRtx));
            }
        }
        return agreed;
    }

    /** The same payload type as a rule; RFC 3264 §6.1 lets the answerer use its own, and then the configuration decides. */
    private static @Nullable Codec counterpart(Codec answer, Map<Integer, Codec> byPayloadType, List<Codec> offered) {
        Codec same = byPayloadType.get(answer.payloadType());
        if (same != null && same.hasFormatOf(answer)) {
            return same;
        }
        for (Codec codec : offered) {
            if (codec.matches(answer)) {
                return codec;
            }
        }
        return null;
    }

    private static Map<Integer, Integer> rtxByCodec(List<Codec> codecs) {
        Map<Integer, Integer> rtx = new HashMap<>();
        for (Codec codec : codecs) {
            if (codec.isRtx()) {
                rtx.putIfAbsent(codec.associatedPayloadType(), codec.payloadType());
            }
        }
        return rtx;
    }
}

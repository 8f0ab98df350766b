// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import org.jspecify.annotations.Nullable;

/**
 * How packets of one incoming stream appear in an outgoing one, from one key frame (or talk spurt) until the next switch:
 * the offsets of sequence number, timestamp, VP8 picture id and TL0PICIDX, and the payload types.
 *
 * <p>Reused, not thread-safe: owned by the subscriber's loop.
 */
final class Projection {
    final SequenceMap sequences = new SequenceMap();
    int number = -1;

    @Nullable
    IncomingStream stream;

    int timestampOffset;
    long highestIncoming;

    private int pictureIdIn;
    private int pictureIdOut;
    private int tl0Offset;
    private int cachedPayloadType = -1;
    private @Nullable MediaCodec cachedCodec;

    void begin(int itsNumber, IncomingStream source, long firstIncoming, long firstOutgoing, int itsTimestampOffset) {
        number = itsNumber;
        stream = source;
        highestIncoming = firstIncoming - 1;
        sequences.reset(firstIncoming, firstOutgoing);
        timestampOffset = itsTimestampOffset;
        cachedPayloadType = -1;
        cachedCodec = null;
    }

    /** Continues picture numbers after those sent before; −1 for none. */
    void beginPictures(long traits, int lastPictureId, int lastTl0) {
        pictureIdIn = PacketTraits.pictureId(traits);
        pictureIdOut = lastPictureId < 0 ? pictureIdIn : lastPictureId + 1 & 0x7FFF;
        tl0Offset = lastTl0 < 0 ? 0 : lastTl0 + 1 - PacketTraits.tl0PictureIndex(traits);
    }

    /** The outgoing picture id, always of 15 bits, however wide the publisher's is: its width must not change. */
    int pictureId(long traits) {
        return pictureIdOut + pictureIdDistance(traits) & 0x7FFF;
    }

    /** Moves the point that picture ids are counted from, so that narrow ones may wrap. */
    void advancePictures(long traits) {
        int distance = pictureIdDistance(traits);
        if (distance > 0) {
            pictureIdOut = pictureIdOut + distance & 0x7FFF;
            pictureIdIn = PacketTraits.pictureId(traits);
        }
    }

    int tl0PictureIndex(long traits) {
        return PacketTraits.tl0PictureIndex(traits) + tl0Offset & 0xFF;
    }

    /** The outgoing codec for an incoming payload type, or {@code null} if the subscriber has none that is compatible. */
    @Nullable
    MediaCodec codec(int payloadType, MediaCodec[] subscriberCodecs) {
        if (payloadType != cachedPayloadType) {
            cachedPayloadType = payloadType;
            cachedCodec = find(payloadType, subscriberCodecs);
        }
        return cachedCodec;
    }

    private @Nullable MediaCodec find(int payloadType, MediaCodec[] subscriberCodecs) {
        MediaCodec incoming = stream == null ? null : stream.codecOf(payloadType);
        if (incoming != null) {
            for (MediaCodec codec : subscriberCodecs) {
                if (codec.key().equals(incoming.key())) {
                    return codec;
                }
            }
        }
        return null;
    }

    private int pictureIdDistance(long traits) {
        int unused = PacketTraits.has(traits, PacketTraits.PICTURE_ID_LONG) ? 17 : 25;
        return PacketTraits.pictureId(traits) - pictureIdIn << unused >> unused;
    }
}

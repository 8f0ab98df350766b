// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import java.util.ArrayList;
import java.util.List;

/** A publisher of one picture in several layers, thirty times a second, that makes a key frame when it is asked to. */
final class SimulcastHost {
    private static final List<String> RIDS = List.of("q", "h", "f");
    private static final int[] WIDTHS = {320, 640, 1280};
    private static final int PACKET_BYTES = 1_100;
    private static final long FRAME_NANOS = 33 * Stage.MILLIS;

    final int ssrc;
    boolean isSilent;
    final Published media = new Published();
    private final int[] kilobits;
    private final int[] sequences;
    private final Stage.Wire wire = new Stage.Wire();
    private final Stage stage;
    private long nextFrameNanos;
    private int frames;

    /** What the engine knows of it. */
    final class Published {
        InboundMedia inbound;
        TrackSource track;

        TrackSource track() {
            return track;
        }
    }

    SimulcastHost(Stage stage, int ssrc, int... kilobits) {
        this.stage = stage;
        this.ssrc = ssrc;
        this.kilobits = kilobits;
        this.sequences = new int[kilobits.length];
        media.inbound = new InboundMedia(new Stage.Here(), wire, 0x0B0B0B0B, "tributary", () -> {});
        media.track = media.inbound.newTrack(true, "cname" + ssrc);
        List<String> rids = kilobits.length == 1 ? List.of() : RIDS.subList(0, kilobits.length);
        media.inbound.addSection(
                new InboundSection("0", media.track, List.of(Stage.VP8), Stage.IN_IDS, rids, List.of()));
    }

    void tick(long nowNanos) {
        if (media.inbound.nextTimeoutNanos() <= nowNanos) {
            media.inbound.handleTimeout(nowNanos);
        }
        if (nowNanos < nextFrameNanos || isSilent) {
            return;
        }
        nextFrameNanos = nowNanos + FRAME_NANOS;
        boolean[] keys = wanted();
        for (int layer = 0; layer < kilobits.length; layer++) {
            frame(layer, keys[layer] || frames == 0);
        }
        frames++;
        media.inbound.batchEnded(nowNanos);
    }

    /** The layers for which a key frame was asked. */
    private boolean[] wanted() {
        boolean[] keys = new boolean[kilobits.length];
        for (byte[] bytes : wire.rtcp) {
            var reader = new dev.tributary.core.rtp.RtcpReader();
            reader.wrap(bytes, 0, bytes.length);
            while (reader.next()) {
                int layer = reader.mediaSsrc() - ssrc;
                if (reader.kind() == dev.tributary.core.rtp.RtcpReader.Kind.PICTURE_LOSS_INDICATION
                        && layer >= 0
                        && layer < keys.length) {
                    keys[layer] = true;
                }
            }
        }
        wire.clear();
        return keys;
    }

    private void frame(int layer, boolean isKey) {
        int bytes = kilobits[layer] * 1_000 / 8 / 30 * (isKey ? 4 : 1);
        int count = Math.max(1, (bytes + PACKET_BYTES - 1) / PACKET_BYTES);
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] payload = new byte[Math.max(20, bytes / count)];
            payload[0] = (byte) (i == 0 ? 0x10 : 0);
            if (i == 0) {
                payload[1] = (byte) (isKey ? 0 : 1);
                payload[4] = (byte) 0x9D;
                payload[5] = 1;
                payload[6] = 0x2A;
                put16(payload, 7, WIDTHS[layer]);
                put16(payload, 9, WIDTHS[layer] * 9 / 16);
            }
            payload[15] = (byte) layer;
            payload[16] = (byte) (isKey ? 1 : 0);
            packets.add(Stage.rtp(
                    96,
                    sequences[layer]++ & 0xFFFF,
                    frames * 2_970,
                    ssrc + layer,
                    i == count - 1,
                    "0",
                    kilobits.length == 1 ? null : RIDS.get(layer),
                    payload));
        }
        packets.forEach(packet -> media.inbound.handleRtp(packet, 0, packet.length, stage.now));
    }

    private static void put16(byte[] bytes, int at, int value) {
        bytes[at] = (byte) value;
        bytes[at + 1] = (byte) (value >> 8);
    }
}

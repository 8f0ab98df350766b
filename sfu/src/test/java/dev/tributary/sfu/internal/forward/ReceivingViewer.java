// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.Transmit;
import dev.tributary.core.rtp.HeaderExtensions;
import dev.tributary.core.rtp.RtcpWriter;
import dev.tributary.core.rtp.RtpPacket;
import dev.tributary.core.rtp.SequenceUnwrapper;
import dev.tributary.sfu.internal.bandwidth.ArrivalLog;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A receiver as browsers are: reports every arrival, asks again for what is missing, and for a key frame when that takes
 * too long. A picture shows when it and all since the last key frame are whole.
 */
final class ReceivingViewer implements DatagramProtocol {
    private static final long NACK_NANOS = 20 * Stage.MILLIS;
    private static final long PATIENCE_NANOS = 300 * Stage.MILLIS;

    /** A picture that was shown. */
    record Shown(long nanos, int layer) {}

    /** One stream. */
    static final class Screen {
        final int ssrc;
        final List<Shown> shown = new ArrayList<>();
        private final SequenceUnwrapper unwrapper = new SequenceUnwrapper();
        private final TreeMap<Long, RtpPacket> waiting = new TreeMap<>();
        private final TreeMap<Long, long[]> missing = new TreeMap<>();
        private long next = -1;
        private long pliNanos = Long.MIN_VALUE / 2;
        private boolean awaitsKey = true;

        Screen(int ssrc) {
            this.ssrc = ssrc;
        }

        /** The longest time without a new picture between two moments. */
        double longestFreezeSeconds(double from, double to) {
            double last = from;
            double longest = 0;
            for (Shown each : shown) {
                double at = each.nanos() / 1e9;
                if (at >= from && at <= to) {
                    longest = Math.max(longest, at - last);
                    last = at;
                }
            }
            return Math.max(longest, to - last);
        }

        /** For how long pictures of a layer were shown between two moments. */
        double secondsWith(int layer, double from, double to) {
            double last = from;
            double sum = 0;
            for (Shown each : shown) {
                double at = each.nanos() / 1e9;
                if (at >= from && at <= to) {
                    sum += each.layer() == layer ? at - last : 0;
                    last = at;
                }
            }
            return sum;
        }

        int layerAt(double seconds) {
            int layer = -1;
            for (Shown each : shown) {
                layer = each.nanos() / 1e9 <= seconds ? each.layer() : layer;
            }
            return layer;
        }

        /** When a layer is shown first after a moment, and stays for a second at least. */
        double backAt(int layer, double from) {
            double since = -1;
            for (Shown each : shown) {
                double at = each.nanos() / 1e9;
                if (at < from) {
                    continue;
                }
                since = each.layer() != layer ? -1 : since < 0 ? at : since;
                if (since >= 0 && at - since > 1) {
                    return since;
                }
            }
            return Double.POSITIVE_INFINITY;
        }
    }

    private final InetSocketAddress us;
    private final ArrivalLog arrivals = new ArrivalLog();
    private final Map<Integer, Screen> screens = new LinkedHashMap<>();
    private final Map<Integer, Screen> repairs = new LinkedHashMap<>();
    private final ArrayDeque<byte[]> out = new ArrayDeque<>();
    private final byte[] scratch = new byte[1_500];
    boolean reportsArrivals = true;
    private long nextNanos;

    ReceivingViewer(InetSocketAddress us) {
        this.us = us;
    }

    void expect(int ssrc, int rtxSsrc) {
        Screen screen = new Screen(ssrc);
        screens.put(ssrc, screen);
        repairs.put(rtxSsrc, screen);
    }

    Screen screen(Subscription subscription) {
        return screens.get(subscription.ssrc());
    }

    @Override
    public void handleDatagram(ByteBuffer datagram, InetSocketAddress source, long nowNanos) {
        byte[] bytes = new byte[datagram.remaining()];
        datagram.get(bytes);
        RtpPacket packet = new RtpPacket();
        int second = bytes[1] & 0xFF;
        if (second >= 192 && second <= 223 || !packet.wrap(bytes, 0, bytes.length)) {
            return;
        }
        long number = HeaderExtensions.find(packet, 12);
        if (number != HeaderExtensions.NOT_FOUND && reportsArrivals) {
            int at = HeaderExtensions.offset(number);
            arrivals.arrived((bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF, nowNanos);
        }
        Screen media = screens.get(packet.ssrc());
        Screen repaired = repairs.get(packet.ssrc());
        if (media != null && packet.payloadLength() > 0) {
            take(media, packet.sequenceNumber(), packet, nowNanos);
        } else if (repaired != null && packet.payloadLength() > 2) {
            int at = packet.payloadOffset();
            int original = (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
            System.arraycopy(bytes, at + 2, bytes, at, packet.payloadLength() - 2);
            RtpPacket shorter = new RtpPacket();
            if (shorter.wrap(bytes, 0, bytes.length - 2)) {
                take(repaired, original, shorter, nowNanos);
            }
        }
    }

    private void take(Screen screen, int sequenceNumber, RtpPacket packet, long nowNanos) {
        long highest = screen.unwrapper.highest();
        long sequence = screen.unwrapper.unwrap(sequenceNumber);
        screen.missing.remove(sequence);
        for (long gap = highest + 1; highest >= 0 && gap < sequence; gap++) {
            screen.missing.put(gap, new long[] {nowNanos, nowNanos});
        }
        if (screen.next < 0 || sequence >= screen.next) {
            screen.waiting.put(sequence, packet);
        }
        show(screen, nowNanos);
    }

    private static void show(Screen screen, long nowNanos) {
        if (screen.awaitsKey) {
            Long key = null;
            for (Map.Entry<Long, RtpPacket> each : screen.waiting.entrySet()) {
                int at = each.getValue().payloadOffset();
                byte[] bytes = each.getValue().array();
                key = bytes[at] == 0x10 && bytes[at + 1] == 0 ? each.getKey() : key;
            }
            if (key == null) {
                return;
            }
            screen.waiting.headMap(key).clear();
            screen.missing.headMap(key).clear();
            screen.next = key;
            screen.awaitsKey = false;
        }
        for (RtpPacket packet; (packet = screen.waiting.remove(screen.next)) != null; screen.next++) {
            if (packet.marker()) {
                screen.shown.add(new Shown(nowNanos, packet.array()[packet.payloadOffset() + 15]));
            }
        }
    }

    @Override
    public void handleTimeout(long nowNanos) {
        nextNanos = nowNanos + 10 * Stage.MILLIS;
        RtcpWriter writer = new RtcpWriter();
        for (Screen screen : screens.values()) {
            ask(screen, writer, nowNanos);
        }
        while (arrivals.nextDueNanos() <= nowNanos) {
            int length = arrivals.write(scratch, 0, 1_200, 1, 2, nowNanos);
            if (length > 0) {
                out.add(Arrays.copyOf(scratch, length));
            }
        }
    }

    private void ask(Screen screen, RtcpWriter writer, long nowNanos) {
        boolean isHopeless = screen.missing.values().stream().anyMatch(each -> nowNanos - each[0] > PATIENCE_NANOS);
        if (isHopeless) {
            screen.awaitsKey = true;
            screen.missing.clear();
        }
        boolean isLost = screen.awaitsKey && screen.unwrapper.highest() >= 0;
        if (isLost && nowNanos - screen.pliNanos > 500 * Stage.MILLIS) {
            screen.pliNanos = nowNanos;
            writer.wrap(scratch, 0, 100);
            boolean unused = writer.pictureLossIndication(1, screen.ssrc);
            out.add(Arrays.copyOf(scratch, writer.length()));
        }
        writer.wrap(scratch, 0, 1_000);
        boolean open = false;
        for (Map.Entry<Long, long[]> each : screen.missing.entrySet()) {
            if (nowNanos - each.getValue()[1] >= NACK_NANOS && writer.remaining() > 20) {
                each.getValue()[1] = nowNanos + 50 * Stage.MILLIS;
                open = open || writer.nack(1, screen.ssrc);
                boolean unused = writer.nackEntry((int) (long) each.getKey() & 0xFFFF, 0);
            }
        }
        if (open) {
            out.add(Arrays.copyOf(scratch, writer.length()));
        }
    }

    @Override
    public boolean pollTransmit(Transmit transmit) {
        byte[] next = out.poll();
        if (next == null) {
            return false;
        }
        transmit.clear().buffer().put(next);
        transmit.ready(us);
        return true;
    }

    @Override
    public long nextTimeoutNanos() {
        return nextNanos;
    }
}

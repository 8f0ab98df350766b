// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.Transmit;
import dev.tributary.testkit.LinkConditions;
import dev.tributary.testkit.SimulatedNetwork;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Publishers beside us, and one viewer behind a simulated link, in virtual time: the forwarding engine, its estimation and
 * a receiver that asks again for what is missing, as browsers do.
 */
final class BandwidthStage {
    static final ExtensionIds VIEWER_IDS = new ExtensionIds(9, 0, 0, 10, 11, 12);
    private static final InetSocketAddress US = address(1);
    private static final InetSocketAddress VIEWER = address(2);

    final SimulatedNetwork network;
    final Sender sender = new Sender();
    final OutboundMedia media;
    final ReceivingViewer viewer;
    final List<SimulcastHost> hosts = new ArrayList<>();
    private final Stage stage = new Stage();

    BandwidthStage(long seed, LinkConditions link) {
        network = SimulatedNetwork.seeded(seed).conditions(link.withLoss(0));
        network.conditions(US, VIEWER, link);
        media = new OutboundMedia(new Stage.Here(), sender, 0, new Random(seed), () -> {});
        viewer = new ReceivingViewer(US);
        network.attach(US, sender);
        network.attach(VIEWER, viewer);
        tick();
    }

    /** The way to the viewer is like this from now on. */
    void link(LinkConditions conditions) {
        network.conditions(US, VIEWER, conditions);
    }

    void run(Duration duration) {
        network.run(duration);
    }

    double seconds() {
        return network.nowNanos() / 1e9;
    }

    /** A publisher of layers of these rates. */
    SimulcastHost host(int... kilobits) {
        SimulcastHost host = new SimulcastHost(stage, 0x1000 * (hosts.size() + 1), kilobits);
        hosts.add(host);
        return host;
    }

    /** A stream to the viewer. */
    Subscription watch(SimulcastHost host, int priority) {
        Subscription subscription =
                media.subscribe(new OutboundSection("v" + host.ssrc, true, List.of(Stage.VP8_OUT), VIEWER_IDS));
        subscription.setPriority(priority);
        subscription.switchTo(host.media.track(), network.nowNanos());
        viewer.expect(subscription.ssrc(), subscription.rtxSsrc());
        return subscription;
    }

    private void tick() {
        stage.now = network.nowNanos();
        for (SimulcastHost host : hosts) {
            host.tick(stage.now);
        }
        network.after(Duration.ofMillis(1), this::tick);
    }

    /** Our end of the link. */
    final class Sender implements DatagramProtocol, RtpSink {
        private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
        long bytesSent;

        @Override
        public void sendRtp(byte[] bytes, int offset, int length) {
            waiting.add(Arrays.copyOfRange(bytes, offset, offset + length));
            bytesSent += length;
            Arrays.fill(bytes, offset, offset + length + ROOM_BYTES, (byte) 0x55);
        }

        @Override
        public void sendRtcp(byte[] bytes, int offset, int length) {
            sendRtp(bytes, offset, length);
        }

        @Override
        public void handleDatagram(ByteBuffer datagram, InetSocketAddress source, long nowNanos) {
            byte[] bytes = new byte[datagram.remaining()];
            datagram.get(bytes);
            media.handleRtcp(bytes, 0, bytes.length, nowNanos);
        }

        @Override
        public void handleTimeout(long nowNanos) {
            media.handleTimeout(nowNanos);
        }

        @Override
        public boolean pollTransmit(Transmit out) {
            byte[] next = waiting.poll();
            if (next == null) {
                return false;
            }
            out.clear().buffer().put(next);
            out.ready(VIEWER);
            return true;
        }

        @Override
        public long nextTimeoutNanos() {
            // What a publisher's batch makes us send must leave within the millisecond.
            return waiting.isEmpty() ? media.nextTimeoutNanos() : 0;
        }
    }

    private static InetSocketAddress address(int host) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, (byte) host}), 5000);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}

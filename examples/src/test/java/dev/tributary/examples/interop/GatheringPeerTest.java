// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.StreamAddress;
import dev.tributary.core.Transmit;
import dev.tributary.core.rtp.RtpPacket;
import dev.tributary.ice.GatheringAgent;
import dev.tributary.ice.IceAgent;
import dev.tributary.ice.IceRole;
import dev.tributary.sdp.MediaKind;
import dev.tributary.sdp.SendTrack;
import dev.tributary.sdp.SessionDescription;
import dev.tributary.sfu.Peer;
import dev.tributary.sfu.PeerEvent;
import dev.tributary.sfu.PeerSettings;
import dev.tributary.sfu.Sfu;
import dev.tributary.srtp.DtlsCertificate;
import dev.tributary.srtp.DtlsHandshakeExecutor;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.MediaSession;
import dev.tributary.whipwhep.spi.Right;
import dev.tributary.whipwhep.spi.SessionKind;
import dev.tributary.whipwhep.spi.SessionRequest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A {@link Peer} whose ICE is ice4j's: it publishes to our server over the sockets that ice4j opened. */
@Timeout(60)
class GatheringPeerTest {
    private static final int SSRC = 4711;

    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    private final DtlsHandshakeExecutor handshakes = DtlsHandshakeExecutor.onPlatformThreads(1, 1);
    private final Sfu sfu = Sfu.builder().udpPort(0).build();
    private final CompletableFuture<Void> gathered = new CompletableFuture<>();
    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final Transmit slot = new Transmit();
    private final long origin = System.nanoTime();
    private Peer peer;

    @AfterEach
    void close() throws Exception {
        loop.submit(() -> {
                    peer.close();
                    drain();
                })
                .get(10, TimeUnit.SECONDS);
        loop.shutdownNow();
        sfu.close();
        handshakes.close();
    }

    @Test
    void publishesOverTheSocketsOfIce4j() throws Exception {
        IceAgent agent = GatheringAgent.builder(IceRole.CONTROLLING, this::receive, () -> loop.execute(this::drain))
                .build();
        String offer = loop.submit(() -> {
                    peer = new Peer(
                            PeerSettings.of(
                                    DtlsCertificate.generate(), handshakes, () -> loop.execute(this::drain), List.of()),
                            agent);
                    peer.negotiation()
                            .add(MediaKind.AUDIO)
                            .send(SendTrack.of("s", "t").withSsrcs(SSRC, 0));
                    return peer.createOffer().write();
                })
                .get(20, TimeUnit.SECONDS);
        loop.scheduleAtFixedRate(this::tick, 20, 20, TimeUnit.MILLISECONDS);
        gathered.get(20, TimeUnit.SECONDS);

        MediaSession session = sfu.sessions()
                .open(new SessionRequest(
                        SessionKind.WHIP, "show", "session", offer, Grant.of("host", "", Right.PUBLISH_MAIN), false))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        loop.execute(() -> {
            peer.applyAnswer(SessionDescription.parse(session.answer()), now());
            drain();
        });
        connected.get(20, TimeUnit.SECONDS);

        while (packetsAtTheServer() < 50) {
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(agent.selectedAddress()).isInstanceOf(StreamAddress.class);
    }

    private long packetsAtTheServer() {
        return sfu.rooms().toCompletableFuture().join().stream()
                .flatMap(room -> room.sessions().stream())
                .mapToLong(session -> session.packetsIn())
                .sum();
    }

    private long now() {
        return System.nanoTime() - origin;
    }

    /** A thread of the agent. */
    private void receive(ByteBuffer datagram, StreamAddress source) {
        byte[] copy = new byte[datagram.remaining()];
        datagram.get(copy);
        loop.execute(() -> {
            peer.handleDatagram(ByteBuffer.wrap(copy), source, now());
            drain();
        });
    }

    private void tick() {
        if (peer.nextTimeoutNanos() <= now()) {
            peer.handleTimeout(now());
        }
        if (peer.isConnected()) {
            byte[] packet = new byte[RtpPacket.FIXED_HEADER_BYTES + 80];
            int payloadType = peer.negotiation()
                    .session()
                    .acceptedMedia()
                    .get(0)
                    .codecs()
                    .get(0)
                    .sendPayloadType();
            int sent = (int) peer.packetsSent();
            RtpPacket.writeHeader(packet, 0, false, false, payloadType, sent & 0xFFFF, sent * 960, SSRC);
            peer.sendRtp(packet, 0, packet.length);
        }
        drain();
    }

    private void drain() {
        if (peer == null) {
            return;
        }
        peer.wakeUp(now());
        for (PeerEvent event; (event = peer.pollEvent()) != null; ) {
            if (event instanceof PeerEvent.GatheringEnded) {
                gathered.complete(null);
            } else if (event instanceof PeerEvent.Connected) {
                connected.complete(null);
            }
        }
        while (peer.pollTransmit(slot)) {
            ByteBuffer datagram = slot.buffer();
            ((StreamAddress) slot.destination())
                    .send(datagram.array(), datagram.arrayOffset() + datagram.position(), datagram.remaining());
        }
    }
}

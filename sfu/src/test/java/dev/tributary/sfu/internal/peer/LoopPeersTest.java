// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.Transmit;
import dev.tributary.core.udp.DatagramReceiver;
import dev.tributary.core.udp.MediaLoop;
import dev.tributary.core.udp.MediaLoopStats;
import dev.tributary.core.udp.MediaSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Whose is a datagram that comes from an address that nobody knows? */
class LoopPeersTest {
    private static final InetSocketAddress UNKNOWN = new InetSocketAddress("192.0.2.9", 9);
    private static final int SSRC = 0x01020304;

    private final PeerDirectory directory = new PeerDirectory();
    private final LoopPeers peers = new LoopPeers(new StillLoop(), directory);
    private final Recorder first = new Recorder();
    private final Recorder second = new Recorder();

    @Test
    void mediaOfAKnownSourceFindsItsPeerFromAnUnknownAddress() {
        attach(first).addSource(SSRC);

        receive(rtp(SSRC));
        receive(rtcp(SSRC));
        receive(rtp(SSRC + 1));

        assertThat(first.sources).containsExactly(UNKNOWN, UNKNOWN);
        assertThat(peers.unroutedCount()).isEqualTo(1);
    }

    @Test
    void anAddressIsNotLearnedFromMediaThatNobodyHasVerified() {
        PeerAttachment attachment = attach(first);
        attachment.addSource(SSRC);

        receive(rtp(SSRC));

        assertThat(attachment.addresses).isEmpty();
    }

    @Test
    void aSecondPeerDrawsNoMediaToItselfByTakingTheSameSource() {
        attach(first).addSource(SSRC);
        PeerAttachment thief = attach(second);
        thief.addSource(SSRC);

        receive(rtp(SSRC));
        thief.detach();
        receive(rtp(SSRC));

        assertThat(first.sources).hasSize(2);
        assertThat(second.sources).isEmpty();
    }

    @Test
    void aPeerThatLeftIsFoundNoMore() {
        PeerAttachment attachment = attach(first);
        attachment.addSource(SSRC);

        attachment.detach();
        receive(rtp(SSRC));

        assertThat(first.sources).isEmpty();
        assertThat(peers.unroutedCount()).isEqualTo(1);
    }

    @Test
    void aDatagramTooShortForASourceBelongsToNobody() {
        attach(first).addSource(0);

        receive(new byte[] {(byte) 0x80, 96, 0, 1, 0, 0, 0, 0});

        assertThat(peers.unroutedCount()).isEqualTo(1);
    }

    private PeerAttachment attach(Recorder protocol) {
        return peers.attach(
                protocol,
                new PeerAttachment.Owner() {
                    @Override
                    public boolean process(long nowNanos) {
                        return false;
                    }

                    @Override
                    public void failed(long nowNanos) {}
                },
                address -> false);
    }

    private void receive(byte[] datagram) {
        peers.receive(ByteBuffer.wrap(datagram), UNKNOWN, 0);
        peers.batchEnded(0);
    }

    private static byte[] rtp(int ssrc) {
        return ByteBuffer.allocate(16).putInt(0x80600001).putInt(0).putInt(ssrc).array();
    }

    private static byte[] rtcp(int ssrc) {
        return ByteBuffer.allocate(16).putInt(0x80C90001).putInt(ssrc).array();
    }

    /** Remembers where its datagrams came from. */
    private static final class Recorder implements DatagramProtocol {
        final List<InetSocketAddress> sources = new ArrayList<>();

        @Override
        public void handleDatagram(ByteBuffer datagram, InetSocketAddress source, long nowNanos) {
            sources.add(source);
        }

        @Override
        public void handleTimeout(long nowNanos) {}

        @Override
        public boolean pollTransmit(Transmit out) {
            return false;
        }

        @Override
        public long nextTimeoutNanos() {
            return NEVER;
        }
    }

    /** A loop whose clock stands still and that sends nothing. */
    private static final class StillLoop implements MediaLoop {
        @Override
        public int index() {
            return 0;
        }

        @Override
        public boolean inLoop() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public long nowNanos() {
            return 0;
        }

        @Override
        public Timer schedule(long delayNanos, Runnable task) {
            return () -> {};
        }

        @Override
        public void send(ByteBuffer datagram, InetSocketAddress destination) {}

        @Override
        public void send(byte[] bytes, int offset, int length, InetSocketAddress destination) {}

        @Override
        public boolean handOver(ByteBuffer datagram, InetSocketAddress source) {
            return false;
        }

        @Override
        public CompletionStage<MediaSocket> openSocket(Function<MediaLoop, DatagramReceiver> receivers) {
            return CompletableFuture.failedFuture(new UnsupportedOperationException());
        }

        @Override
        public MediaLoopStats stats() {
            throw new UnsupportedOperationException();
        }
    }
}

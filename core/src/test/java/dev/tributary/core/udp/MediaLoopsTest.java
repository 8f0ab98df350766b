// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real sockets on loopback: what is tested here is the socket. Waits are for events, bounded by the timeout. */
@Timeout(20)
class MediaLoopsTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void echoesOnEachTransport(boolean nativeTransport) throws IOException {
        try (MediaLoops loops = loops(2, nativeTransport, Echo::new);
                DatagramSocket client = new DatagramSocket(0, LOOPBACK)) {
            client.setSoTimeout(10_000);

            send(client, "hello", loops.port());

            assertThat(receive(client)).isEqualTo("hello");
            assertThat(loops.transport()).isIn(nativeTransport ? List.of("epoll", "nio") : List.of("nio"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBurstToOneDestinationArrivesWholeAndInOrder(boolean nativeTransport) throws IOException {
        try (MediaLoops loops = loops(1, nativeTransport, Echo::new);
                DatagramSocket client = new DatagramSocket(0, LOOPBACK)) {
            client.setSoTimeout(10_000);
            client.setReceiveBufferSize(4 << 20);
            InetSocketAddress destination = (InetSocketAddress) client.getLocalSocketAddress();
            MediaLoop loop = loops.loops().get(0);

            // Equal sizes with a shorter one at the end of each "picture", more of them than one segmented send takes.
            loop.execute(() -> {
                for (int i = 0; i < 150; i++) {
                    byte[] bytes = new byte[i % 10 == 9 ? 700 : 1200];
                    bytes[0] = (byte) i;
                    loop.send(bytes, 0, bytes.length, destination);
                }
            });

            for (int i = 0; i < 150; i++) {
                DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
                client.receive(packet);
                assertThat(packet.getData()[0]).isEqualTo((byte) i);
                assertThat(packet.getLength()).isEqualTo(i % 10 == 9 ? 700 : 1200);
            }
            assertThat(loop.stats().datagramsSent()).isEqualTo(150);
            if (loops.transport().equals("epoll")) {
                assertThat(loop.stats().segmentedSends()).isEqualTo(15);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theShortestAndLongestDatagramsPassAndEmptyOrOverlongOnesHurtNobody(boolean nativeTransport)
            throws IOException {
        try (MediaLoops loops = loops(1, nativeTransport, Echo::new);
                DatagramSocket client = new DatagramSocket(0, LOOPBACK)) {
            client.setSoTimeout(10_000);

            // No protocol here has empty datagrams, and Netty may or may not show them; the next ones must come.
            send(client, "", loops.port());
            send(client, "x", loops.port());
            send(client, "x".repeat(UdpLimits.DATAGRAM_BYTES_MAX), loops.port());
            send(client, "x".repeat(UdpLimits.DATAGRAM_BYTES_MAX + 1), loops.port());
            send(client, "end", loops.port());

            String first = receive(client);
            assertThat(first.isEmpty() ? receive(client) : first).isEqualTo("x");
            assertThat(receive(client)).hasSize(UdpLimits.DATAGRAM_BYTES_MAX);
            String last = receive(client);
            assertThat(last.equals("end") ? last : receive(client)).isEqualTo("end");
        }
    }

    @Test
    void aPortInUseIsNamedInTheError() throws IOException {
        try (MediaLoops first = loops(2, true, Echo::new)) {
            assertThatThrownBy(() -> MediaLoops.builder(first.port())
                            .bindAddress(LOOPBACK)
                            .start(Echo::new))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("UDP port " + first.port() + " is in use");
        }
    }

    @Test
    void thePortIsFreeAgainAfterClose() {
        int port;
        try (MediaLoops first = loops(2, true, Echo::new)) {
            port = first.port();
        }
        try (MediaLoops second = MediaLoops.builder(port).bindAddress(LOOPBACK).start(Echo::new)) {
            assertThat(second.port()).isEqualTo(port);
        }
    }

    @Test
    void aDatagramIsHandedToTheLoopThatOwnsThePeer() throws Exception {
        Set<String> seenBy = new ConcurrentSkipListSet<>();
        AtomicReference<MediaLoop> owner = new AtomicReference<>();
        CountDownLatch ready = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(20);
        try (MediaLoops loops = loops(3, true, loop -> (datagram, source, nowNanos) -> {
            assertThat(ready.getCount()).isZero();
            if (owner.get() != loop) {
                assertThat(owner.get().handOver(datagram, source)).isTrue();
                return;
            }
            assertThat(loop.inLoop()).isTrue();
            assertThat(loop.nowNanos()).isEqualTo(nowNanos);
            seenBy.add(string(datagram));
            arrived.countDown();
        })) {
            owner.set(loops.loops().get(1));
            ready.countDown();

            // Each client has its own port, so the kernel spreads them over the loops.
            for (int i = 0; i < 20; i++) {
                try (DatagramSocket client = new DatagramSocket(0, LOOPBACK)) {
                    send(client, "peer" + i, loops.port());
                }
            }

            assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(seenBy).hasSize(20);
            long received = loops.loops().stream()
                    .mapToLong(loop -> loop.stats().datagramsReceived())
                    .sum();
            assertThat(received).isEqualTo(20);
        }
    }

    @Test
    void handOversBeyondTheLimitAreDropped() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (MediaLoops loops = loops(1, true, Echo::new)) {
            MediaLoop loop = loops.loops().get(0);
            loop.execute(() -> {
                busy.countDown();
                awaitUninterruptibly(go);
            });
            assertThat(busy.await(10, TimeUnit.SECONDS)).isTrue();
            InetSocketAddress source = new InetSocketAddress(LOOPBACK, 9);
            ByteBuffer datagram = ByteBuffer.wrap(new byte[] {1});

            for (int i = 0; i < UdpLimits.HAND_OVERS_MAX; i++) {
                assertThat(loop.handOver(datagram, source)).isTrue();
            }

            assertThat(loop.handOver(datagram, source)).isFalse();
            assertThat(loop.stats().handOversDropped()).isEqualTo(1);
            go.countDown();
        }
    }

    @Test
    void aReceiverThatThrowsStopsNothing() throws IOException {
        try (MediaLoops loops = loops(1, true, loop -> {
                    Echo echo = new Echo(loop);
                    return (datagram, source, nowNanos) -> {
                        if (datagram.get(datagram.position()) == '!') {
                            throw new IllegalStateException("thrown on purpose by this test");
                        }
                        echo.receive(datagram, source, nowNanos);
                    };
                });
                DatagramSocket client = new DatagramSocket(0, LOOPBACK)) {
            client.setSoTimeout(10_000);

            send(client, "!", loops.port());
            send(client, "still here", loops.port());

            assertThat(receive(client)).isEqualTo("still here");
            assertThat(loops.loops().get(0).stats().failures()).isEqualTo(1);
        }
    }

    @Test
    void timersRunOnTheLoopAndCancelledOnesDoNot() throws Exception {
        CountDownLatch fired = new CountDownLatch(1);
        AtomicReference<String> wrong = new AtomicReference<>();
        try (MediaLoops loops = loops(1, true, Echo::new)) {
            MediaLoop loop = loops.loops().get(0);
            loop.execute(() -> {
                long scheduledAt = loop.nowNanos();
                MediaLoop.Timer cancelled = loop.schedule(1_000_000, () -> wrong.set("cancelled timer ran"));
                cancelled.cancel();
                loop.schedule(5_000_000, () -> {
                    if (!loop.inLoop() || loop.nowNanos() - scheduledAt < 5_000_000) {
                        wrong.set("wrong thread or too early");
                    }
                    fired.countDown();
                });
            });

            assertThat(fired.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(wrong.get()).isNull();
        }
    }

    @Test
    void whatBelongsToTheLoopIsRefusedElsewhere() {
        try (MediaLoops loops = loops(1, true, Echo::new)) {
            MediaLoop loop = loops.loops().get(0);

            assertThatThrownBy(loop::nowNanos)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("use execute");
        }
    }

    @Test
    void announcesTheMappedAddressInPlaceOfItsOwn() {
        try (MediaLoops loops = MediaLoops.builder(0)
                .loops(1)
                .bindAddress(InetAddress.getLoopbackAddress())
                .mapAddress("127.0.0.1", "203.0.113.7")
                .start(loop -> (datagram, source, nowNanos) -> {})) {
            assertThat(loops.announcedAddresses()).containsExactly(new InetSocketAddress("203.0.113.7", loops.port()));
        }
    }

    @Test
    void announcesNoAddressOfAnInterfaceThatIsNotWanted() {
        try (MediaLoops loops = MediaLoops.builder(0)
                .loops(1)
                .interfaces(each -> false)
                .start(loop -> (datagram, source, nowNanos) -> {})) {
            assertThat(loops.announcedAddresses())
                    .as("the loopback address is what is left")
                    .containsExactly(new InetSocketAddress(InetAddress.getLoopbackAddress(), loops.port()));
        }
    }

    @Test
    void announcesWhatItIsTold() {
        try (MediaLoops loops = MediaLoops.builder(0)
                .bindAddress(LOOPBACK)
                .announce("203.0.113.7")
                .announce("2001:db8::7")
                .loops(1)
                .start(Echo::new)) {
            assertThat(loops.announcedAddresses())
                    .extracting(address -> address.getAddress().getHostAddress())
                    .containsExactly("203.0.113.7", "2001:db8:0:0:0:0:0:7");
            assertThat(loops.announcedAddresses()).allMatch(address -> address.getPort() == loops.port());
        }
        assertThatThrownBy(() -> MediaLoops.builder(65_536)).hasMessageContaining("65536");
        assertThatThrownBy(() -> MediaLoops.builder(0).loops(0)).hasMessageContaining("0 loops");
        assertThatThrownBy(() -> MediaLoops.builder(0).loops(UdpLimits.LOOPS_MAX + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void findsSomeAddressOfThisMachine() {
        assertThat(LocalAddresses.reachable(each -> true)).isNotEmpty().noneMatch(InetAddress::isLinkLocalAddress);
    }

    private static MediaLoops loops(
            int count, boolean nativeTransport, java.util.function.Function<MediaLoop, DatagramReceiver> receivers) {
        return MediaLoops.builder(0)
                .bindAddress(LOOPBACK)
                .loops(count)
                .nativeTransport(nativeTransport)
                .start(receivers);
    }

    private static void send(DatagramSocket client, String text, int port) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        client.send(new DatagramPacket(bytes, bytes.length, LOOPBACK, port));
    }

    private static String receive(DatagramSocket client) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
        try {
            client.receive(packet);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no datagram came", e);
        }
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
    }

    private static String string(ByteBuffer datagram) {
        return StandardCharsets.US_ASCII.decode(datagram.duplicate()).toString();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private record Echo(MediaLoop loop) implements DatagramReceiver {
        @Override
        public void receive(ByteBuffer datagram, InetSocketAddress source, long nowNanos) {
            loop.send(datagram, source);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.peers;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.Transmit;
import dev.tributary.core.http.GuardedHttpClient;
import dev.tributary.core.udp.DatagramReceiver;
import dev.tributary.core.udp.MediaLoop;
import dev.tributary.core.udp.MediaLoops;
import dev.tributary.sdp.SessionDescription;
import dev.tributary.sfu.MediaReceiver;
import dev.tributary.sfu.Peer;
import dev.tributary.sfu.PeerEvent;
import dev.tributary.sfu.PeerSettings;
import dev.tributary.srtp.DtlsCertificate;
import dev.tributary.srtp.DtlsHandshakeExecutor;
import dev.tributary.whipwhep.ClientSession;
import dev.tributary.whipwhep.WhipWhepClient;
import dev.tributary.whipwhep.spi.SessionKind;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A client in Java over real UDP: what a browser is in the browser tests. It drives one {@link Peer} on a loop of its own;
 * what it publishes or watches is the subclass's matter.
 */
public abstract class UdpPeer implements AutoCloseable {
    private static final String CONTROL_LABEL = "dynamic-control";
    private static final String CONTROL_PROTOCOL = "dynamic-control.v1";

    final MediaLoops loops;
    final MediaLoop loop;
    final Peer peer;
    final CompletableFuture<Void> connected = new CompletableFuture<>();
    final CompletableFuture<Void> gone = new CompletableFuture<>();
    private final DtlsHandshakeExecutor handshakes = DtlsHandshakeExecutor.onPlatformThreads(1, 1);
    private final GuardedHttpClient http =
            GuardedHttpClient.builder().allowPrivateAddresses(true).build();
    private final Transmit slot = new Transmit();
    private final boolean hasControl;
    private ClientSession session;
    private int control = -1;
    private MediaLoop.Timer timer;

    UdpPeer(boolean hasControl, MediaReceiver media) {
        this.hasControl = hasControl;
        CompletableFuture<MediaLoop> started = new CompletableFuture<>();
        loops = MediaLoops.builder(0).loops(1).start(owned -> {
            started.complete(owned);
            return new DatagramReceiver() {
                @Override
                public void receive(ByteBuffer datagram, InetSocketAddress source, long nowNanos) {
                    if (peer != null) {
                        peer.handleDatagram(datagram, source, nowNanos);
                    }
                }

                @Override
                public void batchEnded(long nowNanos) {
                    if (peer != null) {
                        drain();
                    }
                }
            };
        });
        loop = started.join();
        peer = new Peer(PeerSettings.of(
                        DtlsCertificate.generate(),
                        handshakes,
                        () -> loop.execute(this::drain),
                        loops.announcedAddresses())
                .withDataChannels(hasControl)
                .withMedia(media));
    }

    // ---- what a subclass is ----

    abstract void controlOpened(long nowNanos);

    abstract void controlMessage(byte[] message, long nowNanos);

    /** Handles what the control machine wants, and its time; returns the next message to send, or null. */
    abstract String pollControl(long nowNanos);

    abstract long controlTimeoutNanos();

    abstract void controlTimeout(long nowNanos);

    /** The descriptions are exchanged. */
    abstract void answered(boolean isDynamic, long nowNanos);

    // ---- driving ----

    /** Opens the session: the offer goes out by HTTP, and the answer is applied. */
    final void open(SessionKind kind, String url, String token) {
        String offer = onLoop(() -> peer.createOffer().write());
        WhipWhepClient client = WhipWhepClient.of(http);
        client = token.isEmpty() ? client : client.withToken(token);
        client = hasControl ? client : client.askingForControl();
        session = await(client.open(kind, URI.create(url), offer).toCompletableFuture());
        onLoop(() -> {
            peer.applyAnswer(SessionDescription.parse(session.answer()), loop.nowNanos());
            answered(session.isDynamic(), loop.nowNanos());
            drain();
            return null;
        });
    }

    /** The session that was opened. */
    final ClientSession session() {
        return session;
    }

    /** Runs something on the peer's loop and waits for it. */
    final <T> T onLoop(Supplier<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                result.complete(task.get());
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return await(result);
    }

    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    final void drain() {
        long nowNanos = loop.nowNanos();
        peer.wakeUp(nowNanos);
        for (PeerEvent event; (event = peer.pollEvent()) != null; ) {
            handle(event, nowNanos);
        }
        for (String message; (message = pollControl(nowNanos)) != null && control >= 0; ) {
            peer.sendText(control, message, nowNanos);
        }
        while (peer.pollTransmit(slot)) {
            loop.send(slot.buffer(), slot.destination());
        }
        arm(nowNanos);
    }

    private void arm(long nowNanos) {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        long next = Math.min(peer.nextTimeoutNanos(), controlTimeoutNanos());
        if (next != DatagramProtocol.NEVER) {
            timer = loop.schedule(Math.max(0, next - nowNanos), () -> {
                peer.handleTimeout(loop.nowNanos());
                controlTimeout(loop.nowNanos());
                drain();
            });
        }
    }

    private void handle(PeerEvent event, long nowNanos) {
        if (event instanceof PeerEvent.Connected) {
            connected.complete(null);
            if (hasControl && session != null && session.isDynamic()) {
                control = peer.openChannel(CONTROL_LABEL, CONTROL_PROTOCOL, nowNanos);
            }
        } else if (event instanceof PeerEvent.ChannelOpened opened) {
            control = opened.channel();
            controlOpened(nowNanos);
        } else if (event instanceof PeerEvent.ChannelMessage message) {
            controlMessage(message.payload(), nowNanos);
        } else if (event instanceof PeerEvent.Closed) {
            gone.complete(null);
        }
    }

    /** Leaves: DELETE, then the transport. */
    @Override
    public void close() {
        if (session != null) {
            session.delete()
                    .toCompletableFuture()
                    .exceptionally(failure -> null)
                    .join();
        }
        onLoop(() -> {
            peer.close();
            while (peer.pollTransmit(slot)) {
                loop.send(slot.buffer(), slot.destination());
            }
            return null;
        });
        loops.close();
        handshakes.close();
        http.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.load;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.Transmit;
import dev.tributary.core.udp.DatagramReceiver;
import dev.tributary.core.udp.MediaLoop;
import dev.tributary.core.udp.MediaSocket;
import dev.tributary.sdp.Capabilities;
import dev.tributary.sdp.Codec;
import dev.tributary.sdp.HeaderExtension;
import dev.tributary.sdp.MediaKind;
import dev.tributary.sdp.NegotiatedSession;
import dev.tributary.sdp.SessionDescription;
import dev.tributary.sfu.MediaReceiver;
import dev.tributary.sfu.Peer;
import dev.tributary.sfu.PeerEvent;
import dev.tributary.sfu.PeerSettings;
import dev.tributary.srtp.DtlsCertificate;
import dev.tributary.srtp.SrtpFailure;
import dev.tributary.srtp.SrtpStats;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A WebRTC client on a UDP port of its own: two of them that came from one address could not be told apart by a server that
 * tells its peers apart by address. Everything happens on the loop that it was opened on, but for {@link #open} itself.
 */
public abstract class LoadPeer {
    final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final Transmit slot = new Transmit();
    private @Nullable MediaSocket socket;
    private @Nullable Peer peer;
    private MediaLoop.@Nullable Timer timer;
    private long timerNanos = DatagramProtocol.NEVER;
    private Signalling.Session session = () -> CompletableFuture.completedFuture(null);
    private boolean isClosed;

    /**
     * What all peers of a run share.
     *
     * @param certificate of all: making one takes longer than a handshake
     * @param handshakes where handshakes may block
     * @param video encoding's name
     * @param faults what stands between the socket and the peer; tests plant faults there
     */
    record Shared(
            DtlsCertificate certificate,
            Executor handshakes,
            String video,
            BiFunction<MediaLoop, DatagramReceiver, DatagramReceiver> faults) {}

    /** Wishes for the descriptions. */
    abstract void prepare(Peer peer);

    /** The descriptions are exchanged. */
    void agreed(NegotiatedSession agreed) {}

    /** Media can flow. */
    abstract void begin();

    abstract MediaReceiver receiver();

    /** Opens it: a socket, the descriptions, then ICE and DTLS. Completes on the loop when media can flow. */
    final CompletionStage<Void> open(MediaLoop loop, Shared shared, Signalling signalling) {
        return loop.openSocket(owned -> shared.faults().apply(owned, new Receiver()))
                .thenCompose(opened -> {
                    socket = opened;
                    Peer made = new Peer(PeerSettings.of(
                                    shared.certificate(),
                                    shared.handshakes(),
                                    () -> opened.execute(this::drain),
                                    List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), opened.port())))
                            .withCapabilities(capabilities(shared.video()))
                            .withMedia(receiver())
                            .withOutlet(opened::send));
                    peer = made;
                    prepare(made);
                    return signalling.open(this);
                })
                .thenCompose(opened -> {
                    session = opened;
                    return connected;
                });
    }

    private static Capabilities capabilities(String video) {
        Capabilities all = Capabilities.forwarding();
        List<Codec> pictures = all.codecs(MediaKind.VIDEO).stream()
                .filter(codec -> codec.name().equalsIgnoreCase(video))
                .toList();
        // These peers report no arrivals, so they do not offer to.
        return all.withCodecs(all.codecs(MediaKind.AUDIO), pictures)
                .withExtensions(
                        withoutFeedback(all.extensions(MediaKind.AUDIO)),
                        withoutFeedback(all.extensions(MediaKind.VIDEO)));
    }

    private static List<String> withoutFeedback(List<String> extensions) {
        return extensions.stream()
                .filter(extension -> !extension.equals(HeaderExtension.TRANSPORT_WIDE_CC))
                .toList();
    }

    // ---- descriptions, for signalling ----

    /** Writes our offer. On the loop. */
    public final String offer() {
        return peer().createOffer().write();
    }

    /** Takes the answer to it. On the loop. */
    public final void answered(String answer) {
        agreed(peer().applyAnswer(SessionDescription.parse(answer), now()));
        drain();
    }

    /** Answers an offer. On the loop. */
    public final String answer(String offer) {
        peer().applyOffer(SessionDescription.parse(offer));
        prepare(peer());
        String answer = peer().answer(now()).write();
        NegotiatedSession agreed = peer().negotiation().session();
        if (agreed != null) {
            agreed(agreed);
        }
        drain();
        return answer;
    }

    // ---- driving ----

    public final MediaLoop loop() {
        return socket();
    }

    private MediaSocket socket() {
        return Objects.requireNonNull(socket, "not opened yet");
    }

    final Peer peer() {
        return Objects.requireNonNull(peer, "not opened yet");
    }

    /** What SRTP has refused so far, of one kind. */
    final long refused(SrtpFailure kind) {
        SrtpStats stats = peer == null ? null : peer.srtpStats();
        return stats == null ? 0 : stats.count(kind);
    }

    final long now() {
        return socket().nowNanos();
    }

    final boolean isClosed() {
        return isClosed;
    }

    private final class Receiver implements DatagramReceiver {
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
    }

    final void drain() {
        if (isClosed) {
            return;
        }
        peer().wakeUp(now());
        for (PeerEvent event; (event = peer().pollEvent()) != null; ) {
            if (event instanceof PeerEvent.Connected) {
                connected.complete(null);
                begin();
            } else if (event instanceof PeerEvent.Closed closed) {
                connected.completeExceptionally(new IllegalStateException("the session ended: " + closed.detail()));
            }
        }
        transmit();
        arm();
    }

    private void transmit() {
        while (peer().pollTransmit(slot)) {
            socket().send(slot.buffer(), slot.destination());
        }
    }

    // A deadline that moves back is found when the old one fires: media would otherwise re-arm a timer for each batch.
    private void arm() {
        long next = peer().nextTimeoutNanos();
        if (next >= timerNanos) {
            return;
        }
        if (timer != null) {
            timer.cancel();
        }
        timerNanos = next;
        timer = socket().schedule(Math.max(0, next - now()), () -> {
            timerNanos = DatagramProtocol.NEVER;
            if (!isClosed) {
                if (peer().nextTimeoutNanos() <= now()) {
                    peer().handleTimeout(now());
                }
                drain();
            }
        });
    }

    /** Leaves, politely. On the loop; completes when the server has heard it. */
    CompletionStage<Void> close() {
        MediaSocket open = socket;
        if (isClosed || open == null) {
            return CompletableFuture.completedFuture(null);
        }
        isClosed = true;
        if (timer != null) {
            timer.cancel();
        }
        return session.close()
                .exceptionally(failure -> null)
                .thenRunAsync(
                        () -> {
                            if (peer != null) {
                                peer.close();
                                transmit();
                            }
                            open.close();
                        },
                        open);
    }
}

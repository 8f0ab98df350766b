// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.crowd;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.Transmit;
import dev.tributary.core.rtp.RtcpReader;
import dev.tributary.core.rtp.RtpPacket;
import dev.tributary.core.udp.DatagramReceiver;
import dev.tributary.core.udp.MediaLoop;
import dev.tributary.core.udp.MediaSocket;
import dev.tributary.sdp.MediaKind;
import dev.tributary.sdp.NegotiatedMedia;
import dev.tributary.sdp.SendTrack;
import dev.tributary.sdp.SessionDescription;
import dev.tributary.sfu.MediaReceiver;
import dev.tributary.sfu.Peer;
import dev.tributary.sfu.PeerEvent;
import dev.tributary.sfu.PeerSettings;
import dev.tributary.whipwhep.ClientSession;
import dev.tributary.whipwhep.ControlRole;
import dev.tributary.whipwhep.DynamicEvent;
import dev.tributary.whipwhep.DynamicOptions;
import dev.tributary.whipwhep.DynamicSender;
import dev.tributary.whipwhep.Purpose;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.TrackKind;
import dev.tributary.whipwhep.WhipWhepClient;
import dev.tributary.whipwhep.spi.SessionKind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One guest of a {@link Crowd}. Everything but {@link #mute} and {@link #leave} happens on its loop. */
public final class Guest {
    private static final long PICTURE_NANOS = 200_000_000;
    private static final long SOUND_NANOS = 200_000_000;
    /** Opus: 20 ms of silence, as an encoder with DTX sends it now and then. */
    private static final byte[] SILENCE = {(byte) 0xf8, (byte) 0xff, (byte) 0xfe};

    private final Crowd crowd;
    private final Purpose purpose;
    private final String label;
    private final String name;
    private final CompletableFuture<Guest> onStage = new CompletableFuture<>();
    private final DynamicSender sender = DynamicSender.of(DynamicOptions.client(ControlRole.PUBLISHER));
    private final Line sound = new Line(MediaKind.AUDIO);
    private final Line pictures = new Line(MediaKind.VIDEO);
    private final Transmit slot = new Transmit();
    private final byte[] packet = new byte[1_300];
    private final RtcpReader reader = new RtcpReader();
    private MediaSocket socket;
    private Peer peer;
    private ClientSession session;
    private MediaLoop.Timer timer;
    private int control = -1;
    private int next;
    private boolean isClosed;

    private static final class Line {
        final MediaKind kind;
        int ssrc;
        int payloadType;
        int sequence = 1_000;
        int timestamp = 90_000;

        Line(MediaKind kind) {
            this.kind = kind;
        }
    }

    private Guest(Crowd crowd, Purpose purpose, String label) {
        this.crowd = crowd;
        this.purpose = purpose;
        this.label = label;
        this.name = label.toLowerCase(java.util.Locale.ROOT).replace(' ', '-');
        sound.ssrc = label.hashCode() & 0xFFFFFFF;
        pictures.ssrc = sound.ssrc ^ 0x40000000;
    }

    static CompletionStage<Guest> join(Crowd crowd, String whip, String token, Purpose purpose, String label) {
        Guest guest = new Guest(crowd, purpose, label);
        guest.open(URI.create(whip), token).exceptionally(failure -> {
            guest.onStage.completeExceptionally(failure);
            return null;
        });
        return guest.onStage;
    }

    private CompletionStage<?> open(URI whip, String token) {
        MediaLoop loop = crowd.loops.loops().get(0);
        return loop.openSocket(owned -> new Receiver()).thenCompose(opened -> {
            socket = opened;
            peer = new Peer(PeerSettings.of(
                            crowd.certificate,
                            crowd.handshakes,
                            () -> opened.execute(this::drain),
                            List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), opened.port())))
                    .withDataChannels(true)
                    .withMedia(reports())
                    .withOutlet(opened::send));
            for (Line line : List.of(sound, pictures)) {
                peer.negotiation()
                        .add(line.kind)
                        .send(SendTrack.of(name, trackId(line)).withSsrcs(line.ssrc, 0));
            }
            String offer = peer.createOffer().write();
            return WhipWhepClient.of(crowd.http)
                    .withToken(token)
                    .open(SessionKind.WHIP, whip, offer)
                    .thenAcceptAsync(this::answered, opened);
        });
    }

    private String trackId(Line line) {
        return name + (line.kind == MediaKind.AUDIO ? "-sound" : "-pictures");
    }

    private void answered(ClientSession opened) {
        session = opened;
        long nowNanos = socket.nowNanos();
        peer.applyAnswer(SessionDescription.parse(opened.answer()), nowNanos);
        for (NegotiatedMedia section : peer.negotiation().session().acceptedMedia()) {
            Line line = section.kind() == MediaKind.AUDIO ? sound : pictures;
            line.payloadType = section.codecs().get(0).sendPayloadType();
            TrackKind kind = section.kind() == MediaKind.AUDIO ? TrackKind.AUDIO : TrackKind.VIDEO;
            sender.put(
                    Track.of(trackId(line), kind, purpose, label, name)
                            .withMid(section.mid())
                            .withActive(true),
                    nowNanos);
        }
        drain();
    }

    // ---- media ----

    private MediaReceiver reports() {
        return new MediaReceiver() {
            @Override
            public void rtcp(byte[] bytes, int offset, int length, long nowNanos) {
                reader.wrap(bytes, offset, length);
                while (reader.next()) {
                    if (reader.kind() == RtcpReader.Kind.PICTURE_LOSS_INDICATION
                            || reader.kind() == RtcpReader.Kind.FULL_INTRA_REQUEST) {
                        next = 0;
                    }
                }
            }
        };
    }

    private void sendPicture() {
        if (isClosed) {
            return;
        }
        List<byte[]> payloads = crowd.clip.get(next).payloads();
        next = (next + 1) % crowd.clip.size();
        for (int i = 0; i < payloads.size(); i++) {
            send(pictures, payloads.get(i), i == payloads.size() - 1);
        }
        pictures.timestamp += (int) (PICTURE_NANOS * 90_000 / 1_000_000_000);
        drain();
        socket.schedule(PICTURE_NANOS, this::sendPicture);
    }

    private void sendSound() {
        if (isClosed) {
            return;
        }
        send(sound, SILENCE, false);
        sound.timestamp += (int) (SOUND_NANOS * 48_000 / 1_000_000_000);
        drain();
        socket.schedule(SOUND_NANOS, this::sendSound);
    }

    private void send(Line line, byte[] payload, boolean marker) {
        int at = RtpPacket.writeHeader(
                packet, 0, false, marker, line.payloadType, line.sequence++ & 0xFFFF, line.timestamp, line.ssrc);
        System.arraycopy(payload, 0, packet, at, payload.length);
        peer.sendRtp(packet, 0, at + payload.length);
    }

    // ---- what it does ----

    /** Mutes or unmutes its sound: a message, no offer. Any thread; completes when the message is on its way. */
    public CompletionStage<Void> mute(boolean isMuted) {
        return CompletableFuture.runAsync(
                () -> {
                    sender.put(sender.track(trackId(sound)).withMuted(isMuted), socket.nowNanos());
                    drain();
                },
                socket);
    }

    /** Leaves, politely. Any thread; completes when the server has heard it. */
    public CompletionStage<Void> leave() {
        return session.delete()
                .exceptionally(failure -> null)
                .thenRunAsync(
                        () -> {
                            isClosed = true;
                            peer.close();
                            while (peer.pollTransmit(slot)) {
                                socket.send(slot.buffer(), slot.destination());
                            }
                            socket.close();
                        },
                        socket);
    }

    /** What viewers read. */
    public String label() {
        return label;
    }

    // ---- driving ----

    private final class Receiver implements DatagramReceiver {
        @Override
        public void receive(ByteBuffer datagram, InetSocketAddress source, long nowNanos) {
            if (peer != null && !isClosed) {
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

    private void drain() {
        if (isClosed) {
            return;
        }
        long nowNanos = socket.nowNanos();
        peer.wakeUp(nowNanos);
        for (PeerEvent event; (event = peer.pollEvent()) != null; ) {
            handle(event, nowNanos);
        }
        List<DynamicEvent> wishes = new ArrayList<>();
        for (DynamicEvent event; (event = sender.pollEvent()) != null; ) {
            wishes.add(event);
        }
        if (wishes.stream().anyMatch(DynamicEvent.OfferNeeded.class::isInstance)) {
            sender.offerNotNeeded(nowNanos);
        }
        for (String message; control >= 0 && (message = sender.pollMessage()) != null; ) {
            peer.sendText(control, message, nowNanos);
        }
        while (peer.pollTransmit(slot)) {
            socket.send(slot.buffer(), slot.destination());
        }
        arm(nowNanos);
    }

    private void arm(long nowNanos) {
        if (timer != null) {
            timer.cancel();
        }
        long due = Math.min(peer.nextTimeoutNanos(), sender.nextTimeoutNanos());
        timer = due == DatagramProtocol.NEVER
                ? null
                : socket.schedule(Math.max(0, due - nowNanos), () -> {
                    if (!isClosed) {
                        peer.handleTimeout(socket.nowNanos());
                        sender.handleTimeout(socket.nowNanos());
                        drain();
                    }
                });
    }

    private void handle(PeerEvent event, long nowNanos) {
        if (event instanceof PeerEvent.Connected) {
            if (session.isDynamic()) {
                peer.openChannel("dynamic-control", "dynamic-control.v1", nowNanos);
            }
            sendPicture();
            sendSound();
            onStage.complete(this);
        } else if (event instanceof PeerEvent.ChannelOpened opened) {
            control = opened.channel();
            sender.opened(nowNanos);
        } else if (event instanceof PeerEvent.ChannelMessage message) {
            sender.handleBytes(message.payload(), nowNanos);
        } else if (event instanceof PeerEvent.Closed closed) {
            onStage.completeExceptionally(new IllegalStateException(closed.detail()));
        }
    }
}

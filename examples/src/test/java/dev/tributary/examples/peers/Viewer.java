// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.peers;

import dev.tributary.core.rtp.RtpPacket;
import dev.tributary.sdp.MediaDescription;
import dev.tributary.sdp.MediaKind;
import dev.tributary.sdp.NegotiatedMedia;
import dev.tributary.sdp.SessionDescription;
import dev.tributary.sdp.Ssrc;
import dev.tributary.sfu.MediaReceiver;
import dev.tributary.whipwhep.ControlRole;
import dev.tributary.whipwhep.DynamicEvent;
import dev.tributary.whipwhep.DynamicOptions;
import dev.tributary.whipwhep.DynamicReceiver;
import dev.tributary.whipwhep.ErrorCode;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.TrackChange;
import dev.tributary.whipwhep.spi.SessionKind;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Watches a stream and counts what arrives; plain, or with the control channel. */
public final class Viewer extends UdpPeer {
    private final DynamicReceiver receiver = DynamicReceiver.of(DynamicOptions.client(ControlRole.VIEWER));
    private final Map<Integer, Integer> packetsBySsrc;
    private final Map<Long, CompletableFuture<String>> replies = new HashMap<>();
    private boolean isDynamic;
    private int offers;
    private int earlyMedia;
    private String bye = "";

    private Viewer(boolean hasControl, Map<Integer, Integer> counts) {
        super(hasControl, new MediaReceiver() {
            private final RtpPacket packet = new RtpPacket();

            @Override
            public void rtp(byte[] bytes, int offset, int length, long nowNanos) {
                // What only probes the path carries nothing.
                if (packet.wrap(bytes, offset, length) && packet.payloadLength() > 0) {
                    counts.merge(packet.ssrc(), 1, Integer::sum);
                }
            }
        });
        packetsBySsrc = counts;
    }

    /** Watches until closed; returns once media flows. */
    public static Viewer start(String whep, String token, boolean hasControl) {
        Viewer viewer = new Viewer(hasControl, new ConcurrentHashMap<>());
        viewer.onLoop(() -> {
            viewer.peer.negotiation().add(MediaKind.AUDIO).receive(true);
            viewer.peer.negotiation().add(MediaKind.VIDEO).receive(true);
            return null;
        });
        viewer.open(SessionKind.WHEP, whep, token);
        await(viewer.connected);
        return viewer;
    }

    /** A plain viewer that answers an offer which came some other way. */
    static Viewer answering(String offer, Consumer<String> answers) {
        Viewer viewer = new Viewer(false, new ConcurrentHashMap<>());
        answers.accept(viewer.onLoop(() -> {
            viewer.peer.applyOffer(SessionDescription.parse(offer));
            viewer.peer.negotiation().transceivers().forEach(transceiver -> transceiver.receive(true));
            String answer = viewer.peer.answer(viewer.loop.nowNanos()).write();
            viewer.drain();
            return answer;
        }));
        await(viewer.connected);
        return viewer;
    }

    /** An offer of a plain viewer that is nobody's. */
    static String someOffer() {
        try (Viewer viewer = new Viewer(false, new ConcurrentHashMap<>())) {
            return viewer.onLoop(() -> {
                viewer.peer.negotiation().add(MediaKind.AUDIO).receive(true);
                viewer.peer.negotiation().add(MediaKind.VIDEO).receive(true);
                return viewer.peer.createOffer().write();
            });
        }
    }

    // ---- what it sees ----

    /** The track list as the server tells it. */
    List<Track> tracks() {
        return onLoop(receiver::tracks);
    }

    /** Packets of everything. */
    public int packets() {
        return packetsBySsrc.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How many sources packets came from. */
    public int sources() {
        return packetsBySsrc.size();
    }

    /** Packets of a track, through the m-line that carries it. */
    int packetsOf(Track track) {
        return onLoop(() -> {
            NegotiatedMedia section =
                    track.mid() == null ? null : peer.negotiation().session().media(track.mid());
            int sum = 0;
            for (Ssrc ssrc : section == null ? List.<Ssrc>of() : section.remoteSsrcs()) {
                sum += packetsBySsrc.getOrDefault((int) ssrc.ssrc(), 0);
            }
            return sum;
        });
    }

    // Media of a source that no answer of ours has accepted yet.
    private void countEarlyMedia(SessionDescription offer) {
        SessionDescription agreed = peer.negotiation().session().remote();
        for (MediaDescription section : offer.media()) {
            MediaDescription before = section.mid() == null ? null : agreed.media(section.mid());
            for (Ssrc ssrc : section.ssrcs()) {
                boolean isNew =
                        before == null || before.ssrcs().stream().noneMatch(known -> known.ssrc() == ssrc.ssrc());
                earlyMedia += isNew ? packetsBySsrc.getOrDefault((int) ssrc.ssrc(), 0) : 0;
            }
        }
    }

    /** Packets that came before the answer that accepts them. */
    int earlyMedia() {
        return onLoop(() -> earlyMedia);
    }

    /** How many offers it has answered. */
    int offers() {
        return onLoop(() -> offers);
    }

    /** The word with which the server ended the session, or nothing. */
    String bye() {
        return onLoop(() -> bye);
    }

    /** Waits until something is true of the viewer; returns after how many milliseconds it was. */
    public long await(String what, Predicate<Viewer> fits, Duration limit) {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < limit.toNanos()) {
            if (fits.test(this)) {
                return (System.nanoTime() - begin) / 1_000_000;
            }
            LockSupport.parkNanos(2_000_000);
        }
        throw new AssertionError("Not within " + limit + ": " + what + "; tracks " + tracks());
    }

    /** Asks the room to change a track; returns "ok" or the error's word. */
    String set(String track, TrackChange change) {
        CompletableFuture<String> reply = new CompletableFuture<>();
        onLoop(() -> {
            replies.put(receiver.set(track, change), reply);
            drain();
            return null;
        });
        return await(reply);
    }

    // ---- control ----

    @Override
    void answered(boolean dynamic, long nowNanos) {
        isDynamic = dynamic;
    }

    @Override
    void controlOpened(long nowNanos) {
        receiver.opened(nowNanos);
    }

    @Override
    void controlMessage(byte[] message, long nowNanos) {
        receiver.handleBytes(message, nowNanos);
    }

    @Override
    String pollControl(long nowNanos) {
        for (DynamicEvent event; (event = receiver.pollEvent()) != null; ) {
            if (event instanceof DynamicEvent.OfferReceived offer) {
                SessionDescription description = SessionDescription.parse(offer.sdp());
                countEarlyMedia(description);
                peer.applyOffer(description);
                receiver.answer(offer.seq(), peer.answer(nowNanos).write(), nowNanos);
                offers++;
            } else if (event instanceof DynamicEvent.ReplyReceived reply && replies.containsKey(reply.id())) {
                ErrorCode error = reply.error();
                replies.remove(reply.id()).complete(error == null ? "ok" : error.wireName());
            } else if (event instanceof DynamicEvent.ByeReceived received) {
                bye = received.code();
            }
        }
        return isDynamic ? receiver.pollMessage() : null;
    }

    @Override
    long controlTimeoutNanos() {
        return receiver.nextTimeoutNanos();
    }

    @Override
    void controlTimeout(long nowNanos) {
        receiver.handleTimeout(nowNanos);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.shig;

import dev.tributary.whipwhep.ControlRole;
import dev.tributary.whipwhep.DynamicEnd;
import dev.tributary.whipwhep.DynamicEvent;
import dev.tributary.whipwhep.DynamicOptions;
import dev.tributary.whipwhep.DynamicReceiver;
import dev.tributary.whipwhep.DynamicSender;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.spi.CloseReason;
import dev.tributary.whipwhep.spi.ControlOutlet;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.MediaSession;
import dev.tributary.whipwhep.spi.OfferedSession;
import dev.tributary.whipwhep.spi.SideChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One person with Shig's client: a connection that sends, and one that receives. To the engine these are a publisher and
 * a viewer with control channels; the ends of those channels are here, and speak to the client over the one data channel
 * that it opened on the connection that sends.
 *
 * <p>An old client that has two offers at once answers neither right for ever after: it gets one at a time, each with a
 * number of its own, and none before it has answered the first, which goes over HTTP and is number 0.
 *
 * <p>Thread-safe: everything is done under the monitor, and only posts to the engine.
 */
final class ShigMember {
    private static final int WAITING_MAX = 64;

    private final Dialect dialect;
    private final ShigMembers.Keys keys;
    private final String room;
    private final Grant grant;
    private final LongSupplier clock;
    private final MediaSession sending;
    private final DynamicSender publisher = DynamicSender.of(DynamicOptions.client(ControlRole.PUBLISHER));
    private final DynamicReceiver viewer = DynamicReceiver.of(DynamicOptions.client(ControlRole.VIEWER));
    /** What waits for the data channel to open. */
    private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();

    private @Nullable OfferedSession offered;
    private @Nullable MediaSession receiving;
    private @Nullable SideChannel channel;
    private long number;
    private long offeredSeq;
    private boolean isClosed;

    ShigMember(
            Dialect dialect,
            ShigMembers.Keys keys,
            String room,
            Grant grant,
            MediaSession sending,
            List<Track> tracks,
            LongSupplier clock) {
        this.dialect = dialect;
        this.keys = keys;
        this.room = room;
        this.grant = grant;
        this.sending = sending;
        this.clock = clock;
        publisher.setTracks(tracks, clock.getAsLong());
    }

    ShigMembers.Keys keys() {
        return keys;
    }

    String room() {
        return room;
    }

    Grant grant() {
        return grant;
    }

    // ---- the two connections ----

    /** The connection that sends is agreed. */
    synchronized void sends() {
        sending.sideChannels(new Ear());
        openControl(sending, publisher);
    }

    /** An offer for the connection that receives is on its way; an earlier one is given up. */
    synchronized void offers(OfferedSession session) {
        closeReceiving(CloseReason.REPLACED);
        offered = session;
    }

    synchronized @Nullable OfferedSession offered() {
        return offered;
    }

    /** The offer for the connection that receives was answered. */
    synchronized void receives(MediaSession session) {
        offered = null;
        receiving = session;
        openControl(session, viewer);
    }

    private void openControl(MediaSession session, DynamicEnd machine) {
        ControlOutlet outlet = new ControlOutlet() {
            @Override
            public boolean send(String message) {
                heard(session, machine, message);
                return true;
            }

            @Override
            public void close() {
                // The session is over, which its own stage tells.
            }
        };
        session.openControl(outlet).thenAccept(isOpen -> {
            if (isOpen) {
                opened(session, machine);
            }
        });
    }

    private synchronized void opened(MediaSession session, DynamicEnd machine) {
        machine.opened(clock.getAsLong());
        pump(session, machine);
    }

    private synchronized void heard(MediaSession session, DynamicEnd machine, String message) {
        machine.handleText(message, clock.getAsLong());
        pump(session, machine);
    }

    /** Gives the machines their time. */
    synchronized void tick() {
        long now = clock.getAsLong();
        publisher.handleTimeout(now);
        pump(sending, publisher);
        MediaSession session = receiving;
        if (session != null) {
            viewer.handleTimeout(now);
            pump(session, viewer);
        }
    }

    private void pump(MediaSession session, DynamicEnd machine) {
        for (DynamicEvent event; (event = machine.pollEvent()) != null; ) {
            handle(event);
        }
        for (String message; (message = machine.pollMessage()) != null; ) {
            session.controlMessage(message.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void handle(DynamicEvent event) {
        if (event instanceof DynamicEvent.OfferNeeded) {
            publisher.offerNotNeeded(clock.getAsLong());
        } else if (event instanceof DynamicEvent.OfferReceived offer) {
            offeredSeq = offer.seq();
            say(ShigMessages.offer(dialect, ++number, ShigSdp.toClient(offer.sdp())));
        } else if (event instanceof DynamicEvent.TrackUpdated updated
                && updated.before().muted() != updated.after().muted()) {
            String mid = updated.after().mid();
            if (mid != null) {
                say(ShigMessages.mute(dialect, mid, updated.after().muted()));
            }
        } else if (event instanceof DynamicEvent.ByeReceived) {
            close(CloseReason.ROOM_ENDED);
        }
    }

    // ---- the data channel ----

    private final class Ear implements SideChannel.Listener {
        @Override
        public void opened(SideChannel opened) {
            synchronized (ShigMember.this) {
                channel = opened;
                for (byte[] message; (message = waiting.poll()) != null; ) {
                    opened.send(message);
                }
            }
        }

        @Override
        public void message(SideChannel from, byte[] message) {
            ShigMessages.Said said = ShigMessages.read(message);
            if (said instanceof ShigMessages.Answer answer) {
                answered(answer);
            } else if (said instanceof ShigMessages.Mute mute) {
                muted(mute);
            }
        }
    }

    private synchronized void answered(ShigMessages.Answer answer) {
        MediaSession session = receiving;
        if (session != null && answer.number() == number) {
            boolean unused = viewer.answer(offeredSeq, answer.sdp(), clock.getAsLong());
            pump(session, viewer);
        }
    }

    private synchronized void muted(ShigMessages.Mute mute) {
        for (Track track : publisher.tracks()) {
            if (mute.mid().equals(track.mid())) {
                boolean unused = publisher.put(track.withMuted(mute.isMuted()), clock.getAsLong());
            }
        }
        pump(sending, publisher);
    }

    private void say(byte[] message) {
        if (channel != null) {
            channel.send(message);
        } else if (waiting.size() < WAITING_MAX) {
            waiting.add(message);
        }
    }

    // ---- the end ----

    /** Leaves. Idempotent. */
    synchronized void close(CloseReason reason) {
        if (!isClosed) {
            isClosed = true;
            closeReceiving(reason);
            sending.close(reason);
        }
    }

    private void closeReceiving(CloseReason reason) {
        if (offered != null) {
            offered.close(reason);
            offered = null;
        }
        if (receiving != null) {
            receiving.close(reason);
            receiving = null;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.Transmit;
import dev.tributary.sdp.NegotiatedSession;
import dev.tributary.sdp.SdpFragment;
import dev.tributary.sfu.MediaReceiver;
import dev.tributary.sfu.Peer;
import dev.tributary.sfu.PeerEvent;
import dev.tributary.sfu.internal.forward.RtpSink;
import dev.tributary.sfu.internal.peer.PeerAttachment;
import dev.tributary.whipwhep.ControlRole;
import dev.tributary.whipwhep.DynamicEnd;
import dev.tributary.whipwhep.DynamicEvent;
import dev.tributary.whipwhep.ErrorCode;
import dev.tributary.whipwhep.spi.CloseReason;
import dev.tributary.whipwhep.spi.ControlOutlet;
import dev.tributary.whipwhep.spi.SessionKind;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One session of a room: a peer, its control channel if it has one, and its place among the members. What flows which way
 * is the subclasses' matter; everything here happens on the room's loop.
 */
abstract class RoomSession implements RoomMember, DatagramProtocol, PeerAttachment.Owner {
    /** The label and protocol of the control channel (docs/dynamic-whep.md). */
    static final String CONTROL_LABEL = "dynamic-control";

    static final String CONTROL_PROTOCOL = "dynamic-control.v1";

    final Room room;
    final Parts parts;
    final SessionIdentity identity;
    final Peer peer;
    final PeerAttachment attachment;
    private final SessionSocket socket;
    final CompletableFuture<CloseReason> closed = new CompletableFuture<>();
    private final ControlTransport transport;
    final SideChannels sideChannels;
    private boolean wasConnected;

    /** A session on the room's own socket, or on one that a pipe has for itself. */
    RoomSession(Room room, Parts parts, SessionIdentity identity, SessionSocket socket) {
        this.room = room;
        this.parts = parts;
        this.identity = identity;
        // The peer and its attachment need each other: what runs on other threads goes through the attachment, later.
        PeerAttachment[] late = new PeerAttachment[1];
        this.peer = new Peer(parts.peerSettings(identity, socket.port())
                .withWakeup(() -> wake(late))
                .withMedia(new MediaReceiver() {
                    @Override
                    public void rtp(byte[] bytes, int offset, int length, long nowNanos) {
                        receivedRtp(bytes, offset, length, nowNanos);
                    }

                    @Override
                    public void rtcp(byte[] bytes, int offset, int length, long nowNanos) {
                        receivedRtcp(bytes, offset, length, nowNanos);
                    }
                })
                .withOutlet(socket.peers().loop()::send));
        this.transport = new ControlTransport(peer);
        this.sideChannels = new SideChannels(this, peer);
        this.socket = socket;
        this.attachment = socket.peers().attach(this, this, peer::isPath);
        late[0] = attachment;
    }

    private static void wake(PeerAttachment[] late) {
        PeerAttachment attachment = late[0];
        if (attachment != null) {
            attachment.wakeup();
        }
    }

    /** Takes part in an ICE restart; an offer in flight is taken back first. */
    final SdpFragment restart(SdpFragment fragment, long nowNanos) {
        restarting(true, nowNanos);
        try {
            return peer.restart(fragment, nowNanos);
        } finally {
            peer.localUfrags().forEach(attachment::addUfrag);
            restarting(false, nowNanos);
            attachment.touch();
        }
    }

    /** An ICE restart begins, or is over. */
    void restarting(boolean isRunning, long nowNanos) {}

    /** Makes the session a member that datagrams find. */
    final void enter() {
        room.join(this);
        peer.localUfrags().forEach(attachment::addUfrag);
        attachment.touch();
    }

    // ---- what a subclass is ----

    /** Decrypted media of the other end. */
    abstract void receivedRtp(byte[] bytes, int offset, int length, long nowNanos);

    /** Decrypted reports of the other end. */
    abstract void receivedRtcp(byte[] bytes, int offset, int length, long nowNanos);

    /** All datagrams of this turn are in: packets of one picture leave together. */
    void batchEnded(long nowNanos) {}

    /** Media can flow. */
    abstract void connected(long nowNanos);

    /** The media part's and the control part's next deadline. */
    abstract long ownTimeoutNanos();

    /** Fires what is due in them. */
    abstract void ownTimeout(long nowNanos);

    /** The control machine, or null when this session has none. */
    abstract @Nullable DynamicEnd control();

    /** Handles what the control machine wants; whether there was anything. */
    abstract boolean processControl(long nowNanos);

    /** Lets go of media and tracks. */
    abstract void release(CloseReason reason, long nowNanos);

    /** Whether the control messages may go over a data channel that was negotiated. */
    final boolean isDynamic() {
        NegotiatedSession session = peer.negotiation().session();
        return control() != null && session != null && session.dataChannel() != null;
    }

    // ---- driving ----

    /** Where media of this session leaves. */
    final RtpSink sink() {
        return new RtpSink() {
            @Override
            public void sendRtp(byte[] bytes, int offset, int length) {
                boolean unused = peer.sendRtp(bytes, offset, length);
            }

            @Override
            public void sendRtcp(byte[] bytes, int offset, int length) {
                boolean unused = peer.sendRtcp(bytes, offset, length);
            }
        };
    }

    @Override
    public final void handleDatagram(ByteBuffer datagram, InetSocketAddress source, long nowNanos) {
        peer.handleDatagram(datagram, source, nowNanos);
    }

    @Override
    public final void handleTimeout(long nowNanos) {
        if (peer.nextTimeoutNanos() <= nowNanos) {
            peer.handleTimeout(nowNanos);
        }
        if (!isClosed()) {
            ownTimeout(nowNanos);
            DynamicEnd machine = control();
            if (machine != null && machine.nextTimeoutNanos() <= nowNanos) {
                machine.handleTimeout(nowNanos);
            }
        }
    }

    @Override
    public final boolean pollTransmit(Transmit out) {
        return peer.pollTransmit(out);
    }

    @Override
    public final long nextTimeoutNanos() {
        if (isClosed()) {
            return NEVER;
        }
        DynamicEnd machine = control();
        long controlNanos = machine == null ? NEVER : machine.nextTimeoutNanos();
        return Math.min(peer.nextTimeoutNanos(), Math.min(ownTimeoutNanos(), controlNanos));
    }

    @Override
    public final boolean process(long nowNanos) {
        peer.wakeUp(nowNanos);
        batchEnded(nowNanos);
        boolean any = false;
        for (PeerEvent event; !isClosed() && (event = peer.pollEvent()) != null; any = true) {
            handle(event, nowNanos);
        }
        if (!isClosed()) {
            any |= processControl(nowNanos);
            flushControl(nowNanos);
        }
        return any;
    }

    private void handle(PeerEvent event, long nowNanos) {
        if (event instanceof PeerEvent.Connected) {
            wasConnected = true;
            connected(nowNanos);
            room.connected(this);
            if (identity.isOutgoing() && control() != null) {
                int unused = peer.openChannel(CONTROL_LABEL, CONTROL_PROTOCOL, nowNanos);
            }
        } else if (event instanceof PeerEvent.ChannelOpened opened) {
            boolean isControl = CONTROL_LABEL.equals(opened.label()) && CONTROL_PROTOCOL.equals(opened.protocol());
            DynamicEnd machine = control();
            // The client of the session opens the channel; a second one replaces the first.
            if (isControl && opened.isRemote() != identity.isOutgoing() && machine != null) {
                transport.use(opened.channel());
                machine.opened(nowNanos);
            } else if (!isControl && opened.isRemote()) {
                sideChannels.opened(opened);
            }
        } else if (event instanceof PeerEvent.ChannelMessage message) {
            DynamicEnd machine = control();
            if (machine != null && transport.isChannel(message.channel())) {
                machine.handleBytes(message.payload(), nowNanos);
            } else {
                sideChannels.message(message);
            }
        } else if (event instanceof PeerEvent.ChannelClosed gone) {
            if (transport.isChannel(gone.channel())) {
                transportLost(nowNanos);
            }
            sideChannels.closed(gone.channel());
        } else if (event instanceof PeerEvent.SourceHeard heard) {
            attachment.addSource(heard.ssrc());
        } else if (event instanceof PeerEvent.UfragRetired retired) {
            attachment.removeUfrag(retired.ufrag());
        } else if (event instanceof PeerEvent.Closed over) {
            if (!over.byPeer()) {
                room.lost(this, over.detail());
            }
            finish(over.byPeer() ? CloseReason.PEER_LEFT : CloseReason.CONNECTION_LOST, nowNanos);
        }
    }

    private void flushControl(long nowNanos) {
        DynamicEnd machine = control();
        if (machine != null) {
            transport.flush(machine, nowNanos);
        }
    }

    private void transportLost(long nowNanos) {
        transport.lost();
        DynamicEnd machine = control();
        if (machine != null) {
            machine.closed(nowNanos);
        }
    }

    /** Closes the control channel; the session goes on without it. */
    final void closeControl(long nowNanos) {
        if (transport.isOpen()) {
            DynamicEnd machine = control();
            if (machine != null) {
                // The last words, which say why.
                transport.flush(machine, nowNanos);
            }
            transport.close(nowNanos);
            if (machine != null) {
                machine.closed(nowNanos);
            }
        }
    }

    // ---- the control channel over HTTP ----

    /** The client opened an event stream; {@code false} when this session has no control machine. */
    final boolean openControl(ControlOutlet outlet, long nowNanos) {
        DynamicEnd machine = control();
        if (machine == null || isClosed() || identity.isOutgoing()) {
            return false;
        }
        transport.use(outlet);
        machine.opened(nowNanos);
        attachment.touch();
        return true;
    }

    /** The client posted a message; {@code false} when it has no event stream. */
    final boolean controlMessage(byte[] message, long nowNanos) {
        DynamicEnd machine = control();
        if (machine == null || !transport.isHttp()) {
            return false;
        }
        machine.handleBytes(message, nowNanos);
        attachment.touch();
        return true;
    }

    /** The client's event stream is gone. */
    final void controlClosed(ControlOutlet outlet, long nowNanos) {
        if (transport.isOutlet(outlet)) {
            transportLost(nowNanos);
            attachment.touch();
        }
    }

    /** The control machine wants no channel any more. A stream that has been here before must not go in circles. */
    final void channelOver(DynamicEvent.CloseChannel ending, long nowNanos) {
        boolean isCircle = ending.code() == ErrorCode.LOOP || ending.code() == ErrorCode.LIMIT;
        closeControl(nowNanos);
        if (identity.isPipe() && isCircle) {
            close(CloseReason.FAILED, nowNanos);
        }
    }

    // ---- the end ----

    @Override
    public final void failed(long nowNanos) {
        finish(CloseReason.FAILED, nowNanos);
    }

    final boolean isClosed() {
        return closed.isDone();
    }

    @Override
    public final void close(CloseReason reason, long nowNanos) {
        if (isClosed()) {
            return;
        }
        DynamicEnd machine = control();
        if (machine != null && transport.isOpen()) {
            machine.bye(byeCode(reason), "");
            transport.flush(machine, nowNanos);
        }
        finish(reason, nowNanos);
    }

    private static String byeCode(CloseReason reason) {
        return switch (reason) {
            case ROOM_ENDED -> "ended";
            case REVOKED, EXPIRED -> "revoked";
            case REPLACED -> "replaced";
            case DRAINING -> "draining";
            default -> "closed";
        };
    }

    private void finish(CloseReason reason, long nowNanos) {
        if (isClosed()) {
            return;
        }
        // Marked first: what the release causes in the room must not come back here.
        boolean unused = closed.complete(reason);
        release(reason, nowNanos);
        if (transport.isHttp()) {
            transport.close(nowNanos);
        }
        peer.close();
        attachment.detach();
        socket.release();
        room.leave(this, wasConnected);
    }

    final ControlRole role(ControlRole plain) {
        return identity.isPipe() ? ControlRole.PIPE : plain;
    }

    final SessionKind kind() {
        return identity.kind();
    }

    final boolean isConnected() {
        return wasConnected && !isClosed();
    }
}

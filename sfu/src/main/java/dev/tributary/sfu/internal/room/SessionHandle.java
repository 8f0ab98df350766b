// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import dev.tributary.sdp.SdpFragment;
import dev.tributary.sfu.internal.peer.LoopPeers;
import dev.tributary.whipwhep.DynamicEnd;
import dev.tributary.whipwhep.spi.CloseReason;
import dev.tributary.whipwhep.spi.ControlOutlet;
import dev.tributary.whipwhep.spi.MediaSession;
import dev.tributary.whipwhep.spi.SideChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A session as the HTTP side holds it: every call is posted to the session's loop. Thread-safe. */
final class SessionHandle implements MediaSession {
    private final RoomSession session;
    private final LoopPeers peers;
    private final String answer;
    private final boolean isDynamic;
    private final boolean hasControl;
    private final Parts parts;
    private volatile String etag;

    /** On the loop, once everything is agreed. */
    SessionHandle(RoomSession session, LoopPeers peers, String answer, Parts parts) {
        this.session = session;
        this.peers = peers;
        this.answer = answer;
        this.isDynamic = session.isDynamic();
        this.hasControl = session.control() != null;
        this.parts = parts;
        this.etag = newTag();
    }

    private String newTag() {
        return Long.toHexString(parts.random().nextLong());
    }

    @Override
    public String answer() {
        return answer;
    }

    @Override
    public boolean isDynamic() {
        return isDynamic;
    }

    @Override
    public String etag() {
        return etag;
    }

    @Override
    public CompletionStage<Void> trickle(SdpFragment fragment) {
        CompletableFuture<Void> taken = new CompletableFuture<>();
        peers.execute(() -> {
            session.peer.trickle(fragment, session.room.nowNanos());
            session.attachment.touch();
            taken.complete(null);
        });
        return taken;
    }

    @Override
    public CompletionStage<SdpFragment> restart(SdpFragment fragment) {
        CompletableFuture<SdpFragment> restarted = new CompletableFuture<>();
        peers.execute(() -> {
            try {
                SdpFragment ours = session.restart(fragment, session.room.nowNanos());
                etag = newTag();
                restarted.complete(ours);
            } catch (RuntimeException e) {
                restarted.completeExceptionally(e);
            }
        });
        return restarted;
    }

    @Override
    public void close(CloseReason reason) {
        peers.execute(() -> session.close(reason, session.room.nowNanos()));
    }

    @Override
    public CompletionStage<CloseReason> closed() {
        return session.closed;
    }

    @Override
    public CompletionStage<@Nullable String> controlSnapshot() {
        CompletableFuture<@Nullable String> snapshot = new CompletableFuture<>();
        peers.execute(() -> {
            DynamicEnd machine = session.control();
            snapshot.complete(machine == null ? null : machine.snapshot());
        });
        return snapshot;
    }

    @Override
    public boolean hasControl() {
        return hasControl;
    }

    @Override
    public CompletionStage<Boolean> openControl(ControlOutlet outlet) {
        CompletableFuture<Boolean> opened = new CompletableFuture<>();
        peers.execute(() -> opened.complete(session.openControl(outlet, session.room.nowNanos())));
        return opened;
    }

    @Override
    public CompletionStage<Boolean> controlMessage(byte[] message) {
        CompletableFuture<Boolean> taken = new CompletableFuture<>();
        peers.execute(() -> taken.complete(session.controlMessage(message, session.room.nowNanos())));
        return taken;
    }

    @Override
    public void sideChannels(SideChannel.Listener listener) {
        peers.execute(() -> session.sideChannels.listen(listener));
    }

    @Override
    public void controlClosed(ControlOutlet outlet) {
        peers.execute(() -> session.controlClosed(outlet, session.room.nowNanos()));
    }
}

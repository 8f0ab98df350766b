// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import dev.tributary.sdp.SdpException;
import dev.tributary.sdp.SessionDescription;
import dev.tributary.sfu.internal.peer.LoopPeers;
import dev.tributary.whipwhep.spi.CloseReason;
import dev.tributary.whipwhep.spi.MediaSession;
import dev.tributary.whipwhep.spi.OfferedSession;
import dev.tributary.whipwhep.spi.Refusal;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A session that waits for the answer to our offer, as the HTTP side holds it. Thread-safe. */
final class OfferedHandle implements OfferedSession {
    private final OutboundSession session;
    private final LoopPeers peers;
    private final String offer;
    private final Parts parts;
    private boolean isAnswered;

    OfferedHandle(OutboundSession session, LoopPeers peers, String offer, Parts parts) {
        this.session = session;
        this.peers = peers;
        this.offer = offer;
        this.parts = parts;
    }

    @Override
    public String offer() {
        return offer;
    }

    @Override
    public CompletionStage<MediaSession> answered(String answer) {
        CompletableFuture<MediaSession> opened = new CompletableFuture<>();
        peers.execute(() -> {
            try {
                if (session.isClosed() || isAnswered) {
                    throw new WhipWhepException(Refusal.NO_SUCH_SESSION, "The offer is not waiting any more.");
                }
                session.answeredProgramme(SessionDescription.parse(answer), session.room.nowNanos());
                isAnswered = true;
                session.attachment.touch();
                opened.complete(new SessionHandle(session, peers, answer, parts));
            } catch (SdpException e) {
                opened.completeExceptionally(new WhipWhepException(Refusal.MALFORMED, String.valueOf(e.getMessage())));
            } catch (RuntimeException e) {
                opened.completeExceptionally(e);
            }
        });
        return opened;
    }

    @Override
    public void close(CloseReason reason) {
        peers.execute(() -> {
            if (!isAnswered) {
                session.close(reason, session.room.nowNanos());
            }
        });
    }
}

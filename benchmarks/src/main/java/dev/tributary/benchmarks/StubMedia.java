// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import dev.tributary.sdp.SdpFragment;
import dev.tributary.whipwhep.WhipWhep;
import dev.tributary.whipwhep.WhipWhepLimits;
import dev.tributary.whipwhep.spi.Access;
import dev.tributary.whipwhep.spi.CloseReason;
import dev.tributary.whipwhep.spi.MediaEngine;
import dev.tributary.whipwhep.spi.MediaSession;
import dev.tributary.whipwhep.spi.SessionRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An engine without media, so that what is measured is WHIP and WHEP alone: it gives everybody the same answer. */
final class StubMedia implements MediaEngine {
    private final String answer;

    StubMedia(String answer) {
        this.answer = answer;
    }

    /** A server over it that lets everybody in, as often as they like. */
    static WhipWhep server(String answer) {
        return WhipWhep.builder(new StubMedia(answer))
                .access(Access.allowEverybody())
                .limits(WhipWhepLimits.DEFAULT.withSessions(100_000).withOpens(1_000_000, 1_000_000))
                .prefix("/live")
                .build();
    }

    @Override
    public CompletionStage<MediaSession> open(SessionRequest request) {
        return CompletableFuture.completedFuture(new Session(answer));
    }

    private record Session(String answer, CompletableFuture<CloseReason> closed) implements MediaSession {
        Session(String answer) {
            this(answer, new CompletableFuture<>());
        }

        @Override
        public boolean isDynamic() {
            return false;
        }

        @Override
        public String etag() {
            return "1";
        }

        @Override
        public CompletionStage<Void> trickle(SdpFragment fragment) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<SdpFragment> restart(SdpFragment fragment) {
            return CompletableFuture.completedFuture(fragment);
        }

        @Override
        public void close(CloseReason reason) {
            closed.complete(reason);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import dev.tributary.sdp.SdpFragment;
import dev.tributary.whipwhep.spi.CloseReason;
import dev.tributary.whipwhep.spi.ControlOutlet;
import dev.tributary.whipwhep.spi.MediaEngine;
import dev.tributary.whipwhep.spi.MediaSession;
import dev.tributary.whipwhep.spi.OfferedSession;
import dev.tributary.whipwhep.spi.SessionRequest;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An engine without media: it remembers what it was asked, and answers what a test wants. */
final class StubEngine implements MediaEngine {
    final List<SessionRequest> requests = new ArrayList<>();
    final List<StubSession> sessions = new ArrayList<>();
    WhipWhepException refuses;
    String snapshot;
    RuntimeException refusesAnswer;
    List<StubOffer> offers;
    boolean closesSlowly;

    @Override
    public synchronized CompletionStage<MediaSession> open(SessionRequest request) {
        requests.add(request);
        if (refuses != null) {
            return CompletableFuture.failedFuture(refuses);
        }
        StubSession session = new StubSession(request, closesSlowly);
        session.snapshot = snapshot;
        sessions.add(session);
        return CompletableFuture.completedFuture(session);
    }

    @Override
    public CompletionStage<OfferedSession> offer(SessionRequest request) {
        if (offers == null) {
            return MediaEngine.super.offer(request);
        }
        requests.add(request);
        StubOffer offer = new StubOffer(request);
        offers.add(offer);
        return CompletableFuture.completedFuture(offer);
    }

    /** An offer that waits. */
    final class StubOffer implements OfferedSession {
        final SessionRequest request;
        final List<String> answers = new ArrayList<>();
        CloseReason closed;

        StubOffer(SessionRequest request) {
            this.request = request;
        }

        @Override
        public String offer() {
            return Offers.offer("sendonly", true);
        }

        @Override
        public CompletionStage<MediaSession> answered(String answer) {
            answers.add(answer);
            if (refusesAnswer != null) {
                return CompletableFuture.failedFuture(refusesAnswer);
            }
            StubSession session = new StubSession(request, closesSlowly);
            sessions.add(session);
            return CompletableFuture.completedFuture(session);
        }

        @Override
        public void close(CloseReason reason) {
            closed = reason;
        }
    }

    StubSession last() {
        return sessions.get(sessions.size() - 1);
    }

    static final class StubSession implements MediaSession {
        final SessionRequest request;
        final List<SdpFragment> trickled = new ArrayList<>();
        final List<SdpFragment> restarts = new ArrayList<>();
        final CompletableFuture<CloseReason> closed = new CompletableFuture<>();
        private final boolean closesSlowly;
        CloseReason asked;
        RuntimeException refusesRestart;
        int iceSession = 1;
        String snapshot;

        StubSession(SessionRequest request, boolean closesSlowly) {
            this.request = request;
            this.closesSlowly = closesSlowly;
        }

        @Override
        public String answer() {
            return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";
        }

        @Override
        public boolean isDynamic() {
            return request.dynamicAllowed() && request.offer().contains("webrtc-datachannel");
        }

        @Override
        public String etag() {
            return "ice" + iceSession;
        }

        @Override
        public CompletionStage<Void> trickle(SdpFragment fragment) {
            trickled.add(fragment);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<SdpFragment> restart(SdpFragment fragment) {
            if (refusesRestart != null) {
                return CompletableFuture.failedFuture(refusesRestart);
            }
            restarts.add(fragment);
            iceSession++;
            return CompletableFuture.completedFuture(
                    SdpFragment.parse("a=ice-ufrag:serv" + iceSession + "\r\na=ice-pwd:serverserverserverserver\r\n"));
        }

        final List<String> posted = new ArrayList<>();
        ControlOutlet outlet;

        @Override
        public boolean hasControl() {
            return snapshot != null || isDynamic();
        }

        @Override
        public CompletionStage<Boolean> openControl(ControlOutlet opened) {
            if (!hasControl()) {
                return CompletableFuture.completedFuture(false);
            }
            outlet = opened;
            opened.send("{\"type\":\"early\"}");
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public CompletionStage<Boolean> controlMessage(byte[] message) {
            if (outlet != null) {
                posted.add(new String(message, java.nio.charset.StandardCharsets.UTF_8));
            }
            return CompletableFuture.completedFuture(outlet != null);
        }

        @Override
        public void controlClosed(ControlOutlet closing) {
            outlet = outlet == closing ? null : outlet;
        }

        @Override
        public CompletionStage<String> controlSnapshot() {
            return CompletableFuture.completedFuture(snapshot);
        }

        @Override
        public void close(CloseReason reason) {
            if (asked == null) {
                asked = reason;
                if (!closesSlowly) {
                    closed.complete(reason);
                }
            }
        }

        @Override
        public CompletionStage<CloseReason> closed() {
            return closed;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.load;

import dev.tributary.whipwhep.WhipWhepClient;
import dev.tributary.whipwhep.spi.SessionKind;
import java.net.URI;
import java.util.concurrent.CompletionStage;

/** One POST, one DELETE. */
record WhipWhepSignalling(WhipWhepClient client, SessionKind kind, URI endpoint) implements Signalling {
    @Override
    public CompletionStage<Session> open(LoadPeer peer) {
        return client.open(kind, endpoint, peer.offer())
                .thenApplyAsync(
                        session -> {
                            peer.answered(session.answer());
                            return session::delete;
                        },
                        peer.loop());
    }

    @Override
    public boolean isOurOffer() {
        return true;
    }
}

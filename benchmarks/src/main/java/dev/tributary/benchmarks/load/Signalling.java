// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.load;

import java.util.concurrent.CompletionStage;

/** How descriptions reach a server and come back. */
public interface Signalling {
    /** Exchanges them for a peer, whose methods are called on its loop. */
    CompletionStage<Session> open(LoadPeer peer);

    /** Whether we offer; else the server does. */
    boolean isOurOffer();

    /** What a server keeps for us. */
    interface Session {
        /** Ends it. */
        CompletionStage<Void> close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.association;

import dev.tributary.datachannel.internal.wire.Capabilities;
import dev.tributary.datachannel.internal.wire.InitChunk;

/** What the peer said of itself in INIT or INIT ACK. */
record PeerParameters(
        int tag, int initialTsn, long windowBytes, int outboundStreams, int inboundStreams, Capabilities capabilities) {

    static PeerParameters of(InitChunk init) {
        return new PeerParameters(
                init.initiateTag(),
                init.initialTsn(),
                init.windowBytes(),
                init.outboundStreams(),
                init.inboundStreams(),
                init.capabilities());
    }
}

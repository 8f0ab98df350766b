// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.association;

import dev.tributary.datachannel.SctpEvent;
import dev.tributary.datachannel.SctpSettings;
import dev.tributary.datachannel.internal.rx.DataTracker;
import dev.tributary.datachannel.internal.rx.Reassembly;
import dev.tributary.datachannel.internal.tx.RetransmissionQueue;
import dev.tributary.datachannel.internal.tx.RetransmissionTimeout;
import dev.tributary.datachannel.internal.tx.SendQueue;
import dev.tributary.datachannel.internal.wire.Capabilities;
import dev.tributary.datachannel.internal.wire.PacketHeader;
import java.util.function.Consumer;

/** What exists from the moment the peer is known: the transmission control block of RFC 9260 §14. */
final class Session {
    final int localTag;
    final int localInitialTsn;
    final PeerParameters peer;
    final Capabilities agreed;
    final DataTracker tracker;
    final Reassembly reassembly;
    final RetransmissionQueue retransmissions;
    final StreamResets resets;

    Session(
            SctpSettings settings,
            Capabilities offered,
            int localTag,
            int localInitialTsn,
            PeerParameters peer,
            SendQueue queue,
            RetransmissionTimeout timeout,
            Consumer<SctpEvent.MessageReceived> messages) {
        this.localTag = localTag;
        this.localInitialTsn = localInitialTsn;
        this.peer = peer;
        this.agreed = offered.and(peer.capabilities());
        tracker = new DataTracker(peer.initialTsn(), settings.limits().tsnAheadMax());
        reassembly = new Reassembly(agreed.interleaving(), settings.limits().receivedMessageBytesMax(), messages);
        retransmissions = new RetransmissionQueue(
                queue,
                timeout,
                settings.mtuBytes(),
                PacketHeader.BYTES,
                localInitialTsn,
                peer.windowBytes(),
                agreed.interleaving(),
                agreed.partialReliability());
        resets = new StreamResets(localInitialTsn, peer.initialTsn());
    }

    /** Streams that both sides have: ours to send on are those that the peer takes. */
    int outboundStreams(int streamsMax) {
        return Math.min(streamsMax, peer.inboundStreams());
    }
}

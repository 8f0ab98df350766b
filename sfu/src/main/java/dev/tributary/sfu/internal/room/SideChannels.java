// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import dev.tributary.sfu.Peer;
import dev.tributary.sfu.PeerEvent;
import dev.tributary.whipwhep.spi.SideChannel;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The data channels of one session that a client opened besides the control channel. Owned by the loop. */
final class SideChannels {
    private final RoomSession session;
    private final Peer peer;
    private final Map<Integer, Channel> channels = new HashMap<>();
    private SideChannel.@Nullable Listener listener;

    SideChannels(RoomSession session, Peer peer) {
        this.session = session;
        this.peer = peer;
    }

    void listen(SideChannel.Listener hears) {
        listener = hears;
        channels.values().forEach(hears::opened);
    }

    void opened(PeerEvent.ChannelOpened opened) {
        Channel channel = new Channel(opened.channel(), opened.label(), opened.protocol());
        channels.put(opened.channel(), channel);
        if (listener != null) {
            listener.opened(channel);
        }
    }

    void message(PeerEvent.ChannelMessage message) {
        Channel channel = channels.get(message.channel());
        if (channel != null && listener != null) {
            listener.message(channel, message.payload());
        }
    }

    void closed(int id) {
        Channel channel = channels.remove(id);
        if (channel != null && listener != null) {
            listener.closed(channel);
        }
    }

    private final class Channel implements SideChannel {
        private final int id;
        private final String label;
        private final String protocol;

        Channel(int id, String label, String protocol) {
            this.id = id;
            this.label = label;
            this.protocol = protocol;
        }

        @Override
        public String label() {
            return label;
        }

        @Override
        public String protocol() {
            return protocol;
        }

        @Override
        public void send(byte[] message) {
            session.room.peers().execute(() -> {
                boolean unused = peer.sendBinary(id, message, session.room.nowNanos());
                session.attachment.touch();
            });
        }
    }
}

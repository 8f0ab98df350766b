// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The channels that are not closed, by stream identifier, and the events about them that wait for their owner.
 *
 * <p>Not thread-safe.
 */
final class ChannelTable {
    private final DtlsRole role;
    private final int channelsMax;
    private final Map<Integer, DataChannel> channels = new TreeMap<>();
    private final ArrayDeque<DataChannelEvent> events = new ArrayDeque<>();

    ChannelTable(DtlsRole role, int channelsMax) {
        this.role = role;
        this.channelsMax = channelsMax;
    }

    @Nullable
    DataChannel get(int id) {
        return channels.get(id);
    }

    Collection<DataChannel> all() {
        return List.copyOf(channels.values());
    }

    int count() {
        return channels.size();
    }

    boolean isFull() {
        return channels.size() >= channelsMax;
    }

    /** RFC 8832 §6: the DTLS client opens on even identifiers, the server on odd ones. */
    boolean isPeersChoice(int id) {
        return (id % 2 == 0) == (role == DtlsRole.SERVER);
    }

    /** The lowest identifier of ours that is not in use. */
    int freeId() {
        int id = role == DtlsRole.CLIENT ? 0 : 1;
        while (channels.containsKey(id)) {
            id += 2;
        }
        return id;
    }

    void add(DataChannel channel) {
        channels.put(channel.id(), channel);
    }

    /** The channel is no more. */
    void closed(DataChannel channel) {
        channel.enter(DataChannelState.CLOSED);
        channels.remove(channel.id());
        tell(new DataChannelEvent.ChannelClosed(channel));
    }

    void closeAll() {
        all().forEach(this::closed);
    }

    void tell(DataChannelEvent event) {
        events.add(event);
    }

    boolean hasNoEvents() {
        return events.isEmpty();
    }

    @Nullable
    DataChannelEvent pollEvent() {
        return events.poll();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
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
    /** RFC 8832 §6: 65535 is no identifier. */
    private static final int ID_MAX = 65_534;

    /** The stack of Chromium takes no identifiers above. */
    private static final int ID_COMMON_MAX = 1_023;

    private final DtlsRole role;
    private final int channelsMax;
    private final Map<Integer, DataChannel> channels = new TreeMap<>();
    private final Map<Integer, Integer> refused = new HashMap<>();
    private final ArrayDeque<DataChannelEvent> events = new ArrayDeque<>();
    private int nextId;

    ChannelTable(DtlsRole role, int channelsMax) {
        this.role = role;
        this.nextId = role == DtlsRole.CLIENT ? 0 : 1;
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

    /**
     * An identifier of ours that is not in use, {@code streams} when there is none. Those below {@link #ID_COMMON_MAX} take
     * turns: a peer that has not heard of the end of an old channel yet does not take the new one for it.
     */
    int freeId(int streams) {
        int last = Math.min(streams - 1, ID_COMMON_MAX);
        for (int id = first(); id <= last; id += 2) {
            int candidate = nextId > last ? first() : nextId;
            nextId = candidate + 2;
            if (isFree(candidate)) {
                return candidate;
            }
        }
        for (int id = ID_COMMON_MAX + 1 + first(); id <= Math.min(streams - 1, ID_MAX); id += 2) {
            if (isFree(id)) {
                return id;
            }
        }
        return streams;
    }

    private int first() {
        return role == DtlsRole.CLIENT ? 0 : 1;
    }

    private boolean isFree(int id) {
        return !channels.containsKey(id) && !refused.containsKey(id);
    }

    /** The peer opened a channel under this identifier and is refused: it stays taken until both sides have reset it. */
    void refuse(int id) {
        refused.putIfAbsent(id, 0);
    }

    /** One side has reset a stream, which may be one of a channel that was refused. */
    void refusedReset(int id, boolean incoming) {
        refused.computeIfPresent(id, (unused, sides) -> {
            int both = sides | (incoming ? 1 : 2);
            return both == 3 ? null : both;
        });
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
        refused.clear();
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

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A sender and a receiver on a channel without delay, whose messages a test may read, hold back or write itself. */
final class ControlPair {
    static final long SECOND = 1_000_000_000L;
    static final long MILLI = 1_000_000L;

    final DynamicSender sender;
    final DynamicReceiver receiver;
    final List<String> fromSender = new ArrayList<>();
    final List<String> fromReceiver = new ArrayList<>();
    final List<DynamicEvent> senderEvents = new ArrayList<>();
    final List<DynamicEvent> receiverEvents = new ArrayList<>();
    long now;
    boolean receiverIsDeaf;
    boolean senderIsDeaf;

    ControlPair(DynamicOptions sends, DynamicOptions receives) {
        this.sender = DynamicSender.of(sends);
        this.receiver = DynamicReceiver.of(receives);
    }

    /** The server sends, as on WHEP. */
    static ControlPair whep(Permission... permissions) {
        return new ControlPair(
                DynamicOptions.server("s1", ControlRole.VIEWER).withPermissions(Set.of(permissions)),
                DynamicOptions.client(ControlRole.VIEWER));
    }

    /** The client sends, as on WHIP. */
    static ControlPair whip(Permission... permissions) {
        return new ControlPair(
                DynamicOptions.client(ControlRole.PUBLISHER),
                DynamicOptions.server("s1", ControlRole.PUBLISHER)
                        .withPermissions(Set.of(permissions))
                        .withOwner(track -> track.startsWith("own")));
    }

    ControlPair open() {
        sender.opened(now);
        receiver.opened(now);
        exchange();
        return this;
    }

    ControlPair cut() {
        sender.closed(now);
        receiver.closed(now);
        exchange();
        return this;
    }

    void exchange() {
        for (boolean isIdle = false; !isIdle; ) {
            isIdle = true;
            for (String text; (text = sender.pollMessage()) != null; isIdle = false) {
                fromSender.add(text);
                if (!receiverIsDeaf) {
                    receiver.handleText(text, now);
                }
            }
            for (String text; (text = receiver.pollMessage()) != null; isIdle = false) {
                fromReceiver.add(text);
                if (!senderIsDeaf) {
                    sender.handleText(text, now);
                }
            }
            for (DynamicEvent event; (event = sender.pollEvent()) != null; isIdle = false) {
                senderEvents.add(event);
            }
            for (DynamicEvent event; (event = receiver.pollEvent()) != null; isIdle = false) {
                receiverEvents.add(event);
            }
        }
    }

    /** Lets time pass, firing every timer at its time. */
    void pass(long nanos) {
        long end = now + nanos;
        exchange();
        while (true) {
            long next = Math.min(sender.nextTimeoutNanos(), receiver.nextTimeoutNanos());
            if (next > end) {
                now = end;
                exchange();
                return;
            }
            now = Math.max(now, next);
            sender.handleTimeout(now);
            receiver.handleTimeout(now);
            exchange();
        }
    }

    void put(String id) {
        sender.put(track(id), now);
        exchange();
    }

    static Track track(String id) {
        return Track.of(id, TrackKind.VIDEO, Purpose.GUEST, "Track " + id, "stream");
    }

    /** Adds a track and offers it on an m-line of its own. Returns the sequence number. */
    long offer(String id, String mid) {
        put(id);
        pass(100 * MILLI);
        long seq = sender.offer("v=0 with " + id, Map.of(mid, id), now);
        exchange();
        return seq;
    }

    /** The same, answered and committed. */
    void negotiate(String id, String mid) {
        long seq = offer(id, mid);
        receiver.answer(seq, "v=0 answer", now);
        exchange();
        sender.committed(seq, Set.of(), now);
        exchange();
    }

    <E extends DynamicEvent> List<E> seen(List<DynamicEvent> events, Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    long count(List<String> messages, String part) {
        return messages.stream().filter(text -> text.contains(part)).count();
    }

    static String last(List<String> messages) {
        return messages.get(messages.size() - 1);
    }
}

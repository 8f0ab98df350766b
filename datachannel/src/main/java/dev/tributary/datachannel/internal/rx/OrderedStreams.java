// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.rx;

import dev.tributary.datachannel.SctpEvent;
import dev.tributary.datachannel.internal.wire.Serial;
import dev.tributary.datachannel.internal.wire.StreamMap;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Ordered messages that wait for earlier ones of their stream (RFC 9260 §6.6). Not thread-safe. */
final class OrderedStreams {
    private final StreamMap<Order> orders = new StreamMap<>();
    private final Consumer<SctpEvent.MessageReceived> out;
    private int waitingBytes;
    private int waitingCount;

    OrderedStreams(Consumer<SctpEvent.MessageReceived> out) {
        this.out = out;
    }

    int waitingBytes() {
        return waitingBytes;
    }

    int waitingCount() {
        return waitingCount;
    }

    /** The number that the next message of a stream has, for unwrapping. */
    long next(int stream) {
        Order order = orders.get(stream);
        return order == null ? Serial.ORIGIN : order.next;
    }

    /** Takes a whole message: hands it out, or keeps it until its turn. One that had its turn is dropped. */
    void add(long number, SctpEvent.MessageReceived message) {
        Order order = order(message.stream());
        if (number < order.next) {
            return;
        }
        if (number == order.next) {
            order.next++;
            out.accept(message);
            handOut(order, order.next);
        } else if (order.waiting.putIfAbsent(number, message) == null) {
            waitingBytes += message.payload().length;
            waitingCount++;
        }
    }

    /** The peer gave up the messages up to this number (RFC 3758 §3.6): those that are whole are handed out still. */
    void skip(int stream, long number) {
        Order order = order(stream);
        if (number >= order.next) {
            handOut(order, number + 1);
        }
    }

    /** The next message of these streams has number zero again. */
    void reset(Collection<Integer> streams) {
        for (int stream : streams) {
            Order order = orders.remove(stream);
            if (order != null) {
                order.waiting.values().forEach(this::forget);
            }
        }
    }

    /** The next message of every stream has number zero again. */
    void resetAll() {
        orders.forEach(order -> order.waiting.values().forEach(this::forget));
        orders.clear();
    }

    private Order order(int stream) {
        Order order = orders.get(stream);
        if (order == null) {
            order = new Order();
            orders.put(stream, order);
        }
        return order;
    }

    private void handOut(Order order, long upTo) {
        order.next = Math.max(order.next, upTo);
        while (!order.waiting.isEmpty() && order.waiting.firstKey() <= order.next) {
            Map.Entry<Long, SctpEvent.MessageReceived> first = order.waiting.pollFirstEntry();
            order.next = Math.max(order.next, first.getKey() + 1);
            forget(first.getValue());
            out.accept(first.getValue());
        }
    }

    private void forget(SctpEvent.MessageReceived message) {
        waitingBytes -= message.payload().length;
        waitingCount--;
    }

    private static final class Order {
        private final TreeMap<Long, SctpEvent.MessageReceived> waiting = new TreeMap<>();
        private long next = Serial.ORIGIN;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.rx;

import dev.tributary.datachannel.internal.wire.Serial;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Ordered messages that wait for earlier ones of their stream (RFC 9260 §6.6). Not thread-safe. */
final class OrderedStreams {
    private final Map<Integer, Order> orders = new HashMap<>();
    private final Consumer<ReceivedMessage> out;
    private int waitingBytes;
    private int waitingCount;

    OrderedStreams(Consumer<ReceivedMessage> out) {
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
    void add(ReceivedMessage message) {
        Order order = orders.computeIfAbsent(message.stream(), each -> new Order());
        if (message.number() < order.next) {
            return;
        }
        if (message.number() == order.next) {
            order.next++;
            out.accept(message);
            handOut(order, order.next);
        } else if (order.waiting.putIfAbsent(message.number(), message) == null) {
            waitingBytes += message.payload().length;
            waitingCount++;
        }
    }

    /** The peer gave up the messages up to this number (RFC 3758 §3.6): those that are whole are handed out still. */
    void skip(int stream, long number) {
        Order order = orders.computeIfAbsent(stream, each -> new Order());
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
        reset(java.util.List.copyOf(orders.keySet()));
    }

    private void handOut(Order order, long upTo) {
        order.next = Math.max(order.next, upTo);
        while (!order.waiting.isEmpty() && order.waiting.firstKey() <= order.next) {
            ReceivedMessage message = order.waiting.pollFirstEntry().getValue();
            order.next = Math.max(order.next, message.number() + 1);
            forget(message);
            out.accept(message);
        }
    }

    private void forget(ReceivedMessage message) {
        waitingBytes -= message.payload().length;
        waitingCount--;
    }

    private static final class Order {
        private final TreeMap<Long, ReceivedMessage> waiting = new TreeMap<>();
        private long next = Serial.ORIGIN;
    }
}

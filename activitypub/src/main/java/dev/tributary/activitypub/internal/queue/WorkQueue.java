// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.queue;

import dev.tributary.activitypub.spi.QueuedItem;
import dev.tributary.activitypub.spi.Store;
import dev.tributary.activitypub.spi.Store.Transaction;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Works a queue of the store off: so many items at once, so many per lane, the urgent ones first. An item stays in the
 * queue until it was done, so a crash repeats what was under way and loses nothing.
 *
 * <p>Everything that ended since the last turn and everything that begins now is one transaction: the busier it gets, the
 * less each item costs. Thread-safe. Its lock is never held while the store is asked.
 */
public final class WorkQueue {
    /** Does the work. */
    public interface Worker {
        /** Begins an item; {@link WorkQueue#ended} or {@link WorkQueue#release} is called for it some time later. */
        void start(QueuedItem item);

        /** How many items of a lane may be under way at the same time. */
        default int slots(String lane) {
            return 1;
        }

        /** Until when a lane is left alone. */
        default long heldUntilMillis(String lane) {
            return 0;
        }
    }

    private record Ended(QueuedItem item, Consumer<Transaction> settlement) {}

    private record Found(Lanes.Lane lane, List<QueuedItem> items, long nextDueMillis) {}

    private final String queue;
    private final Store store;
    private final InstantSource clock;
    private final int atOnce;
    private final Worker worker;
    private final Lanes lanes = new Lanes();
    private List<Ended> ended = new ArrayList<>();
    private int running;

    /** A queue with what the store holds of it. */
    public WorkQueue(String queue, Store store, InstantSource clock, int atOnce, Worker worker) {
        this.queue = queue;
        this.store = store;
        this.clock = clock;
        this.atOnce = atOnce;
        this.worker = worker;
        store.transact(tx -> tx.lanes(queue)).forEach(lane -> offer(lane.name(), lane.dueAtMillis(), lane.priority()));
    }

    /** Something was put into a lane; said within the transaction or after it. */
    public synchronized void offer(String lane, long dueAtMillis, int priority) {
        lanes.offer(lane, dueAtMillis, priority);
    }

    /** An item was done; {@code settlement} takes it out of the queue, or puts it off, in the next turn. */
    public synchronized void ended(QueuedItem item, Consumer<Transaction> settlement) {
        ended.add(new Ended(item, settlement));
    }

    /** An item was done, and the queue knows already. */
    public synchronized void release(QueuedItem item) {
        running--;
        lanes.ended(item.lane(), item.id(), clock.millis(), item.priority());
    }

    /** How many lanes hold something. */
    public synchronized int lanes() {
        return lanes.size();
    }

    /** How many items are under way. */
    public synchronized int running() {
        return running;
    }

    /** Settles what ended and begins what is due. Returns how much that was. One turn at a time. */
    public int runDue() {
        long now = clock.millis();
        List<Ended> settled;
        List<Lanes.Lane> taken;
        synchronized (this) {
            settled = ended;
            ended = new ArrayList<>();
            settled.forEach(one -> {
                running--;
                lanes.ended(one.item().lane(), one.item().id(), now, one.item().priority());
            });
            taken = lanes.take(now, Math.max(0, atOnce - running));
        }
        if (settled.isEmpty() && taken.isEmpty()) {
            return 0;
        }
        List<Found> found = new ArrayList<>();
        boolean stored = false;
        try {
            store.transact(tx -> {
                settled.forEach(one -> one.settlement().accept(tx));
                found.clear();
                taken.forEach(lane -> found.add(look(tx, lane, now)));
                return true;
            });
            stored = true;
        } finally {
            if (!stored) {
                takeBack(settled, taken, now);
            }
        }
        return settled.size() + begin(found, now);
    }

    private Found look(Transaction tx, Lanes.Lane lane, long now) {
        long held = worker.heldUntilMillis(lane.name);
        if (held > now) {
            return new Found(lane, List.of(), held);
        }
        int limit = Math.max(worker.slots(lane.name), lane.running.size() + 1);
        // Those under way are still in the queue.
        List<QueuedItem> due = tx.due(queue, lane.name, now, limit);
        boolean more = due.size() == limit;
        List<QueuedItem> fresh = due.stream()
                .filter(item -> !lane.running.contains(item.id()))
                .limit(Math.max(0, worker.slots(lane.name) - lane.running.size()))
                .toList();
        // With all slots taken, the lane is looked at again when one of them becomes free.
        boolean full = lane.running.size() + fresh.size() >= worker.slots(lane.name);
        long next = full ? Lanes.NEVER : more ? now : tx.nextDue(queue, lane.name, now);
        return new Found(lane, fresh, next);
    }

    private int begin(List<Found> found, long now) {
        List<QueuedItem> begun = new ArrayList<>();
        synchronized (this) {
            for (Found one : found) {
                int room = Math.max(0, atOnce - running);
                List<QueuedItem> items =
                        one.items().subList(0, Math.min(room, one.items().size()));
                running += items.size();
                long next = items.size() < one.items().size() ? now : one.nextDueMillis();
                int priority = one.items().isEmpty() ? 0 : one.items().get(0).priority();
                lanes.looked(
                        one.lane(),
                        next,
                        priority,
                        items.stream().map(QueuedItem::id).toList());
                begun.addAll(items);
            }
        }
        begun.forEach(worker::start);
        return begun.size();
    }

    /** The store failed: what was to be settled is settled in a later turn, and the lanes are looked at again. */
    private synchronized void takeBack(List<Ended> settled, List<Lanes.Lane> taken, long now) {
        running += settled.size();
        ended.addAll(settled);
        taken.forEach(lane -> lanes.looked(lane, now, 0, List.of()));
    }
}

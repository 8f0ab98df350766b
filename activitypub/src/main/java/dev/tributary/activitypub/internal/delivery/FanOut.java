// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.delivery;

import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.Limits;
import dev.tributary.activitypub.internal.queue.WorkQueue;
import dev.tributary.activitypub.spi.QueuedItem;
import dev.tributary.activitypub.spi.Store;
import dev.tributary.activitypub.spi.Store.Entry;
import dev.tributary.activitypub.spi.Store.Transaction;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns "to all followers" into deliveries: at once when they are few, page by page in the background when they are many,
 * so that whoever sends waits for neither. How far it got is stored with each page. One activity about an object at a
 * time, in order. Thread-safe.
 */
final class FanOut implements WorkQueue.Worker {
    private static final Logger LOG = LoggerFactory.getLogger(FanOut.class);
    private static final String QUEUE = "fanout";
    private static final String PROGRESS = "fanout";

    /** Up to so many inboxes are written with the activity itself. */
    static final int DIRECT = 100;

    static final int PAGE = 500;

    /** While there is no room for deliveries, the fan-out waits this long. */
    private static final long WAIT_MILLIS = 5_000;

    private final Store store;
    private final Deliveries deliveries;
    private final Limits limits;
    private final InstantSource clock;
    private final Executor executor;
    private final Runnable wake;
    private final WorkQueue work;

    FanOut(Store store, Deliveries deliveries, Limits limits, InstantSource clock, Executor executor, Runnable wake) {
        this.store = store;
        this.deliveries = deliveries;
        this.limits = limits;
        this.clock = clock;
        this.executor = executor;
        this.wake = wake;
        this.work = new WorkQueue(QUEUE, store, clock, 2, this);
    }

    int runDue() {
        return work.runDue();
    }

    int waiting() {
        return store.transact(tx -> tx.length(QUEUE));
    }

    /** Writes the deliveries of an activity, or a note to do so. */
    void enqueue(Transaction transaction, Outgoing outgoing) {
        String id = outgoing.activity().id().orElseThrow();
        String lane = outgoing.subject().isEmpty() ? id : outgoing.subject();
        if (!outgoing.supersedes().isEmpty()) {
            deliveries.supersede(transaction, outgoing.supersedes());
            transaction.supersede(QUEUE, outgoing.supersedes());
        }
        int followers = outgoing.followersOf().stream()
                .mapToInt(actor -> transaction.count(Audience.of(actor)))
                .sum();
        boolean behind = transaction.nextDue(QUEUE, lane, 0) != Long.MAX_VALUE;
        if (!behind && followers + outgoing.inboxes().size() <= DIRECT) {
            deliveries.add(transaction, outgoing, everybody(transaction, outgoing));
            return;
        }
        if (outgoing.inboxes().size() > DIRECT) {
            // Whoever names that many pays for it: a note that held them all would be parsed anew for each page.
            deliveries.add(transaction, outgoing, outgoing.inboxes());
            if (followers > 0) {
                enqueue(transaction, outgoing.withoutInboxes());
            }
            return;
        }
        long now = clock.millis();
        transaction.enqueue(new QueuedItem(
                QUEUE,
                id,
                lane,
                lane,
                outgoing.supersedes(),
                outgoing.urgency().ordinal(),
                0,
                now,
                now + outgoing.lifetime().toMillis(),
                head(outgoing).json(),
                outgoing.activity().json()));
        work.offer(lane, now, outgoing.urgency().ordinal());
    }

    private Set<String> everybody(Transaction transaction, Outgoing outgoing) {
        Set<String> inboxes = new LinkedHashSet<>(outgoing.inboxes());
        outgoing.followersOf()
                .forEach(actor ->
                        transaction.list(Audience.of(actor), "", DIRECT).forEach(entry -> inboxes.add(entry.key())));
        return inboxes;
    }

    private static ApObject head(Outgoing outgoing) {
        return ApObject.of(Map.of())
                .with("sender", outgoing.senderId())
                .with("inboxes", List.copyOf(outgoing.inboxes()))
                .with("followersOf", outgoing.followersOf())
                .with("subject", outgoing.subject());
    }

    @Override
    public void start(QueuedItem item) {
        executor.execute(() -> page(item));
    }

    private void page(QueuedItem item) {
        boolean done = true;
        try {
            done = store.transact(tx -> page(tx, item));
        } catch (RuntimeException e) {
            LOG.error("A page of a fan-out failed", e);
            work.ended(item, tx -> tx.reschedule(QUEUE, item.id(), item.attempt(), clock.millis() + WAIT_MILLIS));
            return;
        }
        wake.run();
        if (done) {
            work.release(item);
        } else {
            executor.execute(() -> page(item));
        }
    }

    /** One page; true when there is nothing more to do now. */
    private boolean page(Transaction tx, QueuedItem item) {
        if (!tx.isQueued(QUEUE, item.id())) {
            // A newer state took its place.
            return true;
        }
        int room = limits.queuedDeliveries() - deliveries.length(tx);
        if (room < PAGE) {
            if (item.priority() == Urgency.ORDINARY.ordinal()) {
                LOG.warn("The delivery queue is full: dropped the rest of the fan-out of {}", item.id());
                return over(tx, item);
            }
            tx.reschedule(QUEUE, item.id(), item.attempt(), clock.millis() + WAIT_MILLIS);
            return true;
        }
        ApObject head = ApObject.parse(item.head());
        List<String> actors = head.strings("followersOf");
        Cursor cursor = Cursor.read(tx.get(PROGRESS, item.lane()), item.id());
        Outgoing outgoing = outgoing(item, head);
        if (cursor.actor() < 0) {
            deliveries.add(tx, outgoing, new LinkedHashSet<>(outgoing.inboxes()));
            return advance(
                    tx,
                    item,
                    new Cursor(0, "", cursor.sent() + outgoing.inboxes().size()),
                    actors);
        }
        List<Entry> entries = tx.list(Audience.of(actors.get(cursor.actor())), cursor.after(), PAGE);
        Set<String> inboxes = new LinkedHashSet<>();
        for (Entry entry : entries) {
            if (!isServed(tx, outgoing, actors.subList(0, cursor.actor()), entry.key())) {
                inboxes.add(entry.key());
            }
        }
        deliveries.add(tx, outgoing, inboxes);
        boolean more = entries.size() == PAGE;
        Cursor next = more
                ? new Cursor(cursor.actor(), entries.get(PAGE - 1).key(), cursor.sent() + inboxes.size())
                : new Cursor(cursor.actor() + 1, "", cursor.sent() + inboxes.size());
        return advance(tx, item, next, actors);
    }

    private static boolean isServed(Transaction tx, Outgoing outgoing, List<String> actorsBefore, String inbox) {
        return outgoing.inboxes().contains(inbox)
                || actorsBefore.stream().anyMatch(actor -> tx.get(Audience.of(actor), inbox) != null);
    }

    private boolean advance(Transaction tx, QueuedItem item, Cursor next, List<String> actors) {
        if (next.actor() >= actors.size() || next.sent() >= limits.recipients()) {
            return over(tx, item);
        }
        tx.put(PROGRESS, item.lane(), next.write(item.id()));
        return false;
    }

    private static boolean over(Transaction tx, QueuedItem item) {
        tx.dequeue(QUEUE, item.id());
        tx.remove(PROGRESS, item.lane());
        return true;
    }

    private static Outgoing outgoing(QueuedItem item, ApObject head) {
        return new Outgoing(
                head.string("sender").orElseThrow(),
                ApObject.parse(item.body()),
                new LinkedHashSet<>(head.strings("inboxes")),
                List.of(),
                Urgency.values()[item.priority()],
                head.string("subject").orElse(""),
                item.supersedes(),
                Duration.ofMillis(Math.max(1, item.expiresAtMillis() - item.dueAtMillis())));
    }

    /**
     * How far a fan-out got.
     *
     * @param actor whose followers are next; -1 before those who are named
     * @param after the last inbox of that actor that was written
     * @param sent how many were written
     */
    private record Cursor(int actor, String after, int sent) {
        static Cursor read(@org.jspecify.annotations.Nullable String stored, String itemId) {
            ApObject known = stored == null ? ApObject.of(Map.of()) : ApObject.parse(stored);
            return known.string("item").orElse("").equals(itemId)
                    ? new Cursor(
                            (int) known.integer("actor").orElse(-1),
                            known.string("after").orElse(""),
                            (int) known.integer("sent").orElse(0))
                    : new Cursor(-1, "", 0);
        }

        String write(String itemId) {
            return ApObject.of(Map.of())
                    .with("item", itemId)
                    .with("actor", (long) actor)
                    .with("after", after)
                    .with("sent", (long) sent)
                    .json();
        }
    }
}

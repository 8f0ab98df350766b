// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.delivery;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.Limits;
import dev.tributary.activitypub.internal.actor.Identities;
import dev.tributary.activitypub.internal.actor.Identity;
import dev.tributary.activitypub.internal.fetch.DocumentLoader;
import dev.tributary.activitypub.internal.fetch.RemoteUrl;
import dev.tributary.activitypub.internal.queue.WorkQueue;
import dev.tributary.activitypub.spi.QueuedItem;
import dev.tributary.activitypub.spi.Store;
import dev.tributary.activitypub.spi.Store.Transaction;
import dev.tributary.core.http.HttpResponse;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties the queue of deliveries. A few requests at a time per origin, in order per object; an origin that fails does not
 * hold up others. What is in the queue stays there until it was delivered or given up, so a crash costs at worst a
 * second delivery, which receivers drop by its id. Thread-safe.
 */
public final class Deliveries {
    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
    private static final String QUEUE = "delivery";
    private static final int STATUS_TOO_MANY = 429;

    /** Retry-After is obeyed within these bounds. */
    private static final long RETRY_AFTER_MILLIS_MAX = 6 * 60 * 60 * 1000L;

    /** Told of each attempt that ended. */
    public interface Observer {
        /**
         * An attempt ended.
         *
         * @param status the status of the answer; 0 when there was none
         * @param over true if there will be no other attempt
         */
        void attempted(QueuedItem item, String inbox, int status, boolean over);
    }

    private final Store store;
    private final Identities identities;
    private final Knock knock;
    private final RemoteUrl urls;
    private final Limits limits;
    private final InstantSource clock;
    private final Executor executor;
    private final RetrySchedule schedule;
    private final Origins origins = new Origins();
    private final WorkQueue work;
    private final FanOut fanOut;
    private final Runnable wake;
    private volatile Observer observer = (item, inbox, status, over) -> {};

    /** Deliveries of a store; {@code wake} asks for a call of {@link #runDue} soon. */
    public Deliveries(
            Store store,
            Identities identities,
            DocumentLoader client,
            RemoteUrl urls,
            Limits limits,
            InstantSource clock,
            Executor executor,
            RandomGenerator random,
            Runnable wake) {
        this.store = store;
        this.identities = identities;
        this.knock = new Knock(client, origins);
        this.urls = urls;
        this.limits = limits;
        this.clock = clock;
        this.executor = executor;
        this.schedule = new RetrySchedule(random);
        this.wake = wake;
        this.work = new WorkQueue(QUEUE, store, clock, limits.deliveriesAtOnce(), new Sending());
        this.fanOut = new FanOut(store, this, limits, clock, executor, wake);
    }

    private final class Sending implements WorkQueue.Worker {
        @Override
        public void start(QueuedItem item) {
            executor.execute(() -> attempt(item));
        }

        @Override
        public int slots(String lane) {
            return origins.isSuspect(lane) ? 1 : limits.deliveriesPerOrigin();
        }

        @Override
        public long heldUntilMillis(String lane) {
            return origins.pausedUntilMillis(lane);
        }
    }

    /** Tells somebody of each attempt, in place of who was told before. */
    public void observe(Observer value) {
        observer = value;
    }

    /** Puts an activity into the queue, as part of the transaction that it belongs to; then call {@code wake}. */
    public void enqueue(Transaction transaction, Outgoing outgoing) {
        fanOut.enqueue(transaction, outgoing);
    }

    /** Writes one delivery for each inbox. */
    void add(Transaction transaction, Outgoing outgoing, Set<String> inboxes) {
        String id = outgoing.activity().id().orElseThrow();
        int room = limits.queuedDeliveries() - transaction.length(QUEUE);
        if (outgoing.urgency() == Urgency.ORDINARY && room < inboxes.size()) {
            LOG.warn("The delivery queue is full: dropped {} to {} inboxes", id, inboxes.size());
            return;
        }
        long now = clock.millis();
        String body = outgoing.activity().json();
        List<QueuedItem> items = new ArrayList<>();
        for (String inbox : inboxes) {
            if (!urls.isAcceptable(inbox) || urls.isBlocked(URI.create(inbox)) || items.size() == limits.recipients()) {
                continue;
            }
            String lane = urls.origin(inbox);
            String head = ApObject.of(Map.of("inbox", inbox, "sender", outgoing.senderId()))
                    .json();
            items.add(new QueuedItem(
                    QUEUE,
                    id + " " + inbox,
                    lane,
                    outgoing.subject(),
                    outgoing.supersedes(),
                    outgoing.urgency().ordinal(),
                    0,
                    now,
                    now + outgoing.lifetime().toMillis(),
                    head,
                    body));
            work.offer(lane, now, outgoing.urgency().ordinal());
        }
        transaction.enqueueAll(items);
    }

    void supersede(Transaction transaction, String key) {
        transaction.supersede(QUEUE, key);
    }

    int length(Transaction transaction) {
        return transaction.length(QUEUE);
    }

    /** Starts every delivery that is due and may start now. Returns how much it did. */
    public int runDue() {
        return fanOut.runDue() + work.runDue();
    }

    /** How many deliveries wait; an activity that is still to be fanned out counts as one. */
    public int waiting() {
        return store.transact(tx -> tx.length(QUEUE)) + fanOut.waiting();
    }

    /** How many requests are under way. */
    public int underWay() {
        return work.running();
    }

    /** The origins that failed lately, in words. */
    public Map<String, String> troubledOrigins() {
        return origins.troubled();
    }

    private void attempt(QueuedItem item) {
        ApObject head = ApObject.parse(item.head());
        String inbox = head.string("inbox").orElseThrow();
        Optional<Identity> sender = identities.find(head.string("sender").orElse(""));
        CompletionStage<HttpResponse> answer;
        try {
            boolean useless =
                    sender.isEmpty() || clock.millis() >= item.expiresAtMillis() || urls.isBlocked(URI.create(inbox));
            answer = useless
                    ? CompletableFuture.completedFuture(HttpResponse.of(410))
                    : knock.post(item, URI.create(inbox), sender.get());
        } catch (RuntimeException e) {
            // Whatever it is, it must not keep the lane busy for ever.
            answer = CompletableFuture.failedFuture(e);
        }
        answer.whenComplete((response, failure) -> finished(item, inbox, response, failure));
    }

    private void finished(QueuedItem item, String inbox, @Nullable HttpResponse response, @Nullable Throwable failure) {
        int status = response == null ? 0 : response.status();
        long now = clock.millis();
        int attempt = item.attempt() + 1;
        boolean refused = status >= 400 && status < 500 && status != 408 && status != 425 && status != STATUS_TOO_MANY;
        boolean gone = status == 404 || status == 410;
        int attempts = refused ? RetrySchedule.REFUSED_ATTEMPTS : RetrySchedule.attempts();
        boolean over = isSuccess(status) || gone || attempt >= attempts;
        if (status == 0 || status >= 500) {
            origins.failed(item.lane(), now);
        } else {
            origins.answered(item.lane());
        }
        long dueAt = now + pauseMillis(attempt, response);
        work.ended(item, tx -> {
            if (over) {
                tx.dequeue(QUEUE, item.id());
            } else {
                tx.reschedule(QUEUE, item.id(), attempt, dueAt);
            }
        });
        if (!isSuccess(status)) {
            LOG.debug("Delivery to {} failed, attempt {}: {}", inbox, attempt, describe(status, failure));
        }
        observer.attempted(item, inbox, status, over);
        wake.run();
    }

    private long pauseMillis(int attempt, @Nullable HttpResponse response) {
        long pause = schedule.pauseMillis(attempt);
        if (response == null) {
            return pause;
        }
        String retryAfter = response.headers().first("Retry-After").orElse("");
        boolean number = !retryAfter.isEmpty()
                && retryAfter.length() < 9
                && retryAfter.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Math.min(Math.max(pause, Long.parseLong(retryAfter) * 1000), RETRY_AFTER_MILLIS_MAX) : pause;
    }

    static boolean isSuccess(int status) {
        return status >= 200 && status < 300;
    }

    private static String describe(int status, @Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof ActivityPubException known ? String.valueOf(known.getMessage()) : "status " + status;
    }
}

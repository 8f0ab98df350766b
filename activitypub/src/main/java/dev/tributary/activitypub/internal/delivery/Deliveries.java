// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.delivery;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.Limits;
import dev.tributary.activitypub.SignatureScheme;
import dev.tributary.activitypub.internal.actor.Identities;
import dev.tributary.activitypub.internal.actor.Identity;
import dev.tributary.activitypub.internal.fetch.DocumentLoader;
import dev.tributary.activitypub.internal.fetch.RemoteUrl;
import dev.tributary.activitypub.spi.QueuedItem;
import dev.tributary.activitypub.spi.Store;
import dev.tributary.core.http.HttpHeaders;
import dev.tributary.core.http.HttpResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
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
 * Empties the queue of deliveries. Per origin one request at a time, in order per object; an origin that fails does not
 * hold up others. What is in the queue stays there until it was delivered or given up, so a crash costs at worst a
 * second delivery, which receivers drop by its id. Thread-safe.
 */
public final class Deliveries {
    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
    private static final String QUEUE = "delivery";
    private static final int STATUS_TOO_MANY = 429;

    /** Retry-After is obeyed within these bounds. */
    private static final long RETRY_AFTER_MILLIS_MAX = 6 * 60 * 60 * 1000L;

    private final Store store;
    private final Identities identities;
    private final DocumentLoader client;
    private final RemoteUrl urls;
    private final Limits limits;
    private final InstantSource clock;
    private final Executor executor;
    private final RetrySchedule schedule;
    private final Origins origins = new Origins();
    private final Set<String> busy = new HashSet<>();
    private final Runnable wake;

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
        this.client = client;
        this.urls = urls;
        this.limits = limits;
        this.clock = clock;
        this.executor = executor;
        this.schedule = new RetrySchedule(random);
        this.wake = wake;
    }

    /** Puts an activity into the queue, as part of the transaction that it belongs to; then call {@code wake}. */
    public void enqueue(Store.Transaction transaction, Outgoing outgoing) {
        String id = outgoing.activity().id().orElseThrow();
        String body = outgoing.activity().json();
        long now = clock.millis();
        int room = limits.queuedDeliveries() - transaction.length(QUEUE);
        if (outgoing.urgency() == Urgency.ORDINARY && room < outgoing.inboxes().size()) {
            LOG.warn(
                    "The delivery queue is full: dropped {} to {} inboxes",
                    id,
                    outgoing.inboxes().size());
            return;
        }
        outgoing.inboxes().stream()
                .filter(urls::isAcceptable)
                .limit(limits.recipients())
                .forEach(inbox -> {
                    String lane = urls.origin(inbox);
                    String supersedes = outgoing.supersedes().isEmpty() ? "" : outgoing.supersedes() + " " + inbox;
                    if (!supersedes.isEmpty()) {
                        transaction.supersede(QUEUE, lane, supersedes);
                    }
                    transaction.enqueue(new QueuedItem(
                            QUEUE,
                            id + " " + inbox,
                            lane,
                            outgoing.subject(),
                            supersedes,
                            outgoing.urgency().ordinal(),
                            0,
                            now,
                            now + outgoing.lifetime().toMillis(),
                            ApObject.of(java.util.Map.of("inbox", inbox, "sender", outgoing.senderId()))
                                    .json(),
                            body));
                });
    }

    /** Starts every delivery that is due and may start now. Returns how many it started. */
    public int runDue() {
        List<QueuedItem> due;
        synchronized (busy) {
            long now = clock.millis();
            Set<String> held = origins.paused(now);
            held.addAll(busy);
            int room = limits.deliveriesAtOnce() - busy.size();
            due = room <= 0 ? List.of() : store.transact(tx -> tx.due(QUEUE, now, held, room));
            due.forEach(item -> busy.add(item.lane()));
        }
        due.forEach(this::attempt);
        return due.size();
    }

    /** How many deliveries wait. */
    public int waiting() {
        return store.transact(tx -> tx.length(QUEUE));
    }

    private void attempt(QueuedItem item) {
        ApObject head = ApObject.parse(item.head());
        String inbox = head.string("inbox").orElseThrow();
        Optional<Identity> sender = identities.find(head.string("sender").orElse(""));
        CompletionStage<HttpResponse> answer;
        try {
            answer = sender.isEmpty() || clock.millis() >= item.expiresAtMillis()
                    ? CompletableFuture.completedFuture(HttpResponse.of(410))
                    : knock(item, URI.create(inbox), sender.get());
        } catch (RuntimeException e) {
            // Whatever it is, it must not keep the lane busy for ever.
            answer = CompletableFuture.failedFuture(e);
        }
        answer.whenCompleteAsync((response, failure) -> finished(item, inbox, response, failure), executor);
    }

    /** Sends with the signature the origin is known to understand; if it refuses, once more with the other one. */
    private CompletionStage<HttpResponse> knock(QueuedItem item, URI inbox, Identity sender) {
        SignatureScheme first;
        synchronized (busy) {
            first = origins.scheme(item.lane());
        }
        SignatureScheme second = first == SignatureScheme.CAVAGE ? SignatureScheme.RFC9421 : SignatureScheme.CAVAGE;
        return post(item, inbox, sender, first).thenCompose(response -> {
            if (response.status() != 401 && response.status() != 403 && response.status() != 400) {
                return CompletableFuture.completedFuture(response);
            }
            return post(item, inbox, sender, second).thenApply(again -> {
                if (isSuccess(again.status())) {
                    synchronized (busy) {
                        origins.understands(item.lane(), second);
                    }
                    return again;
                }
                return response;
            });
        });
    }

    private CompletionStage<HttpResponse> post(QueuedItem item, URI inbox, Identity sender, SignatureScheme scheme) {
        byte[] body = item.body().getBytes(StandardCharsets.UTF_8);
        HttpHeaders headers = sender.signer()
                .withScheme(scheme)
                .sign("POST", inbox, HttpHeaders.of("Content-Type", "application/activity+json"), body);
        return client.send("POST", inbox, headers, body);
    }

    private void finished(QueuedItem item, String inbox, @Nullable HttpResponse response, @Nullable Throwable failure) {
        int status = response == null ? 0 : response.status();
        long now = clock.millis();
        int attempt = item.attempt() + 1;
        boolean refused = status >= 400 && status < 500 && status != 408 && status != 425 && status != STATUS_TOO_MANY;
        boolean gone = status == 404 || status == 410;
        int attempts = refused ? RetrySchedule.REFUSED_ATTEMPTS : RetrySchedule.attempts();
        try {
            store.transact(tx -> {
                if (isSuccess(status) || gone || attempt >= attempts) {
                    tx.dequeue(QUEUE, item.id());
                } else {
                    tx.reschedule(QUEUE, item.id(), attempt, now + pauseMillis(attempt, response));
                }
                return true;
            });
        } finally {
            // Only now may another attempt see this lane: before, the item would still look due.
            synchronized (busy) {
                busy.remove(item.lane());
                if (status == 0 || status >= 500) {
                    origins.failed(item.lane(), now);
                } else {
                    origins.answered(item.lane());
                }
            }
        }
        if (!isSuccess(status)) {
            LOG.debug("Delivery to {} failed, attempt {}: {}", inbox, attempt, describe(status, failure));
        }
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

    private static boolean isSuccess(int status) {
        return status >= 200 && status < 300;
    }

    private static String describe(int status, @Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof ActivityPubException known ? String.valueOf(known.getMessage()) : "status " + status;
    }
}

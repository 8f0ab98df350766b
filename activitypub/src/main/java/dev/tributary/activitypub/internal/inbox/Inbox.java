// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.inbox;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ActivityPubException.Reason;
import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.SignatureScheme;
import dev.tributary.activitypub.VerifiedActor;
import dev.tributary.activitypub.internal.federation.Federation;
import dev.tributary.activitypub.internal.queue.WorkQueue;
import dev.tributary.activitypub.internal.signature.Digests;
import dev.tributary.activitypub.spi.QueuedItem;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queue of received activities. Per actor one at a time, in the order in which they came. Each has its effect once:
 * its id is remembered when it is stored, which is after it was authenticated, and taking it out of the queue is part of
 * the transaction of its effects. Thread-safe.
 */
public final class Inbox {
    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
    private static final String QUEUE = "inbox";

    /** An activity that cannot be worked off so often is given up. */
    private static final int ATTEMPTS = 6;

    private static final long RETRY_MILLIS = 30_000;
    private static final long FORGET_EVERY_MILLIS = 60_000;
    private static final int FORGET_AT_ONCE = 10_000;

    /** Longer keys are shortened, so that an index holds them. */
    private static final int KEY_LENGTH = 500;

    /** What happened to an activity that was handed in. */
    public enum Outcome {
        /** It is stored and will be worked off. */
        STORED,
        /** It was here before. */
        KNOWN,
        /** Too many wait already. */
        FULL
    }

    private final Federation federation;
    private final Map<String, InboxRule> rules = new HashMap<>();
    private final Intake<Outcome> intake;
    private final WorkQueue work;
    private long forgottenAtMillis;

    /** An inbox without rules yet. */
    public Inbox(Federation federation) {
        this.federation = federation;
        this.intake = new Intake<>(federation.store(), federation.executor());
        this.work = new WorkQueue(
                QUEUE,
                federation.store(),
                federation.clock(),
                federation.limits().activitiesAtOnce(),
                item -> federation.executor().execute(() -> work(item)));
    }

    /** Says what activities of some types do. Before the first one comes. */
    public Inbox rule(InboxRule rule, String... types) {
        for (String type : types) {
            rules.put(type, rule);
        }
        return this;
    }

    /** Stores an authenticated activity; completes when it is committed. */
    public CompletionStage<Outcome> accept(Received received) {
        String id = received.activity().id().orElseThrow();
        String key = shortened(received.actor().authority() + " " + id);
        String lane = shortened(received.actorId());
        long now = federation.clock().millis();
        String head = ApObject.of(Map.of())
                .with("actor", received.actorId())
                .with("key", received.actor().keyId())
                .with("scheme", received.actor().scheme().name())
                .with("recipient", received.recipientId())
                .json();
        String body = received.activity().json();
        long until = now + federation.limits().seenFor().toMillis();
        return intake.put(tx -> {
                    if (tx.length(QUEUE) >= federation.limits().queuedActivities()) {
                        return Outcome.FULL;
                    }
                    if (!tx.remember(key, until)) {
                        return Outcome.KNOWN;
                    }
                    tx.enqueue(new QueuedItem(QUEUE, key, lane, lane, "", 0, 0, now, Long.MAX_VALUE, head, body));
                    work.offer(lane, now, 0);
                    return Outcome.STORED;
                })
                .thenApply(outcome -> {
                    if (outcome == Outcome.STORED) {
                        federation.wake().run();
                    }
                    return outcome;
                });
    }

    private static String shortened(String key) {
        return key.length() <= KEY_LENGTH
                ? key
                : key.substring(0, KEY_LENGTH - 70) + " "
                        + HexFormat.of().formatHex(Digests.sha256(key.getBytes(StandardCharsets.UTF_8)));
    }

    /** How many activities wait to be worked off. */
    public int waiting() {
        return federation.store().transact(tx -> tx.length(QUEUE));
    }

    /** Starts every activity that is due and may start now. Returns how many it started. */
    public int runDue() {
        long now = federation.clock().millis();
        if (now - forgottenAtMillis >= FORGET_EVERY_MILLIS) {
            forgottenAtMillis = now;
            int keep = federation.limits().seenActivities();
            int forgotten = federation.store().transact(tx -> tx.forget(now, keep, FORGET_AT_ONCE));
            LOG.trace("Forgot {} activities", forgotten);
        }
        return work.runDue();
    }

    private void work(QueuedItem item) {
        ApObject head = ApObject.parse(item.head());
        VerifiedActor actor = new VerifiedActor(
                head.string("actor").orElseThrow(),
                head.string("key").orElseThrow(),
                SignatureScheme.valueOf(head.string("scheme").orElseThrow()));
        Received received = new Received(
                ApObject.parse(item.body()), actor, head.string("recipient").orElse(""));
        CompletionStage<Effect> prepared;
        try {
            InboxRule rule = rules.getOrDefault(received.activity().type(), ignored -> InboxRule.now(Effect.NONE));
            prepared = rule.prepare(received);
        } catch (RuntimeException e) {
            prepared = CompletableFuture.failedFuture(e);
        }
        // What is there at once needs no other thread.
        if (prepared.toCompletableFuture().isDone()) {
            prepared.whenComplete((effect, failure) -> finished(item, received, effect, failure));
        } else {
            prepared.whenCompleteAsync(
                    (effect, failure) -> finished(item, received, effect, failure), federation.executor());
        }
    }

    private void finished(QueuedItem item, Received received, @Nullable Effect effect, @Nullable Throwable failure) {
        List<Runnable> after = List.of();
        try {
            if (effect != null) {
                after = federation.store().transact(tx -> tx.dequeue(QUEUE, item.id()) ? effect.apply(tx) : List.of());
            } else {
                giveUpOrRetry(item, received, failure);
            }
        } catch (RuntimeException e) {
            giveUpOrRetry(item, received, e);
        } finally {
            work.release(item);
        }
        after.forEach(Runnable::run);
        if (effect != null) {
            federation.events().tell(listener -> listener.received(received.activity(), received.actor()));
        }
        federation.wake().run();
    }

    private void giveUpOrRetry(QueuedItem item, Received received, @Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        boolean refused = cause instanceof ActivityPubException known && known.reason() != Reason.UNREACHABLE;
        int attempt = item.attempt() + 1;
        boolean last = refused || attempt >= ATTEMPTS;
        if (cause instanceof ActivityPubException known) {
            LOG.debug(
                    "Activity {} of {} {}: {}",
                    received.activity().type(),
                    received.actor().authority(),
                    last ? "dropped" : "postponed",
                    known.getMessage());
        } else {
            LOG.warn("Working off an activity failed, attempt {}", attempt, cause);
        }
        federation.store().transact(tx -> {
            if (last) {
                tx.dequeue(QUEUE, item.id());
            } else {
                tx.reschedule(QUEUE, item.id(), attempt, federation.clock().millis() + attempt * RETRY_MILLIS);
            }
            return true;
        });
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.federation;

import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.Limits;
import dev.tributary.activitypub.internal.actor.Identities;
import dev.tributary.activitypub.internal.actor.Identity;
import dev.tributary.activitypub.internal.actor.Urls;
import dev.tributary.activitypub.internal.delivery.Deliveries;
import dev.tributary.activitypub.internal.delivery.Outgoing;
import dev.tributary.activitypub.internal.fetch.DocumentLoader;
import dev.tributary.activitypub.internal.fetch.RemoteActors;
import dev.tributary.activitypub.internal.fetch.RemoteUrl;
import dev.tributary.activitypub.spi.Store;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * What a running instance consists of.
 *
 * @param store what must not be lost
 * @param urls our URLs
 * @param remoteUrls which URLs of others are acceptable
 * @param identities our actors
 * @param instance the instance actor
 * @param loader fetches documents
 * @param actors actors of others
 * @param deliveries what is on its way out
 * @param events the listeners
 * @param clock the wall clock
 * @param limits the bounds
 * @param executor where work is done that may block on the store
 * @param wake asks for the queues to be looked at soon
 */
public record Federation(
        Store store,
        Urls urls,
        RemoteUrl remoteUrls,
        Identities identities,
        Identity instance,
        DocumentLoader loader,
        RemoteActors actors,
        Deliveries deliveries,
        Events events,
        InstantSource clock,
        Limits limits,
        Executor executor,
        Runnable wake) {
    private static final List<Object> CONTEXT = List.of(ApObject.CONTEXT, "https://w3id.org/security/v1");

    /** A new activity of one of our actors, with an id that was never used. */
    public ApObject activity(String type, String actorId) {
        return ApObject.of(Map.of("@context", CONTEXT))
                .with("id", urls.activity())
                .with("type", type)
                .with("actor", actorId);
    }

    /** An activity with what it lacks: context, id and actor. */
    public ApObject completed(ApObject activity, String actorId) {
        ApObject fresh = activity("", actorId);
        String id = activity.id().orElse(fresh.id().orElseThrow());
        if (!urls.isOurs(id) || !activity.reference("actor").orElse(actorId).equals(actorId)) {
            throw new IllegalArgumentException("An activity of " + actorId + " has an id under " + urls.base()
                    + " and no other actor, got " + id + " of "
                    + activity.reference("actor").orElse(actorId));
        }
        ApObject whole = activity.strings("@context").contains(ApObject.CONTEXT)
                ? activity
                : ApObject.of(Map.of("@context", CONTEXT)).and(activity);
        return whole.with("id", id).with("actor", actorId);
    }

    /** Queues an activity in a transaction of its own, and sends it soon. */
    public void send(Outgoing outgoing) {
        store.transact(tx -> {
            deliveries.enqueue(tx, outgoing);
            return true;
        });
        wake.run();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.server;

import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.internal.federation.Federation;
import dev.tributary.activitypub.internal.follow.Follows;
import dev.tributary.activitypub.internal.live.Outbox;
import dev.tributary.activitypub.spi.Store.Entry;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Collections of an actor. Pages follow a cursor, so the last page costs what the first does. */
final class Collections {
    private static final int PAGE = 20;

    private final Federation federation;

    Collections(Federation federation) {
        this.federation = federation;
    }

    /** How many; who they are is nobody's business. PeerTube and Mastodon read no more than the number. */
    ApObject followers(String actorId) {
        return counted(actorId + "/followers", Follows.followers(actorId));
    }

    ApObject following(String actorId) {
        return counted(actorId + "/following", Follows.following(actorId));
    }

    private ApObject counted(String id, String collection) {
        long total = federation.store().transact(tx -> tx.count(collection));
        return collection(id).with("totalItems", total);
    }

    ApObject outbox(String actorId, String query) {
        String id = actorId + "/outbox";
        String collection = Outbox.of(actorId);
        if (!query.startsWith("page")) {
            long total = federation.store().transact(tx -> tx.count(collection));
            return collection(id).with("totalItems", total).with("first", id + "?page=");
        }
        List<Entry> entries =
                federation.store().transact(tx -> tx.list(collection, Discovery.parameter(query, "page"), PAGE));
        Map<String, Object> items = Map.of(
                "orderedItems",
                entries.stream().map(entry -> ApObject.parse(entry.document())).toList());
        ApObject page = ApObject.of(items)
                .with("@context", ApObject.CONTEXT)
                .with("id", id + "?" + query)
                .with("type", "OrderedCollectionPage")
                .with("partOf", id);
        return entries.size() < PAGE
                ? page
                : page.with(
                        "next",
                        id + "?page="
                                + URLEncoder.encode(
                                        entries.get(entries.size() - 1).key(), StandardCharsets.UTF_8));
    }

    ApObject guests(String id, List<String> guests) {
        return ApObject.of(Map.of("orderedItems", guests))
                .with("@context", ApObject.CONTEXT)
                .with("id", id)
                .with("type", "OrderedCollection")
                .with("totalItems", (long) guests.size());
    }

    private static ApObject collection(String id) {
        return ApObject.of(Map.of("@context", ApObject.CONTEXT)).with("id", id).with("type", "OrderedCollection");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.actor;

import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.LocalActor;
import dev.tributary.activitypub.LocalActor.Kind;
import java.util.List;
import java.util.Map;

/** The document that describes one of our actors, in the shape that PeerTube, Mastodon, Owncast and Lemmy accept. */
public final class ActorDocument {
    /** What an actor's {@code implements} names when it can be invited to a stage (FEP-844e). */
    public static final String GUEST_CAPABILITY = "https://w3id.org/tributary/ns#guest";

    private static final List<Object> CONTEXT = List.of(
            ApObject.CONTEXT,
            "https://w3id.org/security/v1",
            Map.of(
                    "manuallyApprovesFollowers", "as:manuallyApprovesFollowers",
                    "toot", "http://joinmastodon.org/ns#",
                    "discoverable", "toot:discoverable",
                    "webfinger", "https://purl.archive.org/socialweb/webfinger#webfinger",
                    "implements", "https://w3id.org/fep/844e#implements"));

    private ActorDocument() {}

    /** The document. */
    public static ApObject of(Identity identity, Urls urls) {
        LocalActor actor = identity.actor();
        List<Object> capabilities = List.of(Map.of("type", "Link", "href", GUEST_CAPABILITY, "name", "Stage guest"));
        ApObject document = ApObject.of(Map.of("@context", CONTEXT))
                .with("id", actor.id())
                .with("type", actor.kind().type())
                .with("preferredUsername", actor.username())
                .with("webfinger", actor.address())
                .with("name", actor.name())
                .with("inbox", identity.inbox())
                .with("outbox", actor.id() + "/outbox")
                .with("followers", actor.id() + "/followers")
                .with("following", actor.id() + "/following")
                .with("endpoints", Map.of("sharedInbox", urls.sharedInbox()))
                .with("url", actor.id())
                .with("published", identity.published())
                .with("manuallyApprovesFollowers", false)
                .with("discoverable", true)
                .with(
                        "publicKey",
                        ApObject.of(Map.of())
                                .with("id", identity.keyId())
                                .with("owner", actor.id())
                                .with("publicKeyPem", identity.publicKeyPem()));
        if (actor.kind() == Kind.CHANNEL) {
            document = document.with("attributedTo", List.of(Map.of("type", "Person", "id", actor.ownerId())));
        }
        return actor.kind() == Kind.INSTANCE
                ? document.with("implements", capabilities)
                : document.with(
                        "generator",
                        ApObject.ofType("Application")
                                .with("id", urls.actor(Kind.INSTANCE, ""))
                                .with("implements", capabilities));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.actor;

import dev.tributary.activitypub.LocalActor;
import dev.tributary.activitypub.RequestSigner;

/**
 * An actor of ours with what only we know.
 *
 * @param actor who it is
 * @param signer signs as this actor
 * @param publicKeyPem what peers verify with
 * @param published when it was made, ISO 8601
 */
public record Identity(LocalActor actor, RequestSigner signer, String publicKeyPem, String published) {
    /** The id. */
    public String id() {
        return actor.id();
    }

    /** The inbox for what is meant for it alone. */
    public String inbox() {
        return actor.id() + "/inbox";
    }

    /** The id of its key. */
    public String keyId() {
        return actor.id() + "#main-key";
    }
}

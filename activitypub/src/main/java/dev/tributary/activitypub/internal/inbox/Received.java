// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.inbox;

import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.VerifiedActor;

/**
 * An activity whose signature verified, whose actor is the signer, and whose id is of the actor's origin.
 *
 * @param activity the activity
 * @param actor who signed it
 * @param recipientId our actor whose inbox it came to; empty for the shared inbox
 */
public record Received(ApObject activity, VerifiedActor actor, String recipientId) {
    /** The id of the actor. */
    public String actorId() {
        return actor.actorId();
    }

    /** What the activity's object points to; empty when there is none. */
    public String objectId() {
        return activity.reference("object").orElse("");
    }
}

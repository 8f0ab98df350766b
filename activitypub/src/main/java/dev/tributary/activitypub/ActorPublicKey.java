// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import java.security.PublicKey;

/**
 * A public key and the actor that claims it.
 *
 * @param keyId the key's id, as signatures name it
 * @param ownerId the id of the actor that lists the key in its own document
 * @param key the key
 * @since 0.1
 */
public record ActorPublicKey(String keyId, String ownerId, PublicKey key) {}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import java.net.URI;

/**
 * Who signed a request, after the signature was verified and the owner of the key claimed it.
 *
 * @param actorId the id (a URL) of the actor that owns the key
 * @param keyId the key that signed
 * @param scheme how it was signed
 * @since 0.1
 */
public record VerifiedActor(String actorId, String keyId, SignatureScheme scheme) {
    /** Host and, when it is not the default one, port of the actor's instance, for example {@code localhost:8082}. */
    public String authority() {
        return URI.create(actorId).getRawAuthority();
    }
}

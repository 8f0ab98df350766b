// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.signature;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ActivityPubException.Reason;
import dev.tributary.activitypub.Limits;
import dev.tributary.activitypub.SignatureScheme;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.List;

/**
 * What a signature claims, once everything but the key was checked: coverage, date and digest are in order.
 *
 * @param scheme how it is signed
 * @param keyId the key that is said to have signed
 * @param bases the texts that may have been signed; one of them must verify
 * @param signature the signature itself
 */
public record Claim(SignatureScheme scheme, String keyId, List<String> bases, byte[] signature) {
    /** True if the key signed one of the texts. */
    public boolean verifies(PublicKey key) {
        for (String base : bases) {
            try {
                Signature verifier = Signature.getInstance("SHA256withRSA");
                verifier.initVerify(key);
                verifier.update(base.getBytes(StandardCharsets.UTF_8));
                if (verifier.verify(signature)) {
                    return true;
                }
            } catch (GeneralSecurityException e) {
                // A signature of the wrong length, or a key that is not RSA: it does not verify.
                return false;
            }
        }
        return false;
    }

    /** Reads whichever signature a request carries; {@code Signature-Input} selects RFC 9421. */
    public static Claim of(SignableRequest request, Limits limits, Instant now) {
        return request.headers().first("Signature-Input").isPresent()
                ? MessageSignature.read(request, limits, now)
                : CavageSignature.read(request, limits, now);
    }

    static byte[] sign(String base, PrivateKey key) {
        try {
            Signature signer = Signature.getInstance("SHA256withRSA");
            signer.initSign(key);
            signer.update(base.getBytes(StandardCharsets.UTF_8));
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Signing with RSA failed", e);
        }
    }

    static void checkTime(Instant signed, Instant now, Limits limits) {
        if (signed.isBefore(now.minus(limits.signatureAge())) || signed.isAfter(now.plus(limits.signatureAge()))) {
            throw new ActivityPubException(Reason.SIGNATURE_TIME, "Signed too long ago or in the future");
        }
    }

    static String checkKeyId(String keyId, Limits limits) {
        if (keyId.length() > limits.urlLength() || !(keyId.startsWith("https://") || keyId.startsWith("http://"))) {
            throw new ActivityPubException(Reason.MALFORMED, "Signature: keyId is not a URL of usual length");
        }
        return keyId;
    }

    static Instant instant(long seconds) {
        // Years 1970 to 9999: beyond it Instant would throw.
        if (seconds < 0 || seconds > 253_402_300_799L) {
            throw new ActivityPubException(Reason.MALFORMED, "Signature: a time out of range");
        }
        return Instant.ofEpochSecond(seconds);
    }
}

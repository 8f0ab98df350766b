// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.association;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Signs state cookies with a key that lives as long as the association (RFC 9260 §5.1.3). Not thread-safe. */
final class CookieSeal {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int MAC_BYTES = 32;

    private final Mac mac;

    CookieSeal(RandomGenerator random) {
        byte[] key = new byte[MAC_BYTES];
        random.nextBytes(key);
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
        }
    }

    byte[] seal(byte[] content) {
        byte[] sealed = Arrays.copyOf(content, content.length + MAC_BYTES);
        System.arraycopy(mac.doFinal(content), 0, sealed, content.length, MAC_BYTES);
        return sealed;
    }

    /** The content, or {@code null} when it was not sealed with this key. */
    byte @Nullable [] open(byte[] sealed) {
        if (sealed.length < MAC_BYTES) {
            return null;
        }
        byte[] content = Arrays.copyOf(sealed, sealed.length - MAC_BYTES);
        byte[] claimed = Arrays.copyOfRange(sealed, sealed.length - MAC_BYTES, sealed.length);
        return MessageDigest.isEqual(mac.doFinal(content), claimed) ? content : null;
    }
}

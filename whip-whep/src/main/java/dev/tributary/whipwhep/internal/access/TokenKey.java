// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.access;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** A key by which a token may be signed, and the one algorithm that it is for (RFC 7518 §3.1). Thread-safe. */
public final class TokenKey {
    private static final int SECRET_BYTES_MIN = 32;
    private static final int RSA_BITS_MIN = 2_048;
    private static final int P256_BITS = 256;

    private final String algorithm;
    private final @Nullable SecretKeySpec secret;
    private final @Nullable PublicKey key;
    private final String signature;

    private TokenKey(String algorithm, @Nullable SecretKeySpec secret, @Nullable PublicKey key, String signature) {
        this.algorithm = algorithm;
        this.secret = secret;
        this.key = key;
        this.signature = signature;
    }

    /** A shared secret. */
    public static TokenKey hmac(byte[] secret) {
        if (secret.length < SECRET_BYTES_MIN) {
            throw new IllegalArgumentException(
                    "A secret for HS256 has at least " + SECRET_BYTES_MIN + " bytes, got " + secret.length);
        }
        return new TokenKey("HS256", new SecretKeySpec(secret, "HmacSHA256"), null, "");
    }

    /** A public key. */
    public static TokenKey of(PublicKey key) {
        if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= RSA_BITS_MIN) {
            return new TokenKey("RS256", null, key, "SHA256withRSA");
        }
        if (key instanceof ECPublicKey curve
                && curve.getParams().getCurve().getField().getFieldSize() == P256_BITS) {
            return new TokenKey("ES256", null, key, "SHA256withECDSAinP1363Format");
        }
        if (key.getAlgorithm().equals("EdDSA") || key.getAlgorithm().equals("Ed25519")) {
            return new TokenKey("EdDSA", null, key, "Ed25519");
        }
        throw new IllegalArgumentException(
                "A key is RSA of at least 2,048 bits, P-256 or Ed25519, got " + key.getAlgorithm());
    }

    /** The name of its algorithm in tokens. */
    String algorithm() {
        return algorithm;
    }

    /** Whether this key made a signature. */
    boolean verifies(byte[] signed, byte[] tag) {
        try {
            if (secret != null) {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(secret);
                return MessageDigest.isEqual(mac.doFinal(signed), tag);
            }
            Signature check = Signature.getInstance(signature);
            check.initVerify(key);
            check.update(signed);
            return check.verify(tag);
        } catch (GeneralSecurityException e) {
            // A signature that cannot even be read is none.
            return false;
        }
    }
}

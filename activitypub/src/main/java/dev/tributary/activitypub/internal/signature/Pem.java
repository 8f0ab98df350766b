// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.signature;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ActivityPubException.Reason;
import dev.tributary.activitypub.Limits;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** RSA keys as PEM text (RFC 7468): SPKI out, SPKI and PKCS#1 in, PKCS#8 for our own private keys. */
public final class Pem {
    /** PeerTube's bound, and far above any key we accept. */
    private static final int PEM_LENGTH = 5000;

    /** SEQUENCE { OID rsaEncryption, NULL }: turns a PKCS#1 key into a SubjectPublicKeyInfo. */
    private static final byte[] RSA_ALGORITHM = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };

    /** An exponent above this makes verification slow for no gain. */
    private static final int EXPONENT_BITS = 32;

    private Pem() {}

    /** A new RSA-2048 key pair: the size every peer accepts. */
    public static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM has no RSA", e);
        }
    }

    /** SubjectPublicKeyInfo as PEM. */
    public static String write(PublicKey key) {
        return pem("PUBLIC KEY", key.getEncoded());
    }

    /** PKCS#8 as PEM, for the store. */
    public static String write(PrivateKey key) {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    /** Reads a private key that {@link #write(PrivateKey)} wrote. */
    public static PrivateKey readPrivate(String pem) {
        try {
            return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der(pem, "PRIVATE KEY")));
        } catch (GeneralSecurityException e) {
            throw new ActivityPubException(Reason.MALFORMED, "The stored private key does not parse", e);
        }
    }

    /**
     * Reads a peer's public key.
     *
     * @throws ActivityPubException MALFORMED, or SIGNATURE_ALGORITHM if it is not RSA of an accepted size
     */
    public static PublicKey readPublic(String pem, Limits limits) {
        if (pem.length() > PEM_LENGTH) {
            throw new ActivityPubException(Reason.MALFORMED, "Public key: PEM longer than " + PEM_LENGTH);
        }
        byte[] der = pem.contains("BEGIN RSA PUBLIC KEY")
                ? subjectPublicKeyInfo(der(pem, "RSA PUBLIC KEY"))
                : der(pem, "PUBLIC KEY");
        RSAPublicKey key;
        try {
            key = (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
        } catch (GeneralSecurityException e) {
            throw new ActivityPubException(Reason.MALFORMED, "Public key: not an RSA key in DER", e);
        }
        int bits = key.getModulus().bitLength();
        BigInteger exponent = key.getPublicExponent();
        if (bits < limits.rsaBitsMin() || bits > limits.rsaBitsMax() || exponent.bitLength() > EXPONENT_BITS) {
            throw new ActivityPubException(
                    Reason.SIGNATURE_ALGORITHM, "Public key: RSA of " + bits + " bits is not accepted");
        }
        return key;
    }

    private static byte[] der(String pem, String label) {
        String begin = "-----BEGIN " + label + "-----";
        String end = "-----END " + label + "-----";
        int from = pem.indexOf(begin);
        int to = pem.indexOf(end);
        if (from < 0 || to < from + begin.length()) {
            throw new ActivityPubException(Reason.MALFORMED, "Key: no PEM block " + label);
        }
        try {
            return Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to));
        } catch (IllegalArgumentException e) {
            throw new ActivityPubException(Reason.MALFORMED, "Key: bad base64", e);
        }
    }

    private static byte[] subjectPublicKeyInfo(byte[] pkcs1) {
        byte[] bitString = tagged(0x03, concat(new byte[] {0}, pkcs1));
        return tagged(0x30, concat(RSA_ALGORITHM, bitString));
    }

    private static byte[] tagged(int tag, byte[] content) {
        int length = content.length;
        byte[] head = length < 128
                ? new byte[] {(byte) tag, (byte) length}
                : length < 256
                        ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                        : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        return concat(head, content);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] joined = new byte[first.length + second.length];
        System.arraycopy(first, 0, joined, 0, first.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }
}

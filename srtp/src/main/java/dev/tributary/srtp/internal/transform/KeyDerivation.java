// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.transform;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;

/**
 * The key derivation of RFC 3711 §4.3 with the AES-CM pseudo-random function and a key derivation rate of zero, as
 * DTLS-SRTP uses it. AEAD profiles use it too, with their 96 bit salt padded right to 112 bits (RFC 7714 §11).
 */
public final class KeyDerivation implements AutoCloseable {
    /** Label of the RTP cipher key; RTCP's labels are these plus {@link #RTCP}. */
    public static final int CIPHER_KEY = 0;

    /** Label of the RTP authentication key. */
    public static final int AUTHENTICATION_KEY = 1;

    /** Label of the RTP salt. */
    public static final int SALT = 2;

    /** What to add to a label to get the one for RTCP. */
    public static final int RTCP = 3;

    private static final int SALT_BYTES = 14;

    private final SessionKey masterKey;
    private final byte[] masterSalt;
    private final Cipher cipher;

    /**
     * Derives from one master key and salt, of which it keeps copies until it is closed.
     *
     * @param masterKey 16 or 32 bytes
     * @param masterSalt up to 14 bytes
     */
    public KeyDerivation(byte[] masterKey, byte[] masterSalt) {
        this.masterKey = new SessionKey(masterKey.clone());
        this.masterSalt = Arrays.copyOf(masterSalt, SALT_BYTES);
        try {
            this.cipher = Cipher.getInstance("AES/CTR/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM has no AES/CTR/NoPadding, which SRTP cannot do without", e);
        }
    }

    /**
     * Derives one session key.
     *
     * @param label one of the constants
     * @param length how many bytes
     */
    public byte[] derive(int label, int length) {
        byte[] counter = Arrays.copyOf(masterSalt, 16);
        // key_id = label || r, with r = 0 in 48 bits, aligned right with the salt: the label meets octet 7.
        counter[7] ^= (byte) label;
        try {
            cipher.init(Cipher.ENCRYPT_MODE, masterKey, new IvParameterSpec(counter));
            return cipher.doFinal(new byte[length]);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The JVM's AES/CTR/NoPadding refuses a key of SRTP", e);
        }
    }

    /** Zeroes the copies. */
    @Override
    public void close() {
        masterKey.destroy();
        Arrays.fill(masterSalt, (byte) 0);
    }
}

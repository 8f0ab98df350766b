// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.transform;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import org.jspecify.annotations.Nullable;

/** Counter mode through the JDK's cipher interface: an {@code init} for each packet, which leaves about 100 bytes. */
final class JcaCounterCipher implements CounterCipher {
    private final byte[] counter = new byte[16];
    private final SessionKey key;
    private final Scratch scratch;
    private final @Nullable Provider provider;
    private @Nullable Cipher cipher;

    /** Takes the key over. */
    JcaCounterCipher(byte[] key, Scratch scratch, @Nullable Provider provider) {
        this.key = new SessionKey(key);
        this.scratch = scratch;
        this.provider = provider;
    }

    @Override
    public byte[] counter() {
        return counter;
    }

    @Override
    public void crypt(byte[] src, int srcOffset, int length, byte[] dst, int dstOffset)
            throws GeneralSecurityException {
        if (cipher == null) {
            cipher = provider == null
                    ? Cipher.getInstance("AES/CTR/NoPadding")
                    : Cipher.getInstance("AES/CTR/NoPadding", provider);
        }
        cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(counter));
        if (src == dst) {
            byte[] apart = scratch.atLeast(length);
            cipher.doFinal(src, srcOffset, length, apart, 0);
            System.arraycopy(apart, 0, dst, dstOffset, length);
        } else {
            cipher.doFinal(src, srcOffset, length, dst, dstOffset);
        }
    }

    @Override
    public void close() {
        key.destroy();
        scratch.destroy();
        Arrays.fill(counter, (byte) 0);
        cipher = null;
    }
}

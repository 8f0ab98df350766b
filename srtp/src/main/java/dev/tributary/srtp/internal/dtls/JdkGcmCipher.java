// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.dtls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.impl.TlsAEADCipherImpl;
import org.jspecify.annotations.Nullable;

/** One direction of a DTLS connection's AES-GCM on the JDK's cipher. Not thread-safe. */
final class JdkGcmCipher implements TlsAEADCipherImpl {
    private final boolean encrypts;
    private final Cipher cipher;
    private @Nullable SecretKeySpec key;

    JdkGcmCipher(boolean encrypts) throws IOException {
        this.encrypts = encrypts;
        try {
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new TlsFatalAlert(AlertDescription.internal_error, e);
        }
    }

    @Override
    public void setKey(byte[] bytes, int offset, int length) {
        key = new SecretKeySpec(Arrays.copyOfRange(bytes, offset, offset + length), "AES");
    }

    @Override
    public void init(byte[] nonce, int tagBytes) throws IOException {
        try {
            cipher.init(
                    encrypts ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE,
                    key,
                    new GCMParameterSpec(tagBytes * 8, nonce));
        } catch (GeneralSecurityException e) {
            throw new TlsFatalAlert(AlertDescription.internal_error, e);
        }
    }

    @Override
    public int getOutputSize(int inputLength) {
        return encrypts ? inputLength + 16 : Math.max(0, inputLength - 16);
    }

    @Override
    public int doFinal(byte @Nullable [] additional, byte[] in, int inOffset, int inLength, byte[] out, int outOffset)
            throws IOException {
        try {
            if (additional != null && additional.length > 0) {
                cipher.updateAAD(additional);
            }
            return cipher.doFinal(in, inOffset, inLength, out, outOffset);
        } catch (AEADBadTagException e) {
            throw new TlsFatalAlert(AlertDescription.bad_record_mac, e);
        } catch (GeneralSecurityException e) {
            throw new TlsFatalAlert(AlertDescription.internal_error, e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.dtls;

import java.io.IOException;
import java.security.SecureRandom;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.TlsAEADCipher;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * Bouncy Castle's key agreement and verification, which are faster than the JDK's, with the JDK's AES-GCM, which is ten
 * times as fast as Bouncy Castle's: 27 against 3 µs for a record of 1,163 bytes.
 */
final class HybridTlsCrypto extends BcTlsCrypto {
    HybridTlsCrypto(SecureRandom random) {
        super(random);
    }

    @Override
    protected TlsAEADCipher createCipher_AES_GCM(TlsCryptoParameters parameters, int keyBytes, int tagBytes)
            throws IOException {
        return new TlsAEADCipher(
                parameters,
                new JdkGcmCipher(true),
                new JdkGcmCipher(false),
                keyBytes,
                tagBytes,
                TlsAEADCipher.AEAD_GCM,
                null);
    }
}

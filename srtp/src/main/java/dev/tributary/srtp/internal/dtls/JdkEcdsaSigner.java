// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.dtls;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsSigner;
import org.bouncycastle.tls.crypto.TlsStreamSigner;
import org.jspecify.annotations.Nullable;

/** Signs with the JDK's ECDSA. Thread-safe. */
final class JdkEcdsaSigner implements TlsSigner {
    private final PrivateKey key;

    JdkEcdsaSigner(ECPrivateKeyParameters key) {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            this.key = KeyFactory.getInstance("EC")
                    .generatePrivate(
                            new ECPrivateKeySpec(key.getD(), parameters.getParameterSpec(ECParameterSpec.class)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM has no P-256", e);
        }
    }

    @Override
    public byte[] generateRawSignature(@Nullable SignatureAndHashAlgorithm algorithm, byte[] hash) throws IOException {
        try {
            Signature signature = Signature.getInstance("NONEwithECDSA");
            signature.initSign(key);
            signature.update(hash);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new TlsFatalAlert(AlertDescription.internal_error, e);
        }
    }

    @Override
    public @Nullable TlsStreamSigner getStreamSigner(@Nullable SignatureAndHashAlgorithm algorithm) {
        return null;
    }
}

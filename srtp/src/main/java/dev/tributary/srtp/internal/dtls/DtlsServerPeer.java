// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.dtls;

import dev.tributary.srtp.SrtpProfile;
import java.io.IOException;
import java.util.Hashtable;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.jspecify.annotations.Nullable;

/** Our side of a handshake that the peer began. */
@SuppressWarnings({"rawtypes", "unchecked"}) // Bouncy Castle's collections are raw.
final class DtlsServerPeer extends DefaultTlsServer {
    private final HandshakePolicy policy;
    private @Nullable SrtpProfile selected;

    DtlsServerPeer(HandshakePolicy policy) {
        super(policy.identity.crypto());
        this.policy = policy;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return DtlsSettings.versions();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return DtlsSettings.serverSuites();
    }

    @Override
    public int[] getSupportedGroups() {
        return DtlsSettings.groups();
    }

    @Override
    protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
        return policy.identity.credentials(
                context, context.getSecurityParametersHandshake().getClientSigAlgs());
    }

    @Override
    public CertificateRequest getCertificateRequest() {
        short[] types = {ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign};
        return new CertificateRequest(types, DtlsSettings.signatureAlgorithms(), null);
    }

    @Override
    public void notifyClientCertificate(Certificate chain) throws IOException {
        policy.checkCertificate(chain);
    }

    @Override
    public void processClientExtensions(Hashtable extensions) throws IOException {
        super.processClientExtensions(extensions);
        selected = policy.select(extensions == null ? null : TlsSRTPUtils.getUseSRTPExtension(extensions));
    }

    @Override
    public Hashtable getServerExtensions() throws IOException {
        Hashtable extensions = super.getServerExtensions();
        if (selected != null) {
            // RFC 5764 §4.1.3: an empty MKI says that we make no use of the client's.
            UseSRTPData answer = new UseSRTPData(new int[] {selected.id()}, TlsUtils.EMPTY_BYTES);
            TlsSRTPUtils.addUseSRTPExtension(extensions, answer);
        }
        return extensions;
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
        super.notifyHandshakeComplete();
        policy.complete(context);
    }

    @Override
    public void notifyAlertReceived(short level, short description) {
        policy.alertReceived(level, description);
    }

    @Override
    public boolean requiresExtendedMasterSecret() {
        return true;
    }

    /** The fingerprint is what we trust, so that nobody's signature on the certificate matters. */
    @Override
    public boolean shouldCheckSigAlgOfPeerCerts() {
        return false;
    }

    @Override
    public int getMaxHandshakeMessageSize() {
        return policy.limits.handshakeMessageBytes();
    }

    @Override
    public int getHandshakeTimeoutMillis() {
        return DtlsSettings.NO_TIMEOUT_MILLIS;
    }

    @Override
    public int getHandshakeResendTimeMillis() {
        return DtlsSettings.NO_RESEND_MILLIS;
    }
}

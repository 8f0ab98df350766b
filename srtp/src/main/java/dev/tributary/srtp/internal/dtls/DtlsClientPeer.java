// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.dtls;

import java.io.IOException;
import java.util.Hashtable;
import java.util.Vector;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;

/** Our side of a handshake that we began. */
@SuppressWarnings({"rawtypes", "unchecked"}) // Bouncy Castle's collections are raw.
final class DtlsClientPeer extends DefaultTlsClient {
    private final HandshakePolicy policy;

    DtlsClientPeer(HandshakePolicy policy) {
        super(policy.identity.crypto());
        this.policy = policy;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return DtlsSettings.versions();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return DtlsSettings.clientSuites();
    }

    @Override
    protected Vector getSupportedGroups(Vector roles) {
        Vector<Integer> groups = new Vector<>();
        for (int group : DtlsSettings.groups()) {
            groups.add(group);
        }
        return groups;
    }

    @Override
    protected Vector getSupportedSignatureAlgorithms() {
        return DtlsSettings.signatureAlgorithms();
    }

    @Override
    public Hashtable getClientExtensions() throws IOException {
        Hashtable extensions = super.getClientExtensions();
        if (!policy.profiles.isEmpty()) {
            int[] ids =
                    policy.profiles.stream().mapToInt(profile -> profile.id()).toArray();
            TlsSRTPUtils.addUseSRTPExtension(extensions, new UseSRTPData(ids, TlsUtils.EMPTY_BYTES));
        }
        return extensions;
    }

    @Override
    public void processServerExtensions(Hashtable extensions) throws IOException {
        super.processServerExtensions(extensions);
        policy.accept(extensions == null ? null : TlsSRTPUtils.getUseSRTPExtension(extensions));
    }

    @Override
    public TlsAuthentication getAuthentication() {
        return new TlsAuthentication() {
            @Override
            public void notifyServerCertificate(TlsServerCertificate presented) throws IOException {
                policy.checkCertificate(presented.getCertificate());
            }

            @Override
            public TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
                return policy.identity.credentials(context, request.getSupportedSignatureAlgorithms());
            }
        };
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

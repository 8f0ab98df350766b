// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.dtls;

import dev.tributary.srtp.DtlsLimits;
import dev.tributary.srtp.Fingerprint;
import dev.tributary.srtp.SrtpKeyingMaterial;
import dev.tributary.srtp.SrtpProfile;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.UseSRTPData;
import org.jspecify.annotations.Nullable;

/**
 * What both roles ask of a handshake, and what came of it. Owned by the thread of the handshake until that has ended,
 * except for {@link #peerClosed}, which the loop's side of Bouncy Castle reports too.
 */
final class HandshakePolicy {
    final DtlsIdentity identity;
    final DtlsLimits limits;
    final List<SrtpProfile> profiles;
    private final boolean srtpRequired;
    private volatile List<Fingerprint> fingerprints = List.of();
    private @Nullable SrtpProfile selected;
    private @Nullable SrtpKeyingMaterial keyingMaterial;
    private boolean fingerprintMismatch;
    private volatile boolean peerClosed;

    HandshakePolicy(DtlsIdentity identity, DtlsLimits limits, List<SrtpProfile> profiles, boolean srtpRequired) {
        this.identity = identity;
        this.limits = limits;
        this.profiles = profiles;
        this.srtpRequired = srtpRequired;
    }

    void expect(List<Fingerprint> values) {
        fingerprints = List.copyOf(values);
    }

    /** RFC 8122 §6.2: the certificate has to match one of the fingerprints of the description. */
    void checkCertificate(@Nullable Certificate chain) throws IOException {
        if (chain != null && !chain.isEmpty()) {
            byte[] certificate = chain.getCertificateAt(0).getEncoded();
            for (Fingerprint fingerprint : fingerprints) {
                if (fingerprint.matches(certificate)) {
                    return;
                }
            }
        }
        fingerprintMismatch = true;
        throw new TlsFatalAlert(AlertDescription.bad_certificate, "not the certificate that signalling promised");
    }

    /** RFC 5764 §4.1.1, as server: the first of ours that the client offers. */
    @Nullable
    SrtpProfile select(@Nullable UseSRTPData offered) throws IOException {
        if (offered != null) {
            int[] ids = offered.getProtectionProfiles();
            for (SrtpProfile profile : profiles) {
                if (Arrays.stream(ids).anyMatch(id -> id == profile.id())) {
                    selected = profile;
                    return profile;
                }
            }
        }
        requireSelected();
        return null;
    }

    /** RFC 5764 §4.1.1, as client: one of those that we offered, without an MKI. */
    void accept(@Nullable UseSRTPData answered) throws IOException {
        if (answered != null) {
            int[] ids = answered.getProtectionProfiles();
            SrtpProfile profile = ids.length == 1 ? SrtpProfile.of(ids[0]) : null;
            if (profile == null || !profiles.contains(profile) || answered.getMki().length > 0) {
                throw new TlsFatalAlert(AlertDescription.illegal_parameter, "use_srtp was not answered as offered");
            }
            selected = profile;
        }
        requireSelected();
    }

    private void requireSelected() throws IOException {
        if (srtpRequired && selected == null) {
            throw new TlsFatalAlert(AlertDescription.handshake_failure, "no common SRTP profile");
        }
    }

    /** Takes the keys (RFC 5764 §4.2); Bouncy Castle has them only at this moment. */
    void complete(TlsContext context) {
        if (selected != null) {
            byte[] exported =
                    context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, selected.keyingMaterialBytes());
            keyingMaterial = SrtpKeyingMaterial.of(selected, exported);
            Arrays.fill(exported, (byte) 0);
        }
    }

    void alertReceived(short level, short description) {
        if (level == AlertLevel.warning && description == AlertDescription.close_notify) {
            peerClosed = true;
        }
    }

    @Nullable
    SrtpKeyingMaterial keyingMaterial() {
        return keyingMaterial;
    }

    boolean fingerprintMismatch() {
        return fingerprintMismatch;
    }

    boolean peerClosed() {
        return peerClosed;
    }
}

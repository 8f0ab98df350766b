// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.AlgorithmParameters;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.crypto.CipherSpi;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The ciphers of a provider that the host names. */
final class SrtpProviderTest {
    @ParameterizedTest
    @MethodSource("providers")
    void speaksWithTheJvmsOwnCiphers(Provider provider, SrtpProfile profile) {
        SrtpSession theirs = session(provider, profile, DtlsRole.CLIENT);
        SrtpSession ours = SrtpPair.of(profile).server();
        assertThat(theirs.isAccelerated()).isFalse();

        for (int i = 0; i < 20; i++) {
            byte[] packet = SrtpPair.rtp(1, i, 37 * i);
            byte[] sealed = SrtpPair.seal(theirs, packet);
            byte[] back = SrtpPair.seal(ours, packet);
            byte[] report = Arrays.copyOf(SrtpPair.rtcp(1, i), 60);

            assertThat(ours.unprotect(sealed, 0, sealed.length)).isEqualTo(packet.length);
            assertThat(Arrays.copyOf(sealed, packet.length)).isEqualTo(packet);
            assertThat(theirs.unprotect(back, 0, back.length)).isEqualTo(packet.length);
            assertThat(Arrays.copyOf(back, packet.length)).isEqualTo(packet);
            assertThat(ours.unprotectRtcp(report, 0, theirs.protectRtcp(report, 0, 28)))
                    .isEqualTo(28);
            assertThat(theirs.unprotectRtcp(report, 0, ours.protectRtcp(report, 0, 28)))
                    .isEqualTo(28);
            assertThat(Arrays.copyOf(report, 28)).isEqualTo(SrtpPair.rtcp(1, i));
        }
        byte[] forged = SrtpPair.seal(ours, SrtpPair.rtp(1, 100, 50));
        forged[30] ^= 1;
        byte[] before = forged.clone();
        assertThat(theirs.unprotect(forged, 0, forged.length)).isEqualTo(SrtpFailure.AUTHENTICATION.status());
        assertThat(forged).isEqualTo(before);
    }

    static Stream<Arguments> providers() {
        return Stream.of(Security.getProvider("SunJCE"), new BouncyCastleProvider())
                .flatMap(provider ->
                        Arrays.stream(SrtpProfile.values()).map(profile -> Arguments.of(provider, profile)));
    }

    @Test
    void isRefusedWhenItLacksTheCiphers() {
        Provider digestsOnly = Security.getProvider("SUN");
        assertThatThrownBy(() -> session(digestsOnly, SrtpProfile.AEAD_AES_128_GCM, DtlsRole.CLIENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SUN");
    }

    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void countsPacketsThatItRefusesToWorkOn(SrtpProfile profile) {
        SrtpSession session = session(new Stubborn(), profile, DtlsRole.SERVER);
        SrtpSession peer = SrtpPair.of(profile).client();
        byte[] packet = Arrays.copyOf(SrtpPair.rtp(1, 1, 20), 80);
        byte[] report = Arrays.copyOf(SrtpPair.rtcp(1, 1), 80);
        byte[] sealed = SrtpPair.seal(peer, SrtpPair.rtp(1, 1, 20));
        byte[] sealedReport = report.clone();
        int sealedReportLength = peer.protectRtcp(sealedReport, 0, 28);
        int provider = SrtpFailure.PROVIDER.status();

        assertThat(session.protect(packet, 0, 40)).isEqualTo(provider);
        assertThat(session.unprotect(sealed, 0, sealed.length)).isEqualTo(provider);
        assertThat(session.protectRtcp(report, 0, 28)).isEqualTo(provider);
        assertThat(session.unprotectRtcp(sealedReport, 0, sealedReportLength)).isEqualTo(provider);
        assertThat(session.stats().count(SrtpFailure.PROVIDER)).isEqualTo(4);
    }

    private static SrtpSession session(Provider provider, SrtpProfile profile, DtlsRole role) {
        try (SrtpKeyingMaterial material = SrtpPair.material(profile)) {
            return SrtpSession.builder(material, role).provider(provider).build();
        }
    }

    /** Has both ciphers, and neither takes a key: as a hardware token does that is gone. */
    private static final class Stubborn extends Provider {
        private static final long serialVersionUID = 1;

        Stubborn() {
            super("Stubborn", "1", "a provider that refuses to work");
            put("Cipher.AES/GCM/NoPadding", Unwilling.class.getName());
            put("Cipher.AES/CTR/NoPadding", Unwilling.class.getName());
        }
    }

    /** A cipher that takes no key. */
    public static final class Unwilling extends CipherSpi {
        @Override
        protected void engineInit(int mode, Key key, AlgorithmParameterSpec parameters, SecureRandom random)
                throws InvalidKeyException {
            throw new InvalidKeyException("The token is gone");
        }

        @Override
        protected void engineInit(int mode, Key key, AlgorithmParameters parameters, SecureRandom random)
                throws InvalidKeyException {
            throw new InvalidKeyException("The token is gone");
        }

        @Override
        protected void engineInit(int mode, Key key, SecureRandom random) throws InvalidKeyException {
            throw new InvalidKeyException("The token is gone");
        }

        @Override
        protected void engineSetMode(String mode) {}

        @Override
        protected void engineSetPadding(String padding) {}

        @Override
        protected int engineGetBlockSize() {
            return 16;
        }

        @Override
        protected int engineGetOutputSize(int inputLength) {
            return inputLength + 16;
        }

        @Override
        protected byte[] engineGetIV() {
            return new byte[0];
        }

        @Override
        protected AlgorithmParameters engineGetParameters() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected byte[] engineUpdate(byte[] input, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected int engineUpdate(byte[] input, int offset, int length, byte[] output, int outputOffset) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected byte[] engineDoFinal(byte[] input, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected int engineDoFinal(byte[] input, int offset, int length, byte[] output, int outputOffset) {
            throw new UnsupportedOperationException();
        }
    }
}

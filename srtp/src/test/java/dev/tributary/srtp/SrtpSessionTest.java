// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass(name = "accelerated, if it may be: {0}")
@ValueSource(booleans = {true, false})
final class SrtpSessionTest {
    private static final SrtpProfile GCM = SrtpProfile.AEAD_AES_128_GCM;
    private static final int SSRC = 0x11223344;

    @Parameter
    boolean accelerated;

    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void carriesRtpBothWaysInPlaceAndApart(SrtpProfile profile) {
        SrtpPair pair = pairOf(profile);
        for (int payload : new int[] {0, 1, 15, 16, 17, 120, 1200}) {
            byte[] plain = SrtpPair.rtp(SSRC, payload, payload);
            byte[] room = new byte[5 + plain.length + profile.rtpOverheadBytes()];
            System.arraycopy(plain, 0, room, 5, plain.length);

            int sealed = pair.client().protect(room, 5, plain.length);
            assertThat(sealed).isEqualTo(plain.length + profile.rtpOverheadBytes());
            byte[] apart = new byte[plain.length + 3];
            assertThat(pair.server().unprotect(room, 5, sealed, apart, 3)).isEqualTo(plain.length);
            assertThat(Arrays.copyOfRange(apart, 3, apart.length)).isEqualTo(plain);

            byte[] back = SrtpPair.seal(pair.server(), plain);
            assertThat(back).isNotEqualTo(room);
            assertThat(pair.client().unprotect(back, 0, back.length)).isEqualTo(plain.length);
            assertThat(Arrays.copyOf(back, plain.length)).isEqualTo(plain);
        }
    }

    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void carriesRtcpBothWaysInPlaceAndApart(SrtpProfile profile) {
        SrtpPair pair = pairOf(profile);
        for (int round = 0; round < 3; round++) {
            byte[] plain = SrtpPair.rtcp(SSRC, round);
            byte[] room = Arrays.copyOf(plain, plain.length + profile.rtcpOverheadBytes());
            byte[] apart = new byte[room.length];

            assertThat(pair.client().protectRtcp(plain, 0, plain.length, apart, 0))
                    .isEqualTo(apart.length);
            assertThat(pair.server().unprotectRtcp(apart, 0, apart.length, room, 0))
                    .isEqualTo(plain.length);
            assertThat(Arrays.copyOf(room, plain.length)).isEqualTo(plain);

            assertThat(pair.server().protectRtcp(room, 0, plain.length)).isEqualTo(room.length);
            assertThat(pair.client().unprotectRtcp(room, 0, room.length)).isEqualTo(plain.length);
            assertThat(Arrays.copyOf(room, plain.length)).isEqualTo(plain);
        }
    }

    @Test
    void countsSrtcpIndicesOfEachSourceFromZero() {
        SrtpPair pair = pairOf(GCM);
        for (int ssrc = 1; ssrc <= 2; ssrc++) {
            for (int index = 0; index < 3; index++) {
                byte[] packet = Arrays.copyOf(SrtpPair.rtcp(ssrc, 0), 48);
                assertThat(pair.client().protectRtcp(packet, 0, 28)).isEqualTo(48);
                assertThat(Arrays.copyOfRange(packet, 44, 48)).containsExactly(0x80, 0, 0, index);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void countsForgeriesAndRemembersNothingOfThem(SrtpProfile profile) {
        SrtpPair pair = pairOf(profile);
        byte[] sealed = SrtpPair.seal(pair.client(), SrtpPair.rtp(SSRC, 100, 50));
        byte[] forged = sealed.clone();
        forged[3] = (byte) 200;

        assertThat(SrtpPair.open(pair.server(), forged)).isEqualTo(SrtpFailure.AUTHENTICATION.status());
        assertThat(SrtpPair.open(pair.server(), sealed)).isPositive();
        assertThat(SrtpPair.open(pair.server(), forged)).isEqualTo(SrtpFailure.AUTHENTICATION.status());
        byte[] next = SrtpPair.seal(pair.client(), SrtpPair.rtp(SSRC, 101, 50));
        assertThat(SrtpPair.open(pair.server(), next)).isPositive();
        assertThat(pair.server().stats().count(SrtpFailure.AUTHENTICATION)).isEqualTo(2);
        assertThat(pair.server().stats().rtpUnprotected()).isEqualTo(2);
    }

    @Test
    void refusesPacketsOfTheOtherDirection() {
        SrtpPair pair = pairOf(GCM);
        byte[] sealed = SrtpPair.seal(pair.client(), SrtpPair.rtp(SSRC, 1, 50));

        assertThat(SrtpPair.open(pair.client(), sealed)).isEqualTo(SrtpFailure.AUTHENTICATION.status());
    }

    @Test
    void neverThrowsOnArbitraryBytes() {
        long seed = Long.getLong("tributary.seed", 20261125);
        Random random = new Random(seed);
        for (SrtpProfile profile : SrtpProfile.values()) {
            SrtpPair pair = pairOf(profile);
            for (int i = 0; i < 3000; i++) {
                byte[] bytes = new byte[random.nextInt(80)];
                random.nextBytes(bytes);
                if (bytes.length > 0 && random.nextInt(4) > 0) {
                    bytes[0] = (byte) (0x80 | random.nextInt(32));
                }
                int offset = random.nextInt(3) - 1;
                int length = bytes.length - random.nextInt(3) + 1;
                assertThat(pair.server().unprotect(bytes, offset, length))
                        .as("seed " + seed)
                        .isNegative();
                assertThat(pair.server().unprotectRtcp(bytes, offset, length))
                        .as("seed " + seed)
                        .isNegative();
                pair.server().protect(bytes, offset, length);
                pair.server().protectRtcp(bytes, offset, length);
            }
            assertThat(pair.server().stats().rtpUnprotected()).isZero();
        }
    }

    @Test
    void refusesWhatIsNotRtp() {
        SrtpSession session = pairOf(GCM).client();
        byte[] packet = Arrays.copyOf(SrtpPair.rtp(SSRC, 1, 4), 100);

        assertThat(session.protect(packet, 0, 11)).isEqualTo(SrtpFailure.MALFORMED.status());
        packet[15] = 3;
        assertThat(session.protect(packet, 0, 24)).isEqualTo(SrtpFailure.MALFORMED.status());
        packet[0] = 0x10;
        assertThat(session.protect(packet, 0, 24)).isEqualTo(SrtpFailure.MALFORMED.status());
        assertThat(session.protectRtcp(packet, 0, 24)).isEqualTo(SrtpFailure.MALFORMED.status());
        packet[0] = (byte) 0x80;
        assertThat(session.protectRtcp(packet, 0, 7)).isEqualTo(SrtpFailure.MALFORMED.status());
        assertThat(session.unprotectRtcp(packet, 0, 27)).isEqualTo(SrtpFailure.MALFORMED.status());
        assertThat(session.unprotect(packet, 0, 27)).isEqualTo(SrtpFailure.MALFORMED.status());
        assertThat(session.stats().count(SrtpFailure.MALFORMED)).isEqualTo(7);
    }

    @Test
    void refusesEncryptedHeaderExtensionsByName() {
        SrtpPair pair = pairOf(GCM);
        byte[] sealed = SrtpPair.seal(pair.client(), SrtpPair.rtp(SSRC, 1, 4));
        sealed[12] = (byte) 0xC0;
        assertThat(SrtpPair.open(pair.server(), sealed)).isEqualTo(SrtpFailure.CRYPTEX.status());
        sealed[12] = (byte) 0xC2;
        assertThat(SrtpPair.open(pair.server(), sealed)).isEqualTo(SrtpFailure.CRYPTEX.status());
    }

    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void needsRoomForTheOverheadAndNotAByteMore(SrtpProfile profile) {
        SrtpSession session = pairOf(profile).client();
        byte[] plain = SrtpPair.rtp(SSRC, 1, 30);
        byte[] report = SrtpPair.rtcp(SSRC, 1);
        int exact = plain.length + profile.rtpOverheadBytes();
        int exactReport = report.length + profile.rtcpOverheadBytes();

        assertThat(session.protect(plain, 0, plain.length, new byte[exact - 1], 0))
                .isEqualTo(SrtpFailure.NO_ROOM.status());
        assertThat(session.protect(plain, 0, plain.length, new byte[exact], 0)).isEqualTo(exact);
        assertThat(session.protectRtcp(report, 0, report.length, new byte[exactReport - 1], 0))
                .isEqualTo(SrtpFailure.NO_ROOM.status());
        assertThat(session.protectRtcp(report, 0, report.length, new byte[exactReport], 0))
                .isEqualTo(exactReport);
    }

    @Test
    void neverSendsTwoPacketsUnderOneIndex() {
        SrtpPair pair = pairOf(GCM);
        SrtpPair.seal(pair.client(), SrtpPair.rtp(SSRC, 5000, 30));
        byte[] again = Arrays.copyOf(SrtpPair.rtp(SSRC, 5000, 31), 100);

        assertThat(pair.client().protect(again, 0, 51)).isEqualTo(SrtpFailure.INDEX_REUSED.status());
        SrtpPair.seal(pair.client(), SrtpPair.rtp(SSRC, 4999, 30));
        again = Arrays.copyOf(SrtpPair.rtp(SSRC, 5000 - 1024, 31), 100);
        assertThat(pair.client().protect(again, 0, 51)).isEqualTo(SrtpFailure.INDEX_REUSED.status());
        SrtpPair.seal(pair.client(), SrtpPair.rtp(SSRC, 5000 - 1023, 31));
    }

    @Nested
    final class Removal {
        @Test
        void keepsTheLastIndexOfAnOutgoingSource() {
            SrtpPair pair = pairOf(GCM);
            SrtpPair.open(pair.server(), SrtpPair.seal(pair.client(), SrtpPair.rtp(SSRC, 65535, 30)));
            SrtpPair.seal(pair.client(), SrtpPair.rtp(SSRC, 3, 30));
            pair.client().removeOutbound(SSRC);

            byte[] packet = Arrays.copyOf(SrtpPair.rtp(SSRC, 2, 31), 100);
            assertThat(pair.client().protect(packet, 0, 51)).isEqualTo(SrtpFailure.INDEX_REUSED.status());
            byte[] next = SrtpPair.seal(pair.client(), SrtpPair.rtp(SSRC, 4, 30));
            assertThat(SrtpPair.open(pair.server(), next)).isPositive();
            assertThat(pair.client().rollOver(SSRC)).isEqualTo(1);
        }

        @Test
        void keepsOldPacketsOfAnIncomingSourceOut() {
            SrtpPair pair = pairOf(GCM);
            byte[] first = SrtpPair.seal(pair.client(), SrtpPair.rtp(SSRC, 10, 30));
            byte[] late = SrtpPair.seal(pair.client(), SrtpPair.rtp(SSRC, 11, 30));
            byte[] last = SrtpPair.seal(pair.client(), SrtpPair.rtp(SSRC, 12, 30));
            SrtpPair.open(pair.server(), first);
            SrtpPair.open(pair.server(), last);
            pair.server().removeInbound(SSRC);

            assertThat(SrtpPair.open(pair.server(), first)).isEqualTo(SrtpFailure.TOO_OLD.status());
            assertThat(SrtpPair.open(pair.server(), late)).isEqualTo(SrtpFailure.TOO_OLD.status());
            byte[] next = SrtpPair.seal(pair.client(), SrtpPair.rtp(SSRC, 13, 30));
            assertThat(SrtpPair.open(pair.server(), next)).isPositive();
            assertThat(SrtpPair.open(pair.server(), late)).isEqualTo(SrtpFailure.TOO_OLD.status());
        }
    }

    @Nested
    final class Limits {
        private final SrtpLimits small = new SrtpLimits(2, 2, 3, 3, 64, 64);

        @Test
        void allowsAsManySourcesAsSaidAndNotOneMore() {
            SrtpPair pair = pairOf(GCM, small);
            SrtpSession generous = pairOf(GCM).client();
            for (int ssrc = 1; ssrc <= 2; ssrc++) {
                SrtpPair.seal(pair.client(), SrtpPair.rtp(ssrc, 1, 4));
                assertThat(SrtpPair.open(pair.server(), SrtpPair.seal(generous, SrtpPair.rtp(ssrc, 1, 4))))
                        .isPositive();
            }

            byte[] third = Arrays.copyOf(SrtpPair.rtp(3, 1, 4), 60);
            assertThat(pair.client().protect(third, 0, 24)).isEqualTo(SrtpFailure.TOO_MANY_SOURCES.status());
            assertThat(pair.client().protectRtcp(Arrays.copyOf(SrtpPair.rtcp(3, 1), 60), 0, 28))
                    .isEqualTo(SrtpFailure.TOO_MANY_SOURCES.status());
            assertThat(SrtpPair.open(pair.server(), SrtpPair.seal(generous, SrtpPair.rtp(3, 1, 4))))
                    .isEqualTo(SrtpFailure.TOO_MANY_SOURCES.status());
            assertThat(pair.server().expectRollOver(3, 1)).isFalse();
        }

        @Test
        void stopsWhenTheKeyHasProtectedItsLastPacket() {
            SrtpPair pair = pairOf(GCM, small);
            for (int i = 0; i < 3; i++) {
                SrtpPair.seal(pair.client(), SrtpPair.rtp(1, i, 4));
                assertThat(pair.client().protectRtcp(Arrays.copyOf(SrtpPair.rtcp(1, i), 60), 0, 28))
                        .isPositive();
            }

            assertThat(pair.client().protect(Arrays.copyOf(SrtpPair.rtp(1, 3, 4), 60), 0, 24))
                    .isEqualTo(SrtpFailure.KEY_EXPIRED.status());
            assertThat(pair.client().protectRtcp(Arrays.copyOf(SrtpPair.rtcp(1, 3), 60), 0, 28))
                    .isEqualTo(SrtpFailure.KEY_EXPIRED.status());
        }

        @Test
        void stopsAtTheLastIndex() {
            SrtpPair pair = pairOf(GCM);
            assertThat(pair.client().startAtRollOver(SSRC, 0xFFFF_FFFFL)).isTrue();
            assertThat(pair.server().expectRollOver(SSRC, 0xFFFF_FFFFL)).isTrue();
            byte[] last = SrtpPair.seal(pair.client(), SrtpPair.rtp(SSRC, 65535, 4));

            assertThat(SrtpPair.open(pair.server(), last)).isPositive();
            byte[] beyond = Arrays.copyOf(SrtpPair.rtp(SSRC, 0, 4), 60);
            assertThat(pair.client().protect(beyond, 0, 24)).isEqualTo(SrtpFailure.KEY_EXPIRED.status());
            assertThat(pair.server().unprotect(beyond, 0, 60)).isEqualTo(SrtpFailure.KEY_EXPIRED.status());
        }

        @Test
        void refusesLimitsThatWeakenTheProtocol() {
            assertThat(new SrtpLimits(1, 1, 1L << 48, 1L << 31, 64, 32_768)).isNotNull();
            assertThatThrownBy(() -> new SrtpLimits(0, 1, 1, 1, 64, 64)).hasMessageContaining("outboundSources");
            assertThatThrownBy(() -> new SrtpLimits(1, 0, 1, 1, 64, 64)).hasMessageContaining("inboundSources");
            assertThatThrownBy(() -> new SrtpLimits(1, 1, 1, 1, 64, 32_832)).hasMessageContaining("rtcpReplayWindow");
            assertThatThrownBy(() -> new SrtpLimits(1, 1, 0, 1, 64, 64)).hasMessageContaining("rtpPacketsPerKey");
            assertThatThrownBy(() -> new SrtpLimits(1, 1, 1, 1, 63, 64)).hasMessageContaining("rtpReplayWindow");
            assertThatThrownBy(() -> new SrtpLimits(1, 1, (1L << 48) + 1, 1, 64, 64))
                    .hasMessageContaining("rtpPacketsPerKey");
            assertThatThrownBy(() -> new SrtpLimits(1, 1, 1, (1L << 31) + 1, 64, 64))
                    .hasMessageContaining("rtcpPacketsPerKey");
            assertThatThrownBy(() -> pairOf(GCM).client().expectRollOver(1, 1L << 32))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void showsNoSecretsAndWorksNoMoreWhenClosed() {
        byte[] exported = new byte[GCM.keyingMaterialBytes()];
        Arrays.fill(exported, (byte) 0x5A);
        SrtpKeyingMaterial material = SrtpKeyingMaterial.of(GCM, exported);
        SrtpSession session = SrtpSession.of(material, DtlsRole.CLIENT);

        assertThat(material.toString()).isEqualTo("SrtpKeyingMaterial[AEAD_AES_128_GCM]");
        assertThat(session.toString()).isEqualTo("SrtpSession[AEAD_AES_128_GCM]");
        material.close();
        assertThat(material.masterKeyOf(DtlsRole.CLIENT)).containsOnly(0);
        SrtpPair.seal(session, SrtpPair.rtp(1, 1, 1));

        session.close();
        session.close();
        byte[] packet = Arrays.copyOf(SrtpPair.rtp(1, 2, 1), 60);
        assertThat(session.protect(packet, 0, 21)).isEqualTo(SrtpFailure.CLOSED.status());
        assertThat(session.unprotect(packet, 0, 60)).isEqualTo(SrtpFailure.CLOSED.status());
        assertThat(session.protectRtcp(packet, 0, 21)).isEqualTo(SrtpFailure.CLOSED.status());
        assertThat(session.unprotectRtcp(packet, 0, 60)).isEqualTo(SrtpFailure.CLOSED.status());
        assertThatThrownBy(() -> SrtpKeyingMaterial.of(GCM, new byte[55])).hasMessageContaining("56");
    }

    @Test
    void tellsFailuresFromTheirStatus() {
        for (SrtpFailure failure : SrtpFailure.values()) {
            assertThat(failure.status()).isNegative();
            assertThat(SrtpFailure.of(failure.status())).isEqualTo(failure);
        }
        assertThatThrownBy(() -> SrtpFailure.of(0)).isInstanceOf(IllegalArgumentException.class);
        assertThat(SrtpProfile.of(7)).isEqualTo(GCM);
        assertThat(SrtpProfile.of(5)).isNull();
    }

    private SrtpPair pairOf(SrtpProfile profile) {
        return pairOf(profile, SrtpLimits.DEFAULT);
    }

    private SrtpPair pairOf(SrtpProfile profile, SrtpLimits limits) {
        return SrtpPair.of(profile, limits, accelerated);
    }
}

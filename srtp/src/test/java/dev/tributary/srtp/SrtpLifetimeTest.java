// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.srtp.internal.index.SourceContext;
import java.lang.reflect.Field;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The end of a master key (RFC 3711 §9.2), at the last packet and one past it. */
final class SrtpLifetimeTest {
    private static final int SSRC = 0x5EED;
    private static final long RTP_INDEX_LAST = (1L << 48) - 1;
    private static final long RTCP_INDEX_LAST = (1L << 31) - 1;

    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void protectsTheLastRtpIndexAndNoneBehindIt(SrtpProfile profile) throws Exception {
        SrtpPair pair = SrtpPair.of(profile);
        assertThat(pair.server().expectRollOver(SSRC, RTP_INDEX_LAST >>> 16)).isTrue();
        source(pair.client()).rtp().mark(RTP_INDEX_LAST - 1);

        byte[] last = SrtpPair.seal(pair.client(), SrtpPair.rtp(SSRC, 0xFFFF, 10));
        assertThat(SrtpPair.open(pair.server(), last)).isEqualTo(30);

        byte[] beyond = Arrays.copyOf(SrtpPair.rtp(SSRC, 0, 10), 60);
        assertThat(pair.client().protect(beyond, 0, 30)).isEqualTo(SrtpFailure.KEY_EXPIRED.status());
        assertThat(SrtpPair.open(pair.server(), beyond)).isEqualTo(SrtpFailure.KEY_EXPIRED.status());
        assertThat(pair.client().stats().count(SrtpFailure.KEY_EXPIRED)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void protectsTheLastRtcpIndexAndNoneBehindIt(SrtpProfile profile) throws Exception {
        SrtpPair pair = SrtpPair.of(profile);
        source(pair.client()).rtcp().mark(RTCP_INDEX_LAST - 1);
        byte[] report = Arrays.copyOf(SrtpPair.rtcp(SSRC, 1), 60);

        int sealed = pair.client().protectRtcp(report, 0, 28);
        assertThat(sealed).isEqualTo(28 + profile.rtcpOverheadBytes());
        assertThat(pair.server().unprotectRtcp(report, 0, sealed)).isEqualTo(28);

        assertThat(pair.client().protectRtcp(report, 0, 28)).isEqualTo(SrtpFailure.KEY_EXPIRED.status());
        assertThat(pair.client().protectRtcp(report, 0, 28)).isEqualTo(SrtpFailure.KEY_EXPIRED.status());
    }

    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void countsPacketsOfAllSourcesUnderOneKey(SrtpProfile profile) throws Exception {
        SrtpPair pair = SrtpPair.of(profile);
        set(pair.client(), "rtpProtected", (1L << 48) - 2);
        set(pair.client(), "rtcpProtected", (1L << 31) - 2);
        byte[] report = Arrays.copyOf(SrtpPair.rtcp(1, 1), 60);

        for (int ssrc = 1; ssrc <= 2; ssrc++) {
            SrtpPair.seal(pair.client(), SrtpPair.rtp(ssrc, 1, 10));
            assertThat(pair.client().protectRtcp(report, 0, 28)).isPositive();
        }
        assertThat(pair.client().protect(Arrays.copyOf(SrtpPair.rtp(1, 2, 10), 60), 0, 30))
                .isEqualTo(SrtpFailure.KEY_EXPIRED.status());
        assertThat(pair.client().protect(Arrays.copyOf(SrtpPair.rtp(3, 1, 10), 60), 0, 30))
                .isEqualTo(SrtpFailure.KEY_EXPIRED.status());
        assertThat(pair.client().protectRtcp(report, 0, 28)).isEqualTo(SrtpFailure.KEY_EXPIRED.status());
    }

    /** No stream lives long enough to get there: the state that it would have is put in place. */
    private static SourceContext source(SrtpSession session) throws ReflectiveOperationException {
        return sender(session).sources().add(SSRC, 0);
    }

    private static void set(SrtpSession session, String counter, long value) throws ReflectiveOperationException {
        Field field = SrtpSender.class.getDeclaredField(counter);
        field.setAccessible(true);
        field.setLong(sender(session), value);
    }

    private static SrtpSender sender(SrtpSession session) throws ReflectiveOperationException {
        Field field = SrtpSession.class.getDeclaredField("sender");
        field.setAccessible(true);
        return (SrtpSender) field.get(session);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import static dev.tributary.ice.internal.wire.StunAttributes.BINDING_ERROR;
import static dev.tributary.ice.internal.wire.StunAttributes.BINDING_SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.ice.internal.wire.IntegrityKey;
import dev.tributary.ice.internal.wire.StunMessage;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Chromium, libwebrtc, Pion, libnice and aioice really send: answered as it is, refused when anything is changed. */
class CapturedChecksTest {
    private static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.7", 4000);
    private static final InetSocketAddress PEER6 = new InetSocketAddress("2001:db8::7", 4000);
    private static final InetSocketAddress STRANGER = new InetSocketAddress("198.51.100.66", 6666);

    static List<CapturedCheck> checks() {
        return CapturedCheck.all();
    }

    @ParameterizedTest
    @MethodSource("checks")
    void areAnsweredByALiteAgentWithNoMoreBytesThanTheyHave(CapturedCheck check) {
        for (InetSocketAddress peer : List.of(PEER, PEER6)) {
            IceAgent agent = check.lite();
            Check.deliver(agent, check.datagram(), peer, 0);
            byte[] datagram = Check.sent(agent).get(0);
            StunMessage answer = Check.read(datagram);

            assertThat(datagram.length).isLessThanOrEqualTo(check.datagram().length);
            assertThat(answer.verify(IntegrityKey.ofPassword(check.receiver().pwd())))
                    .isTrue();
            if (Check.read(check.datagram()).isControlling()) {
                assertThat(answer.type()).isEqualTo(BINDING_SUCCESS);
                assertThat(answer.mappedAddress()).isEqualTo(peer);
            } else {
                assertThat(answer.type()).isEqualTo(BINDING_ERROR);
                assertThat(answer.errorCode()).isEqualTo(487);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("checks")
    void areAnsweredByAFullAgent(CapturedCheck check) {
        IceAgent agent = check.full();
        Check.deliver(agent, check.datagram(), PEER, 0);

        assertThat(Check.read(Check.sent(agent).get(0)).type()).isEqualTo(BINDING_SUCCESS);
    }

    /** Bytes changed anywhere under the integrity code, the header's length field included. */
    @Property(tries = 3000)
    void areRefusedWhenAnythingIsChanged(
            @ForAll @From("captured") CapturedCheck check,
            @ForAll @Size(min = 1, max = 6) List<@IntRange(max = 1_000_000) Integer> positions,
            @ForAll @IntRange(min = 1, max = 255) int change) {
        byte[] changed = check.datagram().clone();
        for (int position : positions) {
            changed[position % check.coveredBytes()] ^= (byte) change;
        }
        if (Arrays.equals(changed, check.datagram())) {
            return; // the changes undid each other
        }
        expectSilence(check, changed);
    }

    @Property(tries = 1000)
    void areRefusedWhenCutOrSplicedOrGrown(
            @ForAll @From("captured") CapturedCheck check,
            @ForAll @From("captured") CapturedCheck other,
            @ForAll @IntRange(max = 27) int word,
            @ForAll @Size(min = 1, max = 40) byte[] more) {
        byte[] own = check.datagram();
        expectSilence(check, Arrays.copyOf(own, Math.min(4 * word, own.length - 4)));
        // What follows the integrity code is ignored and may be anything (RFC 8489 §14.5), so the knife stays before
        // it.
        int at = Math.max(20, Math.min(4 * word, check.coveredBytes() - 4));
        expectSilence(check, withLength(join(Arrays.copyOf(own, at), more)));
        byte[] foreign = other.datagram();
        if (!Arrays.equals(own, foreign)) {
            byte[] tail = Arrays.copyOfRange(foreign, Math.min(at, foreign.length), foreign.length);
            expectSilence(check, withLength(join(Arrays.copyOf(own, at), tail)));
        }
    }

    /** Someone else's password, someone else's session: the bytes are good, and still nothing comes of them. */
    @Property(tries = 200)
    void areRefusedByEveryOtherSession(
            @ForAll @From("captured") CapturedCheck check, @ForAll @From("captured") CapturedCheck other) {
        if (!check.receiver().equals(other.receiver())) {
            expectSilence(other, check.datagram());
            IceCredentials sameName = new IceCredentials(
                    check.receiver().ufrag(), other.receiver().pwd());
            expectSilence(new CapturedCheck("", sameName, check.datagram()), check.datagram());
        }
    }

    @Provide
    Arbitrary<CapturedCheck> captured() {
        return Arbitraries.of(checks());
    }

    private static void expectSilence(CapturedCheck check, byte[] datagram) {
        for (IceAgent agent : List.of(check.lite(), check.full())) {
            Check.deliver(agent, datagram, STRANGER, 0);
            assertThat(Check.sent(agent)).isEmpty();
            assertThat(agent.isValidated(STRANGER)).isFalse();
            assertThat(agent.diagnosis().pairs()).isEmpty();
            assertThat(agent.pollEvent()).isNull();
        }
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, (first.length + second.length) & ~3);
        System.arraycopy(second, 0, both, first.length, both.length - first.length);
        return both;
    }

    private static byte[] withLength(byte[] datagram) {
        datagram[2] = (byte) (datagram.length - 20 >> 8);
        datagram[3] = (byte) (datagram.length - 20);
        return datagram;
    }
}

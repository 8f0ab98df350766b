// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Datagrams of strangers: nothing thrown, nothing kept, nothing sent. */
class HostileInputTest {
    private static final IceCredentials LOCAL = new IceCredentials("serv", "0123456789abcdefghijkl");
    private static final IceCredentials REMOTE = new IceCredentials("peer", "ABCDEFGHIJKLMNOPQRSTUV");
    private static final InetSocketAddress STRANGER = new InetSocketAddress("192.0.2.66", 6666);

    private final IceAgent lite = IceAgent.builder(LOCAL).random(new Random(1)).lite();
    private final IceAgent full = IceAgent.builder(LOCAL).random(new Random(1)).full(IceRole.CONTROLLED);

    @Property(tries = 1000)
    void randomDatagramsChangeNothing(@ForAll @Size(max = 400) byte[] datagram) {
        expectSilence(datagram);
        if (datagram.length >= 20) {
            byte[] likeStun = datagram.clone();
            likeStun[0] &= 1;
            byte[] cookie = {0x21, 0x12, (byte) 0xA4, 0x42};
            System.arraycopy(cookie, 0, likeStun, 4, 4);
            expectSilence(likeStun);
        }
    }

    /** But for the type and length of FINGERPRINT: without it, the check is still what the peer signed. */
    @Property(tries = 1000)
    void mutatedChecksAreRefused(
            @ForAll @IntRange(max = 87) int position, @ForAll @IntRange(min = 1, max = 255) int change) {
        byte[] check = Check.nominating(LOCAL);
        int fingerprint = check.length - 8;
        check[position < fingerprint ? position : position + 4] ^= (byte) change;

        expectSilence(check);
    }

    @Property(tries = 200)
    void truncatedChecksAreRefused(@ForAll @IntRange(max = 95) int length) {
        byte[] check = Check.nominating(LOCAL);

        expectSilence(Arrays.copyOf(check, Math.min(length, check.length - 1)));
    }

    @Test
    void aFloodFromSpoofedAddressesIsNotAmplifiedAndLeavesNoState() {
        IceCredentials guessed = new IceCredentials(LOCAL.ufrag(), "x".repeat(22));
        for (int i = 0; i < 10_000; i++) {
            InetSocketAddress source = new InetSocketAddress("203.0.113." + (i & 255), 1024 + i % 60_000);
            for (IceAgent agent : List.of(lite, full)) {
                Check.deliver(agent, Check.nominating(guessed), source, i);
            }
        }

        for (IceAgent agent : List.of(lite, full)) {
            assertThat(Check.sent(agent)).isEmpty();
            assertThat(agent.diagnosis().pairs()).isEmpty();
            assertThat(agent.diagnosis().counts().wrongIntegrity()).isEqualTo(10_000);
        }
    }

    @Test
    void anAuthenticatedAnswerIsNoLargerThanItsRequest() {
        for (String source : List.of("192.0.2.66", "2001:db8::66")) {
            byte[] check = Check.plain(LOCAL);
            Check.deliver(lite, check, new InetSocketAddress(source, 6666), 0);
            assertThat(Check.sent(lite).get(0).length).isLessThanOrEqualTo(check.length);
        }
        byte[] unknown = Check.to(LOCAL, writer -> writer.attribute(0x7000, "").attribute(0x7001, ""));
        Check.deliver(lite, unknown, STRANGER, 0);
        assertThat(Check.sent(lite).get(0).length).isLessThanOrEqualTo(unknown.length);
    }

    @Property(tries = 300)
    void routingNeverThrows(@ForAll @Size(max = 120) byte[] datagram) {
        ByteBuffer buffer = ByteBuffer.wrap(datagram);
        Stun.isStun(buffer);
        Stun.localUfragOf(buffer);

        assertThat(buffer.position()).isZero();
        assertThat(buffer.remaining()).isEqualTo(datagram.length);
    }

    @Test
    void routesByTheFragmentBeforeTheColon() {
        byte[] padded = new byte[300];
        byte[] check = Check.nominating(LOCAL);
        System.arraycopy(check, 0, padded, 50, check.length);

        assertThat(Stun.isStun(ByteBuffer.wrap(padded, 50, check.length))).isTrue();
        assertThat(Stun.localUfragOf(ByteBuffer.wrap(padded, 50, check.length))).isEqualTo("serv");
        assertThat(Stun.localUfragOf(ByteBuffer.wrap(padded, 50, check.length - 4)))
                .isNull();
        assertThat(Stun.isStun(ByteBuffer.wrap(new byte[] {22, 1, 0}))).isFalse();
    }

    private void expectSilence(byte[] datagram) {
        for (IceAgent agent : List.of(lite, full)) {
            agent.setRemoteCredentials(REMOTE, 0);
            Check.deliver(agent, datagram, STRANGER, 0);
            assertThat(Check.sent(agent)).isEmpty();
            assertThat(agent.isValidated(STRANGER)).isFalse();
            assertThat(agent.selectedAddress()).isNull();
        }
    }
}

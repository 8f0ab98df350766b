// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Candidates and credentials as signalling carries them. */
class CandidateTest {
    @Test
    void writesAPassiveTcpCandidateThatLosesToEveryUdpCandidateOfAHost() {
        Candidate passive = Candidate.tcpPassive(new InetSocketAddress("203.0.113.7", 443), 8191);

        assertThat(passive.format()).isEqualTo("tcp14 1 tcp 1352663039 203.0.113.7 443 typ host tcptype passive");
        assertThat(Candidate.parse(passive.format())).isEqualTo(passive);
        assertThat(passive.priority())
                .isLessThan(Candidate.priority(CandidateType.SERVER_REFLEXIVE, 0))
                .isGreaterThan(Candidate.priority(CandidateType.RELAYED, 65535));
    }

    @Test
    void readsWhatBrowsersWrite() {
        Candidate candidate = Candidate.parse("candidate:842163049 1 UDP 1677729535 203.0.113.7 46154 typ srflx"
                + " raddr 10.0.0.17 rport 46154 generation 0 ufrag kTQ1 network-cost 999");

        assertThat(candidate.type()).isEqualTo(CandidateType.SERVER_REFLEXIVE);
        assertThat(candidate.priority()).isEqualTo(1677729535L);
        assertThat(candidate.socketAddress()).isEqualTo(new InetSocketAddress("203.0.113.7", 46154));
        assertThat(candidate.relatedAddress()).isEqualTo("10.0.0.17");
        assertThat(candidate.format())
                .isEqualTo("842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 10.0.0.17 rport 46154");
    }

    @Test
    void keepsTheTypeOfATcpCandidate() {
        String line = "2785762335 1 tcp 1518214911 192.0.2.46 46653 typ host tcptype passive";
        Candidate candidate = Candidate.parse(line);

        assertThat(candidate.isUdp()).isFalse();
        assertThat(candidate.tcpType()).isEqualTo("passive");
        assertThat(candidate.format()).isEqualTo(line);
    }

    @Test
    void readsWhatItWrites() {
        Candidate four = Candidate.host(new InetSocketAddress("192.0.2.1", 10000), 65535);
        Candidate six = Candidate.of(
                CandidateType.SERVER_REFLEXIVE,
                new InetSocketAddress("2001:db8::1", 10000),
                1,
                new InetSocketAddress("fd00::1", 10000));

        assertThat(Candidate.parse(four.format())).isEqualTo(four);
        assertThat(Candidate.parse("a=candidate:" + six.format())).isEqualTo(six);
        assertThat(four.priority()).isEqualTo(2130706431L);
    }

    @Test
    void neverResolvesNames() {
        assertThat(Candidate.parse("1 1 udp 1 5b3a.local 9 typ host").socketAddress())
                .isNull();
        assertThat(Candidate.parse("1 1 udp 1 example.com 9 typ host").socketAddress())
                .isNull();
        assertThat(Candidate.parse("1 1 udp 1 256.1.1.1 9 typ host").socketAddress())
                .isNull();
        assertThat(Candidate.parse("1 1 udp 1 ::::: 9 typ host").socketAddress())
                .isNull();
        assertThat(Candidate.parse("1 1 udp 1 fe80::1%eth0 9 typ host").socketAddress())
                .isNull();
    }

    @Test
    void ignoresLinesThatItDoesNotUnderstand() {
        assertThat(Candidate.parse("")).isNull();
        assertThat(Candidate.parse("1 1 udp 1 192.0.2.1 9 typ")).isNull();
        assertThat(Candidate.parse("1 1 udp 1 192.0.2.1 9 typ magic")).isNull();
        assertThat(Candidate.parse("1 1 sctp 1 192.0.2.1 9 typ host")).isNull();
        assertThat(Candidate.parse("1 1 udp 1 192.0.2.1 65536 typ host")).isNull();
        assertThat(Candidate.parse("1 0 udp 1 192.0.2.1 9 typ host")).isNull();
        assertThat(Candidate.parse("1 1 udp 99999999999 192.0.2.1 9 typ host")).isNull();
        assertThat(Candidate.parse("1 1 udp 1 192.0.2.1 9 typ host " + "x".repeat(1024)))
                .isNull();
    }

    @Property(tries = 500)
    void neverThrowsOnText(@ForAll String text) {
        Candidate.parse(text);
        Candidate candidate = Candidate.parse("1 1 udp 1 " + text.replace(" ", "") + " 9 typ host");
        if (candidate != null) {
            candidate.socketAddress();
        }
    }

    @Test
    void generatesCredentialsOfEnoughRandomness() {
        IceCredentials one = IceCredentials.generate(new Random(1));
        IceCredentials two = IceCredentials.generate(new Random(2));

        assertThat(one.ufrag()).matches("[A-Za-z0-9+/]{8}").isNotEqualTo(two.ufrag());
        assertThat(one.pwd()).matches("[A-Za-z0-9+/]{24}").isNotEqualTo(two.pwd());
    }

    @Test
    void refusesCredentialsOutsideOfTheirLimits() {
        String pwd = "p".repeat(22);
        new IceCredentials("abcd", pwd);
        new IceCredentials("u".repeat(256), "p".repeat(256));

        assertThatThrownBy(() -> new IceCredentials("abc", pwd)).hasMessageContaining("4 to 256");
        assertThatThrownBy(() -> new IceCredentials("u".repeat(257), pwd)).hasMessageContaining("257");
        assertThatThrownBy(() -> new IceCredentials("abcd", "p".repeat(21))).hasMessageContaining("22 to 256");
        assertThatThrownBy(() -> new IceCredentials("ab:d", pwd)).hasMessageContaining("ice-char");
    }

    @Test
    void neverPrintsAPassword() {
        assertThat(new IceCredentials("abcd", "secretsecretsecretsecret").toString())
                .doesNotContain("secret");
    }
}

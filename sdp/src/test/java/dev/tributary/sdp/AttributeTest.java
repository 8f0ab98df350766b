// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AttributeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "send 1;2;3",
                "recv a",
                "send 1,~4;2 recv c,d;~e",
                "recv 1 send 2",
            })
    void readsSimulcastBackAsItWasWritten(String value) {
        Simulcast simulcast = Simulcast.parse(value);

        assertThat(Simulcast.parse(simulcast.write())).isEqualTo(simulcast);
        assertThat(simulcast.reversed().reversed()).isEqualTo(simulcast);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "send",
                "send ;",
                "send 1;;2",
                "send 1, 2",
                "both 1",
                "send 1 send 2",
                "send ~",
                "send 1 recv"
            })
    void ignoresMalformedSimulcast(String value) {
        assertThat(Simulcast.parse(value)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 send",
                "hi recv pt=96,97",
                "a-b_c send max-width=1280;max-height=720",
                "1 send pt=96;max-fps=30;x"
            })
    void readsRidsBackAsTheyWereWritten(String value) {
        assertThat(Rid.parse(value).write()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 1 udp 2130706431 203.0.113.7 10000 typ host",
                "842163049 1 udp 1677729535 198.51.100.2 46154 typ srflx raddr 0.0.0.0 rport 0 generation 0 network-cost 999",
                "3 1 TCP 2105524479 7b1c5d6e-068f-4b15-9c60-889c8514f675.local 9 typ host tcptype active",
                "1 2 UDP 1 2001:db8::1 1 typ relay raddr 2001:db8::2 rport 5",
                "1 1 quic 1 host.example 1 typ future",
            })
    void readsCandidatesBackAsTheyWereWritten(String value) {
        assertThat(CandidateAttribute.parse(value).write()).isEqualTo(value);
        assertThat(CandidateAttribute.parse("candidate:" + value)).isEqualTo(CandidateAttribute.parse(value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1 1 udp 1 a 1 typ",
                "1 1 udp 1 a 1 type host",
                "1 x udp 1 a 1 typ host",
                "1 1 udp 4294967296 a 1 typ host",
                "1 1 udp 1 a 65536 typ host",
                "1 1 udp 1 a 1 typ host raddr b rport 65536"
            })
    void refusesMalformedCandidates(String value) {
        assertThatThrownBy(() -> CandidateAttribute.parse(value)).isInstanceOf(SdpException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 urn:x", "2/recvonly urn:y", "255 urn:z some attributes", "4096 urn:later"})
    void readsExtensionsBackAsTheyWereWritten(String value) {
        assertThat(HeaderExtension.parse(value).write()).isEqualTo(value);
    }

    @Test
    void comparesFingerprintsByTheirBytes() {
        assertThat(CertificateFingerprint.parse("SHA-256 ab:CD"))
                .isEqualTo(CertificateFingerprint.parse("sha-256 AB:cd"));
        for (String malformed :
                List.of("sha-256", "sha-256 A", "sha-256 AB:", "sha-256 AB-CD", "sha-256 AB CD", "sha-256 GG")) {
            assertThatThrownBy(() -> CertificateFingerprint.parse(malformed)).isInstanceOf(SdpException.class);
        }
        assertThat(CertificateFingerprint.parse("x " + "00:".repeat(63) + "00")).isNotNull();
        assertThatThrownBy(() -> CertificateFingerprint.parse("x " + "00:".repeat(64) + "00"))
                .isInstanceOf(SdpException.class);
    }

    @Test
    void readsParametersWithoutRegardToCaseAndSpaces() {
        FormatParameters parameters = FormatParameters.parse(" Stereo=1; useinbandfec = 1 ;;flag;stereo=0");

        assertThat(parameters.get("stereo")).isEqualTo("1");
        assertThat(parameters.get("USEINBANDFEC")).isEqualTo("1");
        assertThat(parameters.get("flag")).isEmpty();
        assertThat(parameters.get("other")).isNull();
        assertThat(parameters.text()).isEqualTo("Stereo=1; useinbandfec = 1 ;;flag;stereo=0");
    }
}

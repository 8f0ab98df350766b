// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.sdp.SdpException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SdpFragmentTest {
    private static final String CREDENTIALS = "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n";

    @Test
    void readsCandidatesUnderTheirPseudoSection() {
        SdpFragment fragment = SdpFragment.parse(CREDENTIALS
                + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=candidate:1 1 udp 1 192.0.2.1 1 typ host\r\n"
                + "a=end-of-candidates\r\n");

        assertThat(fragment.ufrag()).isEqualTo("EsAw");
        assertThat(fragment.media()).singleElement().satisfies(media -> {
            assertThat(media.mid()).isEqualTo("0");
            assertThat(media.candidates()).containsExactly("1 1 udp 1 192.0.2.1 1 typ host");
            assertThat(media.endOfCandidates()).isTrue();
        });
    }

    @Test
    void readsCredentialsAndTheEndAtEitherLevel() {
        SdpFragment fragment = SdpFragment.parse(
                "a=ice-options:trickle ice2\r\na=end-of-candidates\r\nm=video 9 RTP/AVP 0\r\na=mid:v\r\n"
                        + CREDENTIALS);

        assertThat(fragment.ufrag()).isEqualTo("EsAw");
        assertThat(fragment.iceOptions()).containsExactly("trickle", "ice2");
        assertThat(fragment.endOfCandidates()).isTrue();
    }

    @Test
    void takesACandidateOnceThatIsRepeatedForEverySection() {
        String candidate = "a=candidate:1 1 udp 1 192.0.2.1 1 typ host\r\n";
        SdpFragment fragment = SdpFragment.parse(CREDENTIALS + "m=audio 9 RTP/AVP 0\r\na=mid:0\r\n" + candidate
                + candidate + CREDENTIALS + "m=audio 9 RTP/AVP 0\r\na=mid:1\r\n" + candidate);

        assertThat(fragment.candidates()).hasSize(1);
        assertThat(fragment.media()).hasSize(2);
    }

    @Test
    void takesCandidatesWithoutAnySection() {
        SdpFragment fragment = SdpFragment.parse("a=candidate:1 1 udp 1 192.0.2.1 1 typ host\n");

        assertThat(fragment.candidates()).hasSize(1);
        assertThat(fragment.media().get(0).mid()).isNull();
        assertThat(SdpFragment.parse(fragment.write())).isEqualTo(fragment);
    }

    @ParameterizedTest
    @CsvSource({
        "'',                                                          MISSING",
        "'a=mid',                                                     ",
        "'a=ice-ufrag:abcd',                                          MISSING",
        "'a=ice-ufrag:abc\na=ice-pwd:0123456789012345678901',         SYNTAX",
        "'not a line',                                                SYNTAX",
        "'{\"candidate\":1}',                                         SYNTAX",
        "'a=ice-ufrag:abcd\na=ice-pwd:0123456789012345678901\nm=audio 9 RTP/AVP 0\na=ice-ufrag:efgh', CONFLICT",
    })
    void refusesWhatIsNoFragment(String text, Reason reason) {
        if (reason != null) {
            assertThatThrownBy(() -> SdpFragment.parse(text))
                    .isInstanceOfSatisfying(
                            SdpException.class,
                            failure -> assertThat(failure.reason()).isEqualTo(reason));
        } else {
            assertThat(SdpFragment.parse(text).candidates()).isEmpty();
        }
    }

    @Test
    void answersARestartWithWhatTheDescriptionSaid() {
        SdpFragment fragment = SdpFragment.of(Peers.serverTransport(), "0");

        assertThat(SdpFragment.parse(fragment.write())).isEqualTo(fragment);
        assertThat(fragment.write())
                .startsWith("a=ice-lite\r\na=group:BUNDLE 0\r\na=ice-options:trickle\r\na=ice-ufrag:srv1\r\n")
                .contains("m=audio 9 RTP/AVP 0\r\na=mid:0\r\na=candidate:1 1 udp")
                .endsWith("a=end-of-candidates\r\n");
        assertThat(fragment.toString()).doesNotContain("password");
    }
}

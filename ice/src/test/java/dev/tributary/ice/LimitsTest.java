// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ice.internal.wire.IntegrityKey;
import dev.tributary.ice.internal.wire.IntegrityKey.Algorithm;
import dev.tributary.ice.internal.wire.StunMessage;
import dev.tributary.ice.internal.wire.StunMessage.ParseResult;
import dev.tributary.ice.internal.wire.StunWriter;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits of what is read, at their edge and one past. Those of queues and lists stand with the agents' tests. */
class LimitsTest {
    private static final IceCredentials LOCAL = new IceCredentials("serv", "0123456789abcdefghijkl");
    private static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.7", 4000);

    @ParameterizedTest
    @CsvSource({"4, 22, true", "3, 22, false", "4, 21, false", "256, 256, true", "257, 256, false", "256, 257, false"})
    void credentialsHaveTheLengthsOfTheirGrammar(int ufrag, int pwd, boolean isAllowed) {
        if (isAllowed) {
            assertThat(new IceCredentials("u".repeat(ufrag), "p".repeat(pwd)).ufrag())
                    .hasSize(ufrag);
        } else {
            assertThatThrownBy(() -> new IceCredentials("u".repeat(ufrag), "p".repeat(pwd)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("characters");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "F, 1, 1, 1, true",
        "F32, 256, 4294967295, 65535, true",
        "F33, 1, 1, 1, false",
        "F, 257, 1, 1, false",
        "F, 0, 1, 1, false",
        "F, 1, 4294967296, 1, false",
        "F, 1, 1, 65536, false"
    })
    void candidatesHaveTheRangesOfTheirGrammar(
            String foundation, int component, long priority, int port, boolean isAllowed) {
        String name = foundation.length() == 1 ? foundation : "f".repeat(Integer.parseInt(foundation.substring(1)));
        String line = name + " " + component + " udp " + priority + " 192.0.2.1 " + port + " typ host";

        assertThat(Candidate.parse(line) != null).isEqualTo(isAllowed);
    }

    @Test
    void aCandidateLineIsReadUpToItsLimit() {
        String line = "1 1 udp 1 192.0.2.1 1 typ host name ";

        assertThat(Candidate.parse(line + "x".repeat(1024 - line.length()))).isNotNull();
        assertThat(Candidate.parse(line + "x".repeat(1025 - line.length()))).isNull();
    }

    @Test
    void routesFragmentsUpToTheLongestThatMayBe() {
        String longest = "u".repeat(IceCredentials.UFRAG_MAX);

        assertThat(Stun.localUfragOf(ByteBuffer.wrap(named(longest)))).isEqualTo(longest);
        assertThat(Stun.localUfragOf(ByteBuffer.wrap(named(longest + "u")))).isNull();
    }

    @Test
    void answersAPeerWithTheLongestCredentials() {
        IceCredentials longest = new IceCredentials("u".repeat(256), "p".repeat(256));
        IceAgent agent = IceAgent.lite(longest);
        byte[] check = Check.bare(longest, StunWriter::useCandidate);

        Check.deliver(agent, check, PEER, 0);

        assertThat(Check.sent(agent).get(0).length).isLessThanOrEqualTo(check.length);
        assertThat(agent.selectedAddress()).isEqualTo(PEER);
    }

    @Test
    void aHeaderIsTheShortestMessage() {
        byte[] header = new StunWriter().begin(0x0011, 1, 2).copy();
        StunMessage message = new StunMessage();

        assertThat(message.parse(header, 0, 20)).isEqualTo(ParseResult.OK);
        assertThat(message.parse(header, 0, 19)).isEqualTo(ParseResult.NOT_STUN);
    }

    @Test
    void anAttributeEndsWithTheMessageAndNotOneByteLater() {
        byte[] datagram =
                new StunWriter().begin(0x0001, 1, 2).attribute(0xC000, "1234").copy();
        datagram[3] = 8;
        StunMessage message = new StunMessage();

        assertThat(message.parse(datagram, 0, 28)).isEqualTo(ParseResult.OK);
        datagram[23] = 5;
        assertThat(message.parse(datagram, 0, 28)).isEqualTo(ParseResult.MALFORMED);
    }

    /** RFC 8489 §14.6: 16 to 32 bytes, in words. */
    @ParameterizedTest
    @CsvSource({"12, false", "16, true", "20, true", "30, false", "32, true", "36, false"})
    void aTruncatedIntegrityCodeIsTakenAsFarAsTheRfcAllows(int bytes, boolean isAllowed) {
        IntegrityKey key = IntegrityKey.ofPassword(LOCAL.pwd());
        byte[] whole = Check.begin(LOCAL).integrity(key, Algorithm.SHA256).copy();
        int attributeAt = whole.length - 36;
        int padded = bytes + 3 & ~3;
        // The code covers the length field, so it is computed for the length that the message will have.
        byte[] cut = Arrays.copyOf(whole, attributeAt + 4 + padded);
        cut[2] = (byte) (cut.length - 20 >> 8);
        cut[3] = (byte) (cut.length - 20);
        cut[attributeAt + 3] = (byte) bytes;
        byte[] code = hmacSha256(Arrays.copyOf(cut, attributeAt));
        System.arraycopy(code, 0, cut, attributeAt + 4, Math.min(bytes, 32));
        IceAgent agent = IceAgent.lite(LOCAL);

        Check.deliver(agent, cut, PEER, 0);

        assertThat(agent.isValidated(PEER)).isEqualTo(isAllowed);
        assertThat(Check.sent(agent)).hasSize(isAllowed ? 1 : 0);
    }

    private static byte[] hmacSha256(byte[] text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(LOCAL.pwd().getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] named(String ufrag) {
        return new StunWriter()
                .begin(0x0001, 1, 2)
                .username((ufrag + ":peer").getBytes(StandardCharsets.US_ASCII))
                .finish()
                .copy();
    }
}

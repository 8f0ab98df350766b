// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.ice.internal.wire.IntegrityKey.Algorithm;
import dev.tributary.ice.internal.wire.StunMessage.ParseResult;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The codec against the vectors of RFC 5769, against another HMAC, and against nonsense. */
public class StunCodecTest {
    private static final IntegrityKey KEY = IntegrityKey.ofPassword("VOkJxbRl1RmTxUk/WvJxBt");

    /** RFC 5769 §2.1. */
    static final byte[] SAMPLE_REQUEST = hex("""
            00010058 2112a442 b7e7a701 bc34d686 fa87dfae 80220010 5354554e 20746573 7420636c 69656e74
            00240004 6e0001ff 80290008 932ff9b1 51263b36 00060009 6576746a 3a683676 59202020 00080014
            9aeaa70c bfd8cb56 781ef2b5 b2d3f249 c1b571a2 80280004 e57a3bcf
            """);

    /** RFC 5769 §2.2. */
    private static final byte[] SAMPLE_IPV4_RESPONSE = hex("""
            0101003c 2112a442 b7e7a701 bc34d686 fa87dfae 8022000b 74657374 20766563 746f7220 00200008
            0001a147 e112a643 00080014 2b91f599 fd9e90c3 8c7489f9 2af9ba53 f06be7d7 80280004 c07d4c96
            """);

    /** RFC 5769 §2.3. */
    private static final byte[] SAMPLE_IPV6_RESPONSE = hex("""
            01010048 2112a442 b7e7a701 bc34d686 fa87dfae 8022000b 74657374 20766563 746f7220 00200014
            0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9 00080014 a382954e 4be67bf1 1784c97c 8292c275
            bfe3ed41 80280004 c8fb0b4c
            """);

    private final StunMessage message = new StunMessage();

    @Test
    void readsTheSampleRequest() {
        assertThat(message.parse(SAMPLE_REQUEST, 0, SAMPLE_REQUEST.length)).isEqualTo(ParseResult.OK);

        assertThat(message.type()).isEqualTo(StunAttributes.BINDING_REQUEST);
        assertThat(message.isBinding()).isTrue();
        assertThat(message.usernameBeforeColon(256)).isEqualTo("evtj");
        assertThat(message.priority(-1)).isEqualTo(0x6e0001ffL);
        assertThat(message.isControlled()).isTrue();
        assertThat(message.isControlling()).isFalse();
        assertThat(message.tieBreaker()).isEqualTo(0x932ff9b151263b36L);
        assertThat(message.useCandidate()).isFalse();
        assertThat(message.hasFingerprint()).isTrue();
        assertThat(message.fingerprintAgrees()).isTrue();
        assertThat(message.verify(KEY)).isTrue();
        assertThat(message.verify(IntegrityKey.ofPassword("VOkJxbRl1RmTxUk/WvJxBu")))
                .isFalse();
    }

    @Test
    void readsTheSampleResponses() {
        message.parse(SAMPLE_IPV4_RESPONSE, 0, SAMPLE_IPV4_RESPONSE.length);
        assertThat(message.verify(KEY)).isTrue();
        assertThat(message.fingerprintAgrees()).isTrue();
        assertThat(message.mappedAddress()).isEqualTo(new InetSocketAddress("192.0.2.1", 32853));

        message.parse(SAMPLE_IPV6_RESPONSE, 0, SAMPLE_IPV6_RESPONSE.length);
        assertThat(message.verify(KEY)).isTrue();
        assertThat(message.fingerprintAgrees()).isTrue();
        assertThat(message.mappedAddress())
                .isEqualTo(new InetSocketAddress("2001:db8:1234:5678:11:2233:4455:6677", 32853));
    }

    @Test
    void readsAtAnyOffsetOfALargerArray() {
        byte[] slab = new byte[300];
        System.arraycopy(SAMPLE_REQUEST, 0, slab, 77, SAMPLE_REQUEST.length);

        assertThat(message.parse(slab, 77, SAMPLE_REQUEST.length)).isEqualTo(ParseResult.OK);

        assertThat(message.verify(KEY)).isTrue();
        assertThat(message.fingerprintAgrees()).isTrue();
    }

    @Test
    void leavesTheDatagramAsItWasAfterVerifying() {
        byte[] copy = SAMPLE_REQUEST.clone();
        message.parse(copy, 0, copy.length);

        message.verify(KEY);

        assertThat(copy).isEqualTo(SAMPLE_REQUEST);
    }

    @Test
    void writesWhatItReads() {
        StunWriter writer = new StunWriter();
        writer.begin(StunAttributes.BINDING_REQUEST, 0x0102030405060708L, 0x090A0B0C)
                .username("remote:local".getBytes(StandardCharsets.US_ASCII))
                .priority(0xFFFFFFFFL)
                .role(true, -2)
                .useCandidate()
                .finish(KEY, Algorithm.SHA1);

        assertThat(message.parse(writer.copy(), 0, writer.length())).isEqualTo(ParseResult.OK);

        assertThat(message.transactionHigh()).isEqualTo(0x0102030405060708L);
        assertThat(message.transactionLow()).isEqualTo(0x090A0B0C);
        assertThat(message.usernameBegins("remote".getBytes(StandardCharsets.US_ASCII)))
                .isTrue();
        assertThat(message.usernameBegins("remot".getBytes(StandardCharsets.US_ASCII)))
                .isFalse();
        assertThat(message.priority(-1)).isEqualTo(0xFFFFFFFFL);
        assertThat(message.isControlling()).isTrue();
        assertThat(message.tieBreaker()).isEqualTo(-2);
        assertThat(message.useCandidate()).isTrue();
        assertThat(message.verify(KEY)).isTrue();
        assertThat(message.fingerprintAgrees()).isTrue();
    }

    @Test
    void prefersTheStrongerIntegrityAttribute() {
        StunWriter writer = new StunWriter();
        writer.begin(StunAttributes.BINDING_REQUEST, 1, 2)
                .integrity(KEY, Algorithm.SHA1)
                .integrity(KEY, Algorithm.SHA256)
                .finish();
        message.parse(writer.copy(), 0, writer.length());

        assertThat(message.integrityAlgorithm()).isEqualTo(Algorithm.SHA256);
        assertThat(message.verify(KEY)).isTrue();
        assertThat(message.verify(IntegrityKey.ofPassword("another"))).isFalse();
    }

    @Test
    void ignoresWhatFollowsTheIntegrityAttribute() {
        StunWriter writer = new StunWriter();
        writer.begin(StunAttributes.BINDING_REQUEST, 1, 2)
                .integrity(KEY, Algorithm.SHA1)
                .useCandidate()
                .finish();
        message.parse(writer.copy(), 0, writer.length());

        assertThat(message.verify(KEY)).isTrue();
        assertThat(message.useCandidate()).isFalse();
    }

    @Test
    void reportsUnknownComprehensionRequiredAttributesOnly() {
        StunWriter writer = new StunWriter();
        writer.begin(StunAttributes.BINDING_REQUEST, 1, 2)
                .attribute(0x7001, "x")
                .attribute(0xC057, "abcd")
                .attribute(0x0003, "")
                .finish(KEY, Algorithm.SHA1);
        message.parse(writer.copy(), 0, writer.length());

        assertThat(message.unknownCount()).isEqualTo(2);
        assertThat(message.unknown(0)).isEqualTo(0x7001);
        assertThat(message.unknown(1)).isEqualTo(0x0003);
    }

    @Test
    void reportsAtMostAsManyUnknownAttributesAsItSays() {
        StunWriter request = new StunWriter().begin(StunAttributes.BINDING_REQUEST, 1, 2);
        for (int i = 0; i <= StunMessage.UNKNOWN_REPORTED_MAX; i++) {
            request.attribute(0x7000 + i, "");
        }
        message.parse(request.finish().copy(), 0, request.length());
        assertThat(message.unknownCount()).isEqualTo(StunMessage.UNKNOWN_REPORTED_MAX + 1);

        StunWriter answer = new StunWriter().begin(StunAttributes.BINDING_ERROR, 1, 2);
        answer.errorCode(420).unknownAttributes(message).finish();

        assertThat(answer.length()).isEqualTo(20 + 8 + 4 + 2 * StunMessage.UNKNOWN_REPORTED_MAX + 8);
        StunMessage read = new StunMessage();
        assertThat(read.parse(answer.copy(), 0, answer.length())).isEqualTo(ParseResult.OK);
        assertThat(read.errorCode()).isEqualTo(420);
    }

    @Test
    void refusesWhatIsNotWellFormed() {
        byte[] shortened = Arrays.copyOf(SAMPLE_REQUEST, SAMPLE_REQUEST.length - 4);
        byte[] odd = SAMPLE_REQUEST.clone();
        odd[3] += 1;
        byte[] overrun = SAMPLE_REQUEST.clone();
        overrun[22] = 0x7F;
        byte[] otherCookie = SAMPLE_REQUEST.clone();
        otherCookie[4] ^= 1;
        byte[] rtp = SAMPLE_REQUEST.clone();
        rtp[0] = (byte) 0x80;

        assertThat(message.parse(shortened, 0, shortened.length)).isEqualTo(ParseResult.MALFORMED);
        assertThat(message.parse(odd, 0, odd.length)).isEqualTo(ParseResult.MALFORMED);
        assertThat(message.parse(overrun, 0, overrun.length)).isEqualTo(ParseResult.MALFORMED);
        assertThat(message.parse(otherCookie, 0, otherCookie.length)).isEqualTo(ParseResult.NOT_STUN);
        assertThat(message.parse(rtp, 0, rtp.length)).isEqualTo(ParseResult.NOT_STUN);
        assertThat(message.parse(SAMPLE_REQUEST, 0, 19)).isEqualTo(ParseResult.NOT_STUN);
    }

    /** RFC 8489 §14: of several equal attributes only the first may be processed. */
    @Test
    void theFirstOfTwoEqualAttributesCounts() {
        StunWriter writer = new StunWriter().begin(StunAttributes.BINDING_REQUEST, 1, 2);
        writer.priority(7).priority(8).username("a:b".getBytes(StandardCharsets.US_ASCII));
        writer.username("c:d".getBytes(StandardCharsets.US_ASCII)).finish();

        assertThat(message.parse(writer.copy(), 0, writer.length())).isEqualTo(ParseResult.OK);
        assertThat(message.priority(-1)).isEqualTo(7);
        assertThat(message.usernameBeforeColon(256)).isEqualTo("a");
    }

    /** RFC 8489 §14.7: FINGERPRINT is the last attribute. */
    @Test
    void nothingFollowsTheFingerprint() {
        byte[] more = new StunWriter()
                .begin(StunAttributes.BINDING_REQUEST, 1, 2)
                .finish()
                .attribute(0xC000, "")
                .copy();
        more[3] = (byte) (more.length - 20);

        assertThat(message.parse(more, 0, more.length)).isEqualTo(ParseResult.MALFORMED);
    }

    /** RFC 8489 §14: the padding may hold anything and is ignored; RFC 5769 §2.1 pads with spaces. */
    @Test
    void paddingMayHoldAnything() {
        byte[] padded = new StunWriter()
                .begin(StunAttributes.BINDING_REQUEST, 1, 2)
                .username("ab:cd".getBytes(StandardCharsets.US_ASCII))
                .copy();
        padded[3] = (byte) (padded.length - 20);
        padded[padded.length - 1] = 'x';

        assertThat(message.parse(padded, 0, padded.length)).isEqualTo(ParseResult.OK);
        assertThat(message.usernameBeforeColon(256)).isEqualTo("ab");
    }

    @Test
    void noticesEveryFlippedBit() {
        for (int bit = 0; bit < SAMPLE_REQUEST.length * 8; bit++) {
            byte[] damaged = SAMPLE_REQUEST.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);

            boolean accepted = message.parse(damaged, 0, damaged.length) == ParseResult.OK
                    && message.hasFingerprint()
                    && message.fingerprintAgrees()
                    && message.verify(KEY);

            assertThat(accepted).as("bit " + bit).isFalse();
        }
    }

    @Property(tries = 300)
    void signsAsTheJavaPlatformDoes(@ForAll @Size(min = 1, max = 100) byte[] key, @ForAll @Size(max = 300) byte[] text)
            throws Exception {
        byte[] sha1 = new byte[20];
        byte[] sha256 = new byte[32];
        IntegrityKey ours = IntegrityKey.ofBytes(key);

        ours.sign(Algorithm.SHA1, text, 0, text.length, sha1, 0);
        ours.sign(Algorithm.SHA256, text, 0, text.length, sha256, 0);

        assertThat(sha1).isEqualTo(platformMac("HmacSHA1", key, text));
        assertThat(sha256).isEqualTo(platformMac("HmacSHA256", key, text));
    }

    @Property(tries = 2000)
    void neverThrowsOnMutatedDatagrams(
            @ForAll @Size(min = 1, max = 12) int[] positions,
            @ForAll byte value,
            @ForAll @IntRange(max = 108) int length) {
        byte[] damaged = SAMPLE_REQUEST.clone();
        for (int position : positions) {
            damaged[20 + Math.floorMod(position, damaged.length - 20)] ^= value;
        }
        readEverything(damaged, damaged.length);
        damaged[2] = 0;
        damaged[3] = (byte) Math.max(0, length - 20);
        readEverything(damaged, length);
    }

    @Property(tries = 500)
    void neverThrowsOnRandomAttributes(@ForAll @Size(max = 200) byte[] attributes) {
        byte[] datagram = Arrays.copyOf(SAMPLE_REQUEST, 20 + (attributes.length & ~3));
        System.arraycopy(attributes, 0, datagram, 20, attributes.length & ~3);
        datagram[2] = 0;
        datagram[3] = (byte) (attributes.length & ~3);
        readEverything(datagram, datagram.length);
    }

    private void readEverything(byte[] datagram, int length) {
        if (message.parse(datagram, 0, length) == ParseResult.OK) {
            message.usernameBeforeColon(256);
            message.usernameBegins("evtj".getBytes(StandardCharsets.US_ASCII));
            message.mappedAddress();
            message.errorCode();
            message.priority(0);
            message.tieBreaker();
            message.fingerprintAgrees();
            message.verify(KEY);
        }
    }

    private static byte[] platformMac(String algorithm, byte[] key, byte[] text) throws Exception {
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(key, algorithm));
        return mac.doFinal(text);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }
}

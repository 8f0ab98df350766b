// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RtpPacketTest {
    /** Marker, payload type 111, sequence 0x1234, one-byte extensions 1 = "0" and 3 = 0xA1B2, payload DE AD. */
    private static final byte[] PACKET = bytes("90ef1234 a0b0c0d0 5e55101d bede0002 1030 31a1b2 000000 dead");

    private final RtpPacket packet = new RtpPacket();

    @Test
    void readsEveryFieldOfThePacket() {
        assertThat(packet.wrap(PACKET, 0, PACKET.length)).isTrue();

        assertThat(packet.marker()).isTrue();
        assertThat(packet.payloadType()).isEqualTo(111);
        assertThat(packet.sequenceNumber()).isEqualTo(0x1234);
        assertThat(packet.timestamp()).isEqualTo(0xA0B0C0D0);
        assertThat(packet.ssrc()).isEqualTo(0x5E55101D);
        assertThat(packet.csrcCount()).isZero();
        assertThat(packet.headerLength()).isEqualTo(24);
        assertThat(packet.payloadLength()).isEqualTo(2);
        assertThat(packet.extensionProfile()).isEqualTo(HeaderExtensions.PROFILE_ONE_BYTE);
    }

    @Test
    void readsAtAnOffsetOfALargerArray() {
        byte[] larger = new byte[PACKET.length + 20];
        System.arraycopy(PACKET, 0, larger, 7, PACKET.length);

        assertThat(packet.wrap(larger, 7, PACKET.length)).isTrue();

        assertThat(packet.sequenceNumber()).isEqualTo(0x1234);
        long found = HeaderExtensions.find(packet, 3);
        assertThat(larger[HeaderExtensions.offset(found)]).isEqualTo((byte) 0xA1);
    }

    @Test
    void findsOneByteExtensionsByTheirId() {
        packet.wrap(PACKET, 0, PACKET.length);

        long first = HeaderExtensions.find(packet, 1);
        long third = HeaderExtensions.find(packet, 3);

        assertThat(HeaderExtensions.length(first)).isEqualTo(1);
        assertThat(PACKET[HeaderExtensions.offset(first)]).isEqualTo((byte) '0');
        assertThat(HeaderExtensions.length(third)).isEqualTo(2);
        assertThat(HeaderExtensions.find(packet, 2)).isEqualTo(HeaderExtensions.NOT_FOUND);
        assertThat(HeaderExtensions.find(packet, 0)).isEqualTo(HeaderExtensions.NOT_FOUND);
    }

    @Test
    void findsTwoByteExtensionsThatAreLongOrEmpty() {
        byte[] twoByte = bytes("90601234 a0b0c0d0 5e55101d 10030002 1500 00 c80301 0203 00 ff");
        assertThat(packet.wrap(twoByte, 0, twoByte.length)).isTrue();

        assertThat(HeaderExtensions.length(HeaderExtensions.find(packet, 0x15))).isZero();
        assertThat(HeaderExtensions.length(HeaderExtensions.find(packet, 0xC8))).isEqualTo(3);
    }

    @Test
    void idFifteenEndsTheOneByteForm() {
        byte[] stopped = bytes("90601234 a0b0c0d0 5e55101d bede0001 f0 1030 00");
        assertThat(packet.wrap(stopped, 0, stopped.length)).isTrue();

        assertThat(HeaderExtensions.find(packet, 1)).isEqualTo(HeaderExtensions.NOT_FOUND);
    }

    @Test
    void anElementThatOverrunsItsBlockIsNotFound() {
        byte[] overrun = bytes("90601234 a0b0c0d0 5e55101d bede0001 1f303030 dead");
        assertThat(packet.wrap(overrun, 0, overrun.length)).isTrue();

        assertThat(HeaderExtensions.find(packet, 1)).isEqualTo(HeaderExtensions.NOT_FOUND);
    }

    @Test
    void unknownExtensionProfilesAreCarriedButNotRead() {
        byte[] other = bytes("90601234 a0b0c0d0 5e55101d abac0001 10300000");
        assertThat(packet.wrap(other, 0, other.length)).isTrue();

        assertThat(packet.extensionProfile()).isEqualTo(0xABAC);
        assertThat(HeaderExtensions.find(packet, 1)).isEqualTo(HeaderExtensions.NOT_FOUND);
    }

    @Test
    void padsAreTakenOffThePayload() {
        byte[] padded = bytes("a0601234 a0b0c0d0 5e55101d 01020304 00000003");
        assertThat(packet.wrap(padded, 0, padded.length)).isTrue();

        assertThat(packet.paddingLength()).isEqualTo(3);
        assertThat(packet.payloadLength()).isEqualTo(5);
    }

    @Test
    void refusesPaddingThatCannotBe() {
        byte[] zero = bytes("a0601234 a0b0c0d0 5e55101d 01020300");
        byte[] tooLong = bytes("a0601234 a0b0c0d0 5e55101d 01020305");
        byte[] all = bytes("a0601234 a0b0c0d0 5e55101d 01020304");
        byte[] none = bytes("a0601234 a0b0c0d0 5e55101d");

        assertThat(packet.wrap(zero, 0, zero.length)).isFalse();
        assertThat(packet.wrap(tooLong, 0, tooLong.length)).isFalse();
        assertThat(packet.wrap(none, 0, none.length)).isFalse();
        assertThat(packet.wrap(all, 0, all.length)).isTrue();
        assertThat(packet.payloadLength()).isZero();
        // Encrypted padding means nothing, so the header alone is acceptable.
        assertThat(packet.wrapHeader(zero, 0, zero.length)).isTrue();
    }

    @Test
    void refusesHeadersThatAreCutOff() {
        byte[] csrcs = bytes("8f601234 a0b0c0d0 5e55101d 00000000");
        byte[] extension = bytes("90601234 a0b0c0d0 5e55101d bede0002 00000000");

        assertThat(packet.wrap(PACKET, 0, 11)).isFalse();
        assertThat(packet.wrap(csrcs, 0, csrcs.length)).isFalse();
        assertThat(packet.wrap(extension, 0, extension.length)).isFalse();
        assertThat(packet.wrap(extension, 0, 14)).isFalse();
        assertThat(packet.wrap(extension, 8, extension.length)).isFalse();
        assertThat(packet.wrap(bytes("50601234 a0b0c0d0 5e55101d"), 0, 12)).isFalse();
    }

    @Test
    void patchesInPlaceWithoutTouchingNeighbours() {
        byte[] copy = PACKET.clone();
        packet.wrap(copy, 0, copy.length);

        packet.setMarker(false);
        packet.setPayloadType(96);
        packet.setSequenceNumber(0x1FFFF);
        packet.setTimestamp(-1);
        packet.setSsrc(7);

        assertThat(HexFormat.of().formatHex(copy, 0, 16)).isEqualTo("9060ffffffffffff00000007bede0002");
        packet.setMarker(true);
        assertThat(packet.payloadType()).isEqualTo(96);
    }

    @Test
    void tellsRtpRtcpAndOthersApartByTheirFirstBytes() {
        byte[] rtcp = bytes("80c80006 00000000");
        byte[] stun = bytes("00010000 2112a442");

        assertThat(RtpPacket.isRtpOrRtcp(PACKET, 0, PACKET.length)).isTrue();
        assertThat(RtpPacket.isRtcp(PACKET, 0)).isFalse();
        assertThat(RtpPacket.isRtpOrRtcp(rtcp, 0, 8)).isTrue();
        assertThat(RtpPacket.isRtcp(rtcp, 0)).isTrue();
        assertThat(RtpPacket.isRtpOrRtcp(stun, 0, 8)).isFalse();
        assertThat(RtpPacket.isRtpOrRtcp(rtcp, 0, 7)).isFalse();
    }

    @Property(tries = 500)
    void neverThrowsOnArbitraryBytes(
            @ForAll @Size(max = 80) byte[] bytes, @ForAll @IntRange(max = 255) int id, @ForAll boolean plausible) {
        if (plausible && bytes.length > 16) {
            bytes[0] = (byte) (0x90 | bytes[0] & 0x21);
            bytes[12] = (byte) 0xBE;
            bytes[13] = (byte) 0xDE;
            bytes[14] = 0;
        }
        if (!packet.wrap(bytes, 0, bytes.length)) {
            return;
        }
        long found = HeaderExtensions.find(packet, id);

        assertThat(packet.payloadLength()).isBetween(0, bytes.length);
        if (found != HeaderExtensions.NOT_FOUND) {
            assertThat(HeaderExtensions.offset(found) + HeaderExtensions.length(found))
                    .isLessThanOrEqualTo(packet.headerLength());
        }
    }

    @Property(tries = 300)
    void findsWhatTheWriterWrote(
            @ForAll @IntRange(min = 1, max = 14) int id,
            @ForAll @Size(min = 1, max = 16) byte[] value,
            @ForAll boolean twoByte) {
        byte[] bytes = new byte[64];
        int at = RtpPacket.writeHeader(bytes, 0, true, false, 96, 1, 2, 3);
        HeaderExtensionWriter writer = new HeaderExtensionWriter();
        assertThat(writer.begin(bytes, at, bytes.length, twoByte)).isTrue();
        assertThat(writer.putNumber(id == 14 ? 1 : id + 1, 0xABCDEF, 3)).isTrue();
        assertThat(writer.put(id, value, 0, value.length)).isTrue();
        int end = writer.end();

        assertThat(packet.wrap(bytes, 0, end)).isTrue();
        long found = HeaderExtensions.find(packet, id);

        assertThat(end % 4).isZero();
        assertThat(packet.payloadLength()).isZero();
        assertThat(HeaderExtensions.length(found)).isEqualTo(value.length);
        assertThat(bytes).containsSequence(value);
    }

    @Test
    void theExtensionWriterRefusesWhatItsFormCannotSayAndWhatDoesNotFit() {
        byte[] bytes = new byte[32];
        HeaderExtensionWriter writer = new HeaderExtensionWriter();

        assertThat(writer.begin(bytes, 0, 3, false)).isFalse();
        assertThat(writer.begin(bytes, 0, 12, false)).isTrue();
        assertThat(writer.put(15, bytes, 0, 1)).isFalse();
        assertThat(writer.put(0, bytes, 0, 1)).isFalse();
        assertThat(writer.put(1, bytes, 0, 0)).isFalse();
        assertThat(writer.put(1, bytes, 0, 17)).isFalse();
        assertThat(writer.put(1, bytes, 0, 8)).isFalse();
        assertThat(writer.end()).isZero();
        assertThat(writer.put(1, bytes, 0, 7)).isTrue();
        assertThat(writer.put(2, bytes, 0, 1)).isFalse();
        assertThat(writer.end()).isEqualTo(12);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    @Test
    void tellsTheSenderOfRtpAndRtcpAndNothingOfWhatIsTooShort() {
        byte[] rtp = {(byte) 0x80, 96, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4};
        byte[] rtcp = {(byte) 0x80, (byte) 201, 0, 1, 5, 6, 7, 8};

        assertThat(RtpPacket.senderSsrc(rtp, 0, 12)).isEqualTo(0x01020304);
        assertThat(RtpPacket.senderSsrc(rtp, 0, 11)).isZero();
        assertThat(RtpPacket.senderSsrc(rtcp, 0, 8)).isEqualTo(0x05060708);
        assertThat(RtpPacket.senderSsrc(rtcp, 0, 7)).isZero();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.srtp.DtlsRole;
import dev.tributary.srtp.SrtpFailure;
import dev.tributary.srtp.SrtpKeyingMaterial;
import dev.tributary.srtp.SrtpProfile;
import dev.tributary.srtp.SrtpSession;
import dev.tributary.testkit.foreign.CProgram;
import dev.tributary.testkit.foreign.ForeignProgram;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Packets from us to libsrtp and back, through a pipe. */
@Timeout(120)
final class LibsrtpTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final HexFormat HEX = HexFormat.of();
    private static final long SEED = Long.getLong("tributary.seed", 3);

    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void opensWhatWeSealOverSeveralRollOvers(SrtpProfile profile) {
        try (Peer peer = new Peer(profile)) {
            for (int index : indices()) {
                byte[] packet = peer.packets.rtp(index & 0xFFFF);

                assertThat(peer.answer("open-rtp", peer.ours.sealRtp(packet)))
                        .as(peer.packets.seed())
                        .isEqualTo(packet);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void sealsWhatWeOpenOverSeveralRollOvers(SrtpProfile profile) {
        try (Peer peer = new Peer(profile)) {
            for (int index : indices()) {
                byte[] packet = peer.packets.rtp(index & 0xFFFF);

                assertThat(peer.ours.openRtp(peer.answer("seal-rtp", packet)))
                        .as(peer.packets.seed())
                        .isEqualTo(packet);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void agreesOnRtcpBothWays(SrtpProfile profile) {
        try (Peer peer = new Peer(profile)) {
            for (int i = 0; i < 50; i++) {
                byte[] packet = peer.packets.rtcp(i);

                assertThat(peer.answer("open-rtcp", peer.ours.sealRtcp(packet))).isEqualTo(packet);
                assertThat(peer.ours.openRtcp(peer.answer("seal-rtcp", packet))).isEqualTo(packet);
            }
        }
    }

    /** Reordering over a roll-over, in both directions: what was late belongs to the lap before. */
    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void agreesOnWhatIsLateOverARollOver(SrtpProfile profile) {
        List<Integer> numbers = List.of(65_530, 65_535, 2, 65_533, 0, 65_534, 1, 3, 65_531);
        try (Peer peer = new Peer(profile)) {
            List<byte[]> inOrder = numbers.stream()
                    .sorted((a, b) -> Short.compare(a.shortValue(), b.shortValue()))
                    .map(peer.packets::rtp)
                    .toList();
            List<byte[]> byUs = inOrder.stream().map(peer.ours::sealRtp).toList();
            List<byte[]> byThem = inOrder.stream()
                    .map(packet -> peer.answer("seal-rtp", packet))
                    .toList();
            for (int number : numbers) {
                int at = positionOf(number, inOrder);

                assertThat(peer.answer("open-rtp", byUs.get(at))).isEqualTo(inOrder.get(at));
                assertThat(peer.ours.openRtp(byThem.get(at))).isEqualTo(inOrder.get(at));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void refusesEachOthersReplaysAndForgeries(SrtpProfile profile) {
        try (Peer peer = new Peer(profile)) {
            byte[] byUs = peer.ours.sealRtp(peer.packets.rtp(7));
            byte[] byThem = peer.answer("seal-rtp", peer.packets.rtp(8));
            byte[] forgedByUs = byUs.clone();
            forgedByUs[byUs.length - 1] ^= 1;
            byte[] forgedByThem = byThem.clone();
            forgedByThem[13] ^= 1;

            assertThat(peer.answer("open-rtp", forgedByUs)).isNull();
            assertThat(peer.ours.openRtpStatus(forgedByThem)).isEqualTo(SrtpFailure.AUTHENTICATION.status());
            assertThat(peer.answer("open-rtp", byUs)).isNotNull();
            assertThat(peer.ours.openRtpStatus(byThem)).isPositive();
            assertThat(peer.answer("open-rtp", byUs)).isNull();
            assertThat(peer.ours.openRtpStatus(byThem)).isEqualTo(SrtpFailure.REPLAYED.status());
        }
    }

    /** Four laps, each roll-over packet by packet, with leaps of a third of a lap between. */
    private static List<Integer> indices() {
        return IntStream.iterate(65_500, index -> index < 5 * 65_536, index -> {
                    int inLap = index & 0xFFFF;
                    return inLap > 65_520 || inLap < 16 ? index + 1 : Math.min(index + 20_000, (index | 0xFFFF) - 14);
                })
                .boxed()
                .toList();
    }

    private static int positionOf(int number, List<byte[]> packets) {
        for (int i = 0; i < packets.size(); i++) {
            if (RtpPackets.sequenceOf(packets.get(i)) == number) {
                return i;
            }
        }
        throw new AssertionError(number);
    }

    /** libsrtp and our end, with the keys of one connection. */
    private static final class Peer implements AutoCloseable {
        final RtpPackets packets = new RtpPackets(SEED);
        final SrtpEnd ours;
        private final ForeignProgram theirs;

        Peer(SrtpProfile profile) {
            byte[] exported = new byte[profile.keyingMaterialBytes()];
            new Random(SEED).nextBytes(exported);
            ours = new SrtpEnd(SrtpSession.of(SrtpKeyingMaterial.of(profile, exported), DtlsRole.CLIENT));
            theirs = ForeignProgram.start(
                    "libsrtp",
                    List.of(
                            CProgram.build(LibsrtpTest.class, "libsrtp_peer.c", "apt-get install libsrtp2-dev", "srtp2")
                                    .toString(),
                            String.valueOf(profile.id()),
                            keyOf(profile, exported, 1),
                            keyOf(profile, exported, 0)));
            theirs.awaitLine("ready", PATIENCE);
        }

        private static String keyOf(SrtpProfile profile, byte[] exported, int side) {
            int key = profile.masterKeyBytes();
            int salt = profile.masterSaltBytes();
            int saltAt = 2 * key + side * salt;
            return HEX.formatHex(exported, side * key, (side + 1) * key)
                    + HEX.formatHex(exported, saltAt, saltAt + salt);
        }

        /** What libsrtp makes of a packet, or {@code null} when it refuses. */
        byte[] answer(String command, byte[] packet) {
            theirs.send(command + " " + HEX.formatHex(packet));
            String line = theirs.awaitLine(
                    (String said) -> said.startsWith("done ") || said.startsWith("refused "), "an answer", PATIENCE);
            return line.startsWith("done ") ? HEX.parseHex(line.substring(5)) : null;
        }

        @Override
        public void close() {
            theirs.close();
        }
    }
}

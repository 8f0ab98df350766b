// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.datachannel.internal.wire.ChunkType;
import dev.tributary.datachannel.internal.wire.DataChunk;
import dev.tributary.datachannel.internal.wire.ForwardTsnChunk;
import dev.tributary.datachannel.internal.wire.PacketHeader;
import dev.tributary.datachannel.internal.wire.Parameters;
import dev.tributary.datachannel.internal.wire.PlainChunk;
import dev.tributary.datachannel.internal.wire.ReconfigParameter;
import dev.tributary.datachannel.internal.wire.SackChunk;
import dev.tributary.testkit.LinkConditions;
import dev.tributary.testkit.Seeds;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * A peer that knows the tags and uses them badly. The connection is made by two honest ends without interleaving; then the
 * packets to Z are forged. What Z's tag and A's next TSN are, is read off the wire.
 */
class HostilePeerTest {
    private static final SctpSettings PLAIN =
            SctpSettings.builder().interleaving(false).build();
    private static final long MEBIBYTE = 1 << 20;

    private final Pair pair = Pair.of(77, LinkConditions.PERFECT, PLAIN, PLAIN);
    private int tagOfZ;
    private int tsn;
    private int zCumulative;

    HostilePeerTest() {
        pair.network.tap((from, to, datagram) -> {
            if (from.equals(Pair.ADDRESS_A)) {
                tagOfZ = datagram.getInt(4);
                if (datagram.get(12) == ChunkType.SACK) {
                    zCumulative = datagram.getInt(16);
                }
            } else if (datagram.get(12) == ChunkType.SACK) {
                tsn = datagram.getInt(16) + 1;
            }
            return true;
        });
        pair.connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);
        pair.a.channels.send(channel, "honest", pair.now());
        pair.network.run(Duration.ofSeconds(2));
        pair.network.detach(Pair.ADDRESS_A);
    }

    @Test
    void dropsDataFarAhead() {
        data(tsn + 100_000, 3, 0, 1, new byte[10]);
        assertThat(count(SctpAnomaly.TSN_TOO_FAR_AHEAD)).isEqualTo(1);

        data(tsn + 99_999, 3, 0, 1, new byte[10]);
        assertThat(count(SctpAnomaly.TSN_TOO_FAR_AHEAD)).isEqualTo(1);
        assertAlive();
    }

    @Test
    void boundsMemoryUnderGapsEverywhere() {
        for (int i = 0; i < 60_000; i++) {
            data(tsn + 1 + 2 * (i % 49_000), 3, 0, i & 0xFFFF, new byte[100]);
        }

        assertThat(waiting()).isLessThanOrEqualTo(MEBIBYTE);
        assertThat(count(SctpAnomaly.WINDOW_EXCEEDED)).isPositive();
        assertAlive();
    }

    @Test
    void abortsWhenTheWindowIsFullOfMessagesThatNeverGetTheirTurn() {
        for (int i = 0; i < 3_000 && pair.z.channels.state() == SctpState.ESTABLISHED; i++) {
            // Every TSN in order, but message number 0 of the stream never comes.
            data(tsn + i, 3, 3, 1 + i, new byte[1_000]);
            assertThat(waiting()).isLessThanOrEqualTo(MEBIBYTE + 262_144 + 2_000);
        }

        assertThat(closeReason()).isEqualTo(CloseReason.Kind.PEER_MISBEHAVED);
    }

    @Test
    void abortsOnAMessageLargerThanAnnounced() {
        int flags = DataChunk.FLAG_BEGIN;
        for (int i = 0; i < 262; i++) {
            data(tsn + i, 3, flags, 0, new byte[1_000]);
            flags = 0;
        }
        data(tsn + 262, 3, 0, 0, new byte[144]);
        assertAlive();
        data(tsn + 263, 3, 0, 0, new byte[1]);

        assertThat(count(SctpAnomaly.MESSAGE_TOO_LARGE)).isEqualTo(1);
        assertThat(closeReason()).isEqualTo(CloseReason.Kind.PEER_MISBEHAVED);
    }

    @Test
    void abortsOnFragmentsThatContradictEachOther() {
        data(tsn, 3, DataChunk.FLAG_BEGIN, 0, new byte[10]);
        data(tsn + 1, 4, DataChunk.FLAG_END, 0, new byte[10]);

        assertThat(count(SctpAnomaly.INCONSISTENT_FRAGMENTS)).isEqualTo(1);
        assertThat(closeReason()).isEqualTo(CloseReason.Kind.PEER_MISBEHAVED);
    }

    @Test
    void abortsOnDataWithoutPayload() {
        data(tsn, 3, 3, 0, new byte[0]);

        assertThat(count(SctpAnomaly.NO_USER_DATA)).isEqualTo(1);
        assertThat(closeReason()).isEqualTo(CloseReason.Kind.PEER_MISBEHAVED);
    }

    @Test
    void ignoresAForwardTsnThatLeadsTooFarOrBack() {
        forge(out -> new ForwardTsnChunk(tsn + 100_000, List.of()).write(out, false));
        assertThat(count(SctpAnomaly.INVALID_FORWARD_TSN)).isEqualTo(1);
        forge(out -> new ForwardTsnChunk(tsn - 100, List.of()).write(out, false));
        forge(out -> new ForwardTsnChunk(tsn, List.of()).write(out, true));
        assertThat(count(SctpAnomaly.INVALID_FORWARD_TSN)).isEqualTo(2);

        data(tsn, 0, 3, 2, new byte[] {'o', 'k'});
        assertThat(pair.z.texts()).containsExactly("honest", "ok");
    }

    @Test
    void ignoresASackOfWhatWasNeverSent() {
        forge(out -> new SackChunk(zCumulative + 1_000, 1_000_000, new int[0], new int[0]).write(out));
        forge(out -> new SackChunk(zCumulative, 1_000_000, new int[] {5, 9}, new int[0]).write(out));
        forge(out -> new SackChunk(zCumulative, 1_000_000, new int[] {9, 5}, new int[0]).write(out));

        assertThat(count(SctpAnomaly.SACK_OF_UNSENT_TSN)).isEqualTo(3);
        assertAlive();
    }

    @Test
    void ignoresAForgedCookie() {
        forge(out -> out.put(PlainChunk.of(ChunkType.COOKIE_ECHO, 0, new byte[76])));

        assertThat(count(SctpAnomaly.FORGED_COOKIE)).isEqualTo(1);
        assertAlive();
    }

    @Test
    void ignoresPacketsUnderAForeignTag() {
        packet(tagOfZ + 1, out -> out.put(PlainChunk.of(ChunkType.ABORT, 0)));
        packet(tagOfZ, out -> out.put(PlainChunk.of(ChunkType.ABORT, ChunkType.FLAG_T)));

        assertThat(count(SctpAnomaly.BAD_VERIFICATION_TAG)).isEqualTo(2);
        assertAlive();
    }

    @Test
    void answersAStormOfResetsWithinItsLimits() {
        for (int i = 0; i < 10_000; i++) {
            int number = i;
            forge(out -> out.put(ReconfigParameter.chunk(
                    List.of(new ReconfigParameter.OutgoingReset(number, 0, tsn - 1, List.of(5))))));
        }

        assertThat(count(SctpAnomaly.BAD_RECONFIG_NUMBER)).isGreaterThan(9_900);
        assertAlive();
    }

    @Test
    void dropsControlChunksThatDoNotFitTheQueue() {
        byte[] heartbeat = PlainChunk.heartbeat(1, 2);
        for (int i = 0; i < 65; i++) {
            feed(tagOfZ, out -> out.put(heartbeat));
        }
        assertThat(count(SctpAnomaly.CONTROL_QUEUE_FULL)).isEqualTo(1);
        pair.network.run(Duration.ofSeconds(1));
        assertAlive();
    }

    @Test
    void reportsUnknownChunksAsTheirBitsSay() {
        forge(out -> out.put(PlainChunk.of(0xE0, 0, new byte[4]))
                .put(PlainChunk.of(0x3F, 0))
                .put(PlainChunk.of(0x80, 0)));

        // 0xE0 is reported and skipped, 0x3F stops the packet, so 0x80 is never seen.
        assertThat(count(SctpAnomaly.UNKNOWN_CHUNK)).isEqualTo(2);
        assertAlive();
    }

    @Test
    void refusesAChannelOnAnIdentifierOfItsOwn() {
        byte[] open = {3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        chunk(tsn, 3, 3, 0, 50, open);

        assertThat(count(SctpAnomaly.CHANNEL_REFUSED)).isEqualTo(1);
        assertThat(pair.z.channels.channels()).hasSize(1);
    }

    @Test
    void countsMessagesThatMakeNoSense() {
        chunk(tsn, 0, 3, 2, 50, new byte[] {9});
        chunk(tsn + 1, 0, 3, 3, 4711, new byte[] {9});
        chunk(tsn + 2, 8, 3, 0, 51, new byte[] {9});

        assertThat(count(SctpAnomaly.BAD_DCEP_MESSAGE)).isEqualTo(1);
        assertThat(count(SctpAnomaly.UNKNOWN_PPID)).isEqualTo(1);
        assertThat(count(SctpAnomaly.MESSAGE_WITHOUT_CHANNEL)).isEqualTo(1);
        assertAlive();
    }

    @Test
    void tellsWhomItDoesNotKnowThatItIsOver() {
        pair.z.channels.abort("over", pair.now());
        pair.network.run(Duration.ofMillis(10));
        ByteBuffer out = ByteBuffer.allocate(2_048);
        feed(tagOfZ, packet -> packet.put(PlainChunk.of(ChunkType.SHUTDOWN_ACK, 0)));

        assertThat(pair.z.channels.pollTransmit(out)).isTrue();
        assertThat(out.get(12)).isEqualTo((byte) ChunkType.SHUTDOWN_COMPLETE);
        assertThat(out.get(13)).isEqualTo((byte) ChunkType.FLAG_T);
        assertThat(out.getInt(4)).isEqualTo(tagOfZ);
    }

    @Test
    void neverThrowsOnMutatedPackets() {
        Seeds.forEach(20, seed -> {
            var random = new SplittableRandom(seed);
            List<byte[]> seen = new ArrayList<>();
            Pair mutated = Pair.of(seed, LinkConditions.PERFECT.withLoss(0.1));
            mutated.network.tap((from, to, datagram) -> {
                byte[] bytes = new byte[datagram.remaining()];
                datagram.get(bytes);
                seen.add(bytes);
                return true;
            });
            mutated.connected();
            DataChannel channel =
                    mutated.opened("x", DataChannelOptions.RELIABLE.withDelivery(new SendOptions(false, 1, -1)));
            for (int i = 0; i < 20; i++) {
                mutated.a.channels.send(channel, "y".repeat(2_000), mutated.now());
            }
            mutated.a.channels.close(channel, mutated.now());
            mutated.network.run(Duration.ofSeconds(5));
            for (int i = 0; i < 2_000; i++) {
                byte[] bytes = seen.get(random.nextInt(seen.size())).clone();
                for (int flips = random.nextInt(4); flips >= 0; flips--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                ByteBuffer packet =
                        ByteBuffer.wrap(bytes, 0, bytes.length - random.nextInt(Math.min(8, bytes.length - 12)));
                ByteBuffer sealed = ByteBuffer.allocate(packet.remaining()).put(packet);
                PacketHeader.seal(sealed, 0);
                mutated.a.channels.handlePacket(sealed.duplicate().flip(), mutated.now());
                mutated.z.channels.handlePacket(sealed.flip(), mutated.now());
                mutated.network.run(Duration.ofMillis(1));
            }
            mutated.network.run(Duration.ofMinutes(1));
            assertThat(mutated.z.channels.statistics().bytesWaiting()).isLessThan(MEBIBYTE + 262_144);
        });
    }

    // ------------------------------------------------------------------ forging

    private interface Content {
        void write(ByteBuffer out);
    }

    private void data(int number, int stream, int flags, int ssn, byte[] payload) {
        chunk(number, stream, flags, ssn, 51, payload);
    }

    private void chunk(int number, int stream, int flags, int ssn, int ppid, byte[] payload) {
        forge(out -> {
            DataChunk.writeHeader(out, flags, number, stream, ssn, ppid, payload.length);
            out.put(payload);
            Parameters.pad(out, payload.length);
        });
    }

    private void forge(Content content) {
        packet(tagOfZ, content);
    }

    private void packet(int tag, Content content) {
        feed(tag, content);
        ByteBuffer out = ByteBuffer.allocate(2_048);
        while (pair.z.channels.pollTransmit(out)) {
            assertThat(out.remaining()).isLessThanOrEqualTo(PLAIN.mtuBytes());
        }
        pair.z.pollEvents();
    }

    private void feed(int tag, Content content) {
        ByteBuffer out = ByteBuffer.allocate(2_048);
        PacketHeader.write(out, 5000, 5000, tag);
        content.write(out);
        PacketHeader.seal(out, 0);
        pair.z.channels.handlePacket(out.flip(), pair.now());
    }

    private long count(SctpAnomaly anomaly) {
        return pair.z.channels.statistics().count(anomaly);
    }

    private long waiting() {
        return pair.z.channels.statistics().bytesWaiting();
    }

    private CloseReason.Kind closeReason() {
        return pair.z.events(DataChannelEvent.Closed.class).get(0).reason().kind();
    }

    private void assertAlive() {
        assertThat(pair.z.channels.state()).isEqualTo(SctpState.ESTABLISHED);
    }
}

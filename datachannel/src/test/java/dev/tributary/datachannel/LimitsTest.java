// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.tributary.datachannel.internal.wire.ChunkCursor;
import dev.tributary.datachannel.internal.wire.ChunkType;
import dev.tributary.datachannel.internal.wire.DataChunk;
import dev.tributary.datachannel.internal.wire.SackChunk;
import dev.tributary.testkit.LinkConditions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Every limit that no other test has, at the limit and one past it. The largest message, the TSN ahead, the control queue
 * are in {@link HostilePeerTest}, labels in {@link DataChannelsTest}, what is written ahead in {@link MessageWriterTest}.
 */
class LimitsTest {
    private static final SctpSettings PLAIN =
            SctpSettings.builder().interleaving(false).build();
    private static final Limits SMALL = Limits.builder()
            .receivedMessageBytesMax(70_000)
            .receiveWindowBytes(100_000)
            .build();
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int OUTGOING_RESET = 13;

    @Test
    void takesWhatTheReceiveWindowHoldsAndNotOneByteMore() {
        Forger forger = new Forger(PLAIN.toBuilder().limits(SMALL).build());
        for (int i = 0; i < 100; i++) {
            forger.message(1, i, 1_000);
        }
        assertThat(forger.target.statistics().bytesWaiting()).isEqualTo(100_000);
        forger.message(1, 100, 1);
        assertThat(forger.count(SctpAnomaly.WINDOW_EXCEEDED)).isEqualTo(1);
        assertThat(forger.target.statistics().bytesWaiting()).isEqualTo(100_000);

        assertThat(forger.target.pollEvent()).isInstanceOf(SctpEvent.MessageReceived.class);
        forger.tsn--;
        forger.message(1, 100, 1_000);
        assertThat(forger.count(SctpAnomaly.WINDOW_EXCEEDED)).isEqualTo(1);
    }

    @Test
    void keepsAsManyFragmentsAsTheLimitSaysAndDropsTheNext() {
        Forger forger = new Forger(PLAIN.toBuilder()
                .limits(SMALL.toBuilder().fragmentsMax(10).build())
                .build());
        for (int i = 0; i < 10; i++) {
            forger.data(forger.tsn + 1 + 2 * i, 1, DataChunk.FLAG_BEGIN, 0, 1);
        }
        assertThat(forger.count(SctpAnomaly.WINDOW_EXCEEDED)).isZero();
        assertThat(forger.target.statistics().bytesWaiting()).isEqualTo(10);
        forger.data(forger.tsn + 21, 1, DataChunk.FLAG_BEGIN, 0, 1);

        assertThat(forger.count(SctpAnomaly.WINDOW_EXCEEDED)).isEqualTo(1);
        assertThat(forger.target.statistics().bytesWaiting()).isEqualTo(10);
    }

    @Test
    void takesTheLastStreamAndReportsTheOneBeyond() {
        Forger forger = new Forger(
                PLAIN.toBuilder().limits(Limits.builder().streamsMax(8).build()).build());
        forger.message(7, 0, 1);
        assertThat(forger.target.pollEvent()).isInstanceOf(SctpEvent.MessageReceived.class);
        forger.message(8, 0, 1);

        assertThat(forger.target.pollEvent()).isNull();
        assertThat(forger.count(SctpAnomaly.INVALID_STREAM)).isEqualTo(1);
        assertThat(forger.target.send(7, 51, new byte[1], SendOptions.RELIABLE, 0))
                .isEqualTo(SendStatus.QUEUED);
        assertThat(forger.target.send(8, 51, new byte[1], SendOptions.RELIABLE, 0))
                .isEqualTo(SendStatus.NOT_OPEN);
        assertThat(forger.target.beginMessage(8, 51, 1, SendOptions.RELIABLE, 0))
                .isNull();
    }

    @Test
    void takesACookieAtTheEndOfItsLifeAndNotLater() {
        long life = Limits.DEFAULT.cookieLifeMillis() * NANOS_PER_MILLI;

        assertThat(stateAfterACookieOfAge(life)).isEqualTo(SctpState.ESTABLISHED);
        assertThat(stateAfterACookieOfAge(life + 1)).isEqualTo(SctpState.IDLE);
    }

    private static SctpState stateAfterACookieOfAge(long nanos) {
        SctpAssociation client = new SctpAssociation(PLAIN, new SplittableRandom(1));
        SctpAssociation server = new SctpAssociation(PLAIN, new SplittableRandom(2));
        client.connect(0);
        Forger.drain(client).forEach(init -> server.handlePacket(init, 0));
        Forger.drain(server).forEach(initAck -> client.handlePacket(initAck, 0));
        Forger.drain(client).forEach(cookieEcho -> server.handlePacket(cookieEcho, nanos));
        return server.state();
    }

    @Test
    void tellsTwentyGapsAndTwentyDuplicatesAtMost() {
        Forger forger = new Forger(PLAIN);
        forger.drain();
        for (int i = 0; i < 20; i++) {
            forger.data(forger.tsn + 1 + 2 * i, 1, 3, i, 1);
            forger.data(forger.tsn + 1 + 2 * i, 1, 3, i, 1);
        }
        SackChunk atLimit = lastSack(forger);
        assertThat(atLimit.gapBlocks()).hasSize(40);
        assertThat(atLimit.duplicateTsns()).hasSize(20);

        for (int i = 0; i < 21; i++) {
            forger.data(forger.tsn + 1 + 2 * i, 1, 3, i, 1);
            forger.data(forger.tsn + 1 + 2 * i, 1, 3, i, 1);
        }
        SackChunk beyond = lastSack(forger);
        assertThat(beyond.gapBlocks()).hasSize(40);
        assertThat(beyond.duplicateTsns()).hasSize(20);
        assertThat(forger.count(SctpAnomaly.DUPLICATE_TSN)).isEqualTo(20 + 41);
    }

    private static SackChunk lastSack(Forger forger) {
        List<ByteBuffer> packets = forger.drain();
        ByteBuffer last = packets.get(packets.size() - 1);
        assertThat(last.get(12)).isEqualTo((byte) ChunkType.SACK);
        return Objects.requireNonNull(SackChunk.decode(last, 16, last.getShort(14) - 4));
    }

    @Test
    void hasThirtyTwoThousandChunksOutstandingAtMost() {
        // A window that takes them all, and an answer to none.
        var sender = SctpSettings.builder()
                .limits(Limits.builder().sendBufferBytes(1 << 28).build())
                .build();
        Pair pair =
                Pair.of(1, LinkConditions.PERFECT, sender, SctpSettings.DEFAULT).connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);
        IntStream.range(0, 40_000).forEach(i -> pair.a.channels.send(channel, new byte[1], pair.now()));
        long[] most = {0};
        int[] first = {0};
        pair.network.tap((from, to, datagram) -> {
            most[0] = Math.max(most[0], pair.a.channels.statistics().chunksOutstanding());
            // The first chunk of all gets lost as long as there are others.
            boolean isData = datagram.get(12) == ChunkType.I_DATA;
            if (isData && first[0] == 0) {
                first[0] = datagram.getInt(16);
            }
            return !isData || datagram.getInt(16) != first[0] || most[0] >= 32_768;
        });
        pair.network.runUntil(() -> pair.z.messages().size() == 40_000, Duration.ofMinutes(10));

        assertThat(most[0]).isEqualTo(32_768);
    }

    @Test
    void resetsAsManyStreamsAtOnceAsFitARequestAndTheOthersAfterThem() {
        Pair pair = Pair.of(3).connected();
        List<DataChannel> channels = IntStream.range(0, 129)
                .mapToObj(i -> pair.a.channels.open("c" + i, "", DataChannelOptions.RELIABLE, pair.now()))
                .toList();
        pair.network.run(Duration.ofSeconds(1));
        List<Integer> sizes = new ArrayList<>();
        pair.network.tap((from, to, datagram) -> {
            ChunkCursor chunk = new ChunkCursor(datagram, 12, datagram.limit());
            while (from.equals(Pair.ADDRESS_A) && chunk.advance()) {
                int parameter = chunk.valueOffset();
                if (chunk.type() == ChunkType.RE_CONFIG && datagram.getShort(parameter) == OUTGOING_RESET) {
                    sizes.add((datagram.getShort(parameter + 2) - 16) / 2);
                }
            }
            return true;
        });
        channels.forEach(channel -> pair.a.channels.close(channel, pair.now()));
        pair.network.run(Duration.ofSeconds(5));

        assertThat(sizes).containsExactly(128, 1);
        assertThat(pair.z.channels.channels()).isEmpty();
    }

    @Test
    void opensAsManyChannelsAsTheLimitSaysAndRefusesTheNext() {
        var two = SctpSettings.builder()
                .limits(Limits.builder().channelsMax(2).build())
                .build();
        DataChannels channels = new DataChannels(DtlsRole.CLIENT, two, new SplittableRandom(1));
        channels.open("1", "", DataChannelOptions.RELIABLE, 0);
        channels.open("2", "", DataChannelOptions.RELIABLE, 0);

        assertThatIllegalStateException().isThrownBy(() -> channels.open("3", "", DataChannelOptions.RELIABLE, 0));
    }

    @Test
    void tellsOnceWhenAFullSendBufferHasRoomForWhatWasRefused() {
        var settings = SctpSettings.builder()
                .limits(Limits.builder().sendBufferBytes(10_000).build())
                .build();
        Pair pair = Pair.of(4, LinkConditions.PERFECT, settings, SctpSettings.DEFAULT)
                .connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);
        pair.network.run(Duration.ofSeconds(1));

        assertThat(pair.a.channels.send(channel, new byte[10_001], pair.now())).isEqualTo(SendStatus.TOO_LARGE);
        assertThat(pair.a.channels.send(channel, new byte[10_000], pair.now())).isEqualTo(SendStatus.QUEUED);
        assertThat(pair.a.channels.send(channel, new byte[8_000], pair.now())).isEqualTo(SendStatus.BUFFER_FULL);
        assertThat(pair.a.channels.send(channel, new byte[9_000], pair.now())).isEqualTo(SendStatus.BUFFER_FULL);
        pair.network.runUntil(
                () -> !pair.a.events(DataChannelEvent.Writable.class).isEmpty(), Duration.ofSeconds(5));

        assertThat(pair.a.channels.send(channel, new byte[9_000], pair.now())).isEqualTo(SendStatus.QUEUED);
        pair.network.run(Duration.ofSeconds(5));
        assertThat(pair.a.events(DataChannelEvent.Writable.class)).hasSize(1);
        assertThat(pair.z.messages()).hasSize(2);
    }

    @Test
    void tellsThatTheBufferedAmountIsLowAtTheThresholdAndNotAboveIt() {
        // One message to a packet.
        assertThat(amountsWhenToldWithThreshold(1_000)).containsExactly(1_000L);
        assertThat(amountsWhenToldWithThreshold(999)).containsExactly(0L);
        // Only what comes from above is told.
        assertThat(amountsWhenToldWithThreshold(2_000)).isEmpty();
    }

    private static List<Long> amountsWhenToldWithThreshold(long threshold) {
        SctpAssociation sender = new Forger(PLAIN).target;
        Forger.drain(sender);
        sender.bufferedAmountLowThreshold(1, threshold);
        sender.send(1, 53, new byte[1_000], SendOptions.RELIABLE, 0);
        sender.send(1, 53, new byte[1_000], SendOptions.RELIABLE, 0);
        List<Long> amounts = new ArrayList<>();
        ByteBuffer packet = ByteBuffer.allocate(2_048);
        while (sender.pollTransmit(packet)) {
            for (SctpEvent event = sender.pollEvent(); event != null; event = sender.pollEvent()) {
                assertThat(event).isEqualTo(new SctpEvent.BufferedAmountLow(1));
                amounts.add(sender.bufferedAmountBytes(1));
            }
        }
        assertThat(sender.bufferedAmountBytes(1)).isZero();
        return amounts;
    }

    @Test
    void refusesLimitsThatMakeNoSense() {
        Limits ok = Limits.DEFAULT;

        assertThat(ok.toBuilder().streamsMax(65_535).build().streamsMax()).isEqualTo(65_535);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ok.toBuilder().streamsMax(65_536).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ok.toBuilder().streamsMax(0).build());
        assertThat(ok.toBuilder().labelBytesMax(65_535).build().labelBytesMax()).isEqualTo(65_535);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ok.toBuilder().labelBytesMax(65_536).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ok.toBuilder().writtenAheadBytes(0).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ok.toBuilder().tsnAheadMax(0).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ok.toBuilder().controlChunksMax(0).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ok.toBuilder().cookieLifeMillis(0).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ok.toBuilder().fragmentsMax(0).build());
        Limits tight = ok.toBuilder()
                .receivedMessageBytesMax(3_000)
                .receiveWindowBytes(4_000)
                .build();
        assertThat(tight.receiveWindowBytes()).isEqualTo(4_000);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tight.toBuilder().receiveWindowBytes(3_999).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PLAIN.toBuilder().mtuBytes(507).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PLAIN.toBuilder().mtuBytes(1_901).build());
        assertThat(PLAIN.toBuilder().mtuBytes(508).build().mtuBytes()).isEqualTo(508);
        assertThat(PLAIN.toBuilder().mtuBytes(1_900).build().mtuBytes()).isEqualTo(1_900);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tributary.testkit.LinkConditions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that are sent while they are written. */
class MessageWriterTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int MEBIBYTE = 1 << 20;
    private static final LinkConditions LOSSY = LinkConditions.GOOD.withLoss(0.01);

    private Pair pair = Pair.of(1);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sendsAMessageThatIsLargerThanAllBuffersInPieces(boolean interleaving) {
        var sender = settings(
                interleaving,
                Limits.builder()
                        .sendBufferBytes(100_000)
                        .writtenAheadBytes(20_000)
                        .build());
        var receiver = settings(
                interleaving,
                Limits.builder()
                        .receiveWindowBytes(12 * MEBIBYTE)
                        .receivedMessageBytesMax(8 * MEBIBYTE)
                        .build());
        pair = Pair.of(1, LOSSY, sender, receiver).connected();
        DataChannel channel = pair.opened("large", DataChannelOptions.RELIABLE);
        byte[] payload = new byte[8 * MEBIBYTE];
        new SplittableRandom(3).nextBytes(payload);
        long[] bufferedMax = {0};
        ReadableByteChannel file = Channels.newChannel(new ByteArrayInputStream(payload));
        MessageWriter writer = begin(channel, payload.length);
        writeOnWhenWritable(channel, writer, file, bufferedMax);
        pair.network.runUntil(() -> !pair.z.messages().isEmpty(), LIMIT);

        assertThat(pair.z.messages().get(0).payload()).isEqualTo(payload);
        assertThat(writer.remainingBytes()).isZero();
        assertThat(bufferedMax[0]).isBetween(20_000L, 120_000L);
    }

    @Test
    void takesAsMuchAsMayWaitAndNotOneByteMore() {
        pair = Pair.of(
                2,
                LinkConditions.PERFECT,
                settings(true, Limits.builder().writtenAheadBytes(5_000).build()),
                SctpSettings.DEFAULT);
        DataChannel channel = pair.a.channels.open("x", "", DataChannelOptions.RELIABLE, 0);
        MessageWriter writer = begin(channel, 50_000);

        assertThat(writer.write(ByteBuffer.allocate(4_999), 0)).isEqualTo(4_999);
        assertThat(writer.write(ByteBuffer.allocate(1), 0)).isEqualTo(1);
        assertThat(writer.write(ByteBuffer.allocate(1), 0)).isZero();
        assertThat(writer.remainingBytes()).isEqualTo(45_000);
        assertThat(pair.a.channels.bufferedAmountBytes(channel)).isEqualTo(5_000);
    }

    @Test
    void takesNothingBeyondTheSizeThatWasAnnounced() {
        pair = pair.connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);
        MessageWriter writer = begin(channel, 10);
        ByteBuffer piece = ByteBuffer.allocate(11);

        assertThat(writer.write(piece, pair.now())).isEqualTo(10);
        assertThat(writer.write(piece, pair.now())).isZero();
        assertThat(piece.remaining()).isEqualTo(1);
        assertThat(writer.cancel(pair.now())).isFalse();
        pair.network.run(Duration.ofSeconds(1));
        assertThat(pair.z.messages().get(0).payload()).hasSize(10);
        assertThat(pair.a.events(DataChannelEvent.Writable.class)).isEmpty();
    }

    @Test
    void keepsItsPlaceAmongTheMessagesOfItsChannel() {
        pair = pair.connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);
        pair.a.channels.send(channel, "before", pair.now());
        MessageWriter writer = begin(channel, 3);
        pair.a.channels.send(channel, "after", pair.now());
        pair.network.run(Duration.ofSeconds(1));
        assertThat(pair.z.texts()).containsExactly("before");

        writer.write(ByteBuffer.wrap("in ".getBytes(StandardCharsets.UTF_8)), pair.now());
        pair.network.run(Duration.ofSeconds(1));
        assertThat(pair.z.texts()).containsExactly("before", "in ", "after");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void holdsUpOtherChannelsOnlyWithoutInterleaving(boolean interleaving) {
        pair = Pair.of(3, LinkConditions.PERFECT, settings(interleaving, Limits.DEFAULT), SctpSettings.DEFAULT)
                .connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);
        DataChannel other = pair.opened("y", DataChannelOptions.RELIABLE);
        MessageWriter writer = begin(channel, 10_000);
        writer.write(ByteBuffer.allocate(5_000), pair.now());
        pair.network.run(Duration.ofSeconds(1));
        pair.a.channels.send(other, "small", pair.now());
        pair.network.run(Duration.ofSeconds(1));
        assertThat(pair.z.messages()).hasSize(interleaving ? 1 : 0);

        writer.write(ByteBuffer.allocate(5_000), pair.now());
        pair.network.run(Duration.ofSeconds(1));
        assertThat(pair.z.messages()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void givesUpACancelledMessageAndGoesOnBehindIt(boolean begun) {
        pair = pair.connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);
        MessageWriter writer = begin(channel, 50_000);
        if (begun) {
            writer.write(ByteBuffer.allocate(20_000), pair.now());
        }
        pair.a.channels.send(channel, "next", pair.now());
        pair.network.run(Duration.ofSeconds(1));
        assertThat(writer.cancel(pair.now())).isTrue();
        assertThat(writer.write(ByteBuffer.allocate(1), pair.now())).isEqualTo(-1);
        pair.network.run(Duration.ofSeconds(1));

        assertThat(pair.z.texts()).containsExactly("next");
        assertThat(pair.z.channels.statistics().bytesWaiting()).isZero();
        assertThat(pair.a.channels.statistics().bytesBuffered()).isZero();
    }

    @Test
    void givesUpAMessageWhoseLifetimeEndsBeforeItIsWritten() {
        pair = pair.connected();
        DataChannel channel =
                pair.opened("x", DataChannelOptions.RELIABLE.withDelivery(new SendOptions(true, -1, 500)));
        MessageWriter writer = begin(channel, 50_000);
        writer.write(ByteBuffer.allocate(20_000), pair.now());
        pair.network.run(Duration.ofSeconds(1));

        assertThat(writer.write(ByteBuffer.allocate(1), pair.now())).isEqualTo(-1);
        pair.a.channels.send(channel, "next", pair.now());
        pair.network.run(Duration.ofSeconds(1));
        assertThat(pair.z.texts()).containsExactly("next");
        assertThat(pair.z.channels.statistics().bytesWaiting()).isZero();
    }

    @Test
    void waitsWithShutdownAndCloseForWhatIsBeingWritten() {
        pair = pair.connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);
        MessageWriter writer = begin(channel, 10_000);
        writer.write(ByteBuffer.allocate(4_000), pair.now());
        pair.a.channels.close(channel, pair.now());
        pair.a.channels.shutdown(pair.now());
        pair.network.run(Duration.ofSeconds(5));
        assertThat(pair.a.channels.state()).isEqualTo(SctpState.SHUTDOWN_PENDING);
        assertThat(channel.state()).isEqualTo(DataChannelState.CLOSING);

        writer.write(ByteBuffer.allocate(6_000), pair.now());
        pair.network.run(Duration.ofSeconds(5));
        assertThat(pair.z.messages().get(0).payload()).hasSize(10_000);
        assertThat(pair.a.channels.state()).isEqualTo(SctpState.CLOSED);
        assertThat(writer.write(ByteBuffer.allocate(1), pair.now())).isEqualTo(-1);
    }

    @Test
    void endsWithTheAssociation() {
        pair = pair.connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);
        MessageWriter writer = begin(channel, 10_000);
        pair.a.channels.abort("enough", pair.now());

        assertThat(writer.write(ByteBuffer.allocate(1), pair.now())).isEqualTo(-1);
        assertThat(writer.cancel(pair.now())).isTrue();
        assertThat(pair.a.channels.beginMessage(channel, false, 1, pair.now())).isNull();
    }

    @Test
    void refusesSizesThatThePeerDoesNotTake() {
        pair = pair.connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);

        assertThat(pair.a.channels.beginMessage(channel, false, 65_536, pair.now()))
                .isNotNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pair.a.channels.beginMessage(channel, false, 65_537, pair.now()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pair.a.channels.beginMessage(channel, false, 0, pair.now()));
    }

    private MessageWriter begin(DataChannel channel, int bytes) {
        return Objects.requireNonNull(pair.a.channels.beginMessage(channel, false, bytes, pair.now()));
    }

    /** The loop of the README. */
    private void writeOnWhenWritable(
            DataChannel channel, MessageWriter writer, ReadableByteChannel file, long[] bufferedMax) {
        ByteBuffer piece = ByteBuffer.allocate(16_384).limit(0);
        Runnable fill = () -> {
            while (writer.remainingBytes() > 0) {
                if (!piece.hasRemaining()) {
                    read(file, piece.clear());
                    piece.flip();
                }
                if (writer.write(piece, pair.now()) <= 0) {
                    break;
                }
            }
            bufferedMax[0] =
                    Math.max(bufferedMax[0], pair.a.channels.statistics().bytesBuffered());
        };
        pair.a.onEvent = event -> {
            if (event instanceof DataChannelEvent.Writable writable && writable.channel() == channel) {
                fill.run();
            }
        };
        fill.run();
    }

    private static void read(ReadableByteChannel file, ByteBuffer into) {
        try {
            file.read(into);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SctpSettings settings(boolean interleaving, Limits limits) {
        return SctpSettings.builder()
                .interleaving(interleaving)
                .remoteMessageBytesMax(0)
                .limits(limits)
                .build();
    }
}

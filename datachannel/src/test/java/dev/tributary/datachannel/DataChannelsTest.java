// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.tributary.testkit.LinkConditions;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DataChannelsTest {
    @Test
    void connectsWhenBothSidesSendInit() {
        Pair pair = Pair.of(1).connected();
        pair.network.run(Duration.ofSeconds(1));

        assertThat(pair.a.events(DataChannelEvent.Connected.class)).hasSize(1);
        assertThat(pair.z.events(DataChannelEvent.Connected.class)).hasSize(1);
    }

    @Test
    void connectsWhenOneSideSendsInit() {
        Pair pair = Pair.of(1);
        pair.a.channels.connect(0);
        pair.network.run(Duration.ofSeconds(1));

        assertThat(pair.a.channels.state()).isEqualTo(SctpState.ESTABLISHED);
        assertThat(pair.z.channels.state()).isEqualTo(SctpState.ESTABLISHED);
    }

    @Test
    void tellsThePeerLabelProtocolAndDelivery() {
        Pair pair = Pair.of(2).connected();
        var options = DataChannelOptions.RELIABLE
                .withDelivery(new SendOptions(false, 2, SendOptions.UNLIMITED))
                .withPriority(512);
        pair.a.channels.open("chat", "chat.v1", options, pair.now());
        pair.network.run(Duration.ofSeconds(1));

        DataChannel remote =
                pair.z.events(DataChannelEvent.ChannelOpened.class).get(0).channel();
        assertThat(remote.label()).isEqualTo("chat");
        assertThat(remote.protocol()).isEqualTo("chat.v1");
        assertThat(remote.options().delivery()).isEqualTo(options.delivery());
        assertThat(remote.options().priority()).isEqualTo(512);
        assertThat(remote.isRemote()).isTrue();
        assertThat(pair.a.events(DataChannelEvent.ChannelOpened.class)).hasSize(1);
    }

    @Test
    void givesTheDtlsClientEvenAndTheServerOddIdentifiers() {
        Pair pair = Pair.of(3).connected();

        assertThat(pair.a
                        .channels
                        .open("", "", DataChannelOptions.RELIABLE, pair.now())
                        .id())
                .isEqualTo(0);
        assertThat(pair.a
                        .channels
                        .open("", "", DataChannelOptions.RELIABLE, pair.now())
                        .id())
                .isEqualTo(2);
        assertThat(pair.z
                        .channels
                        .open("", "", DataChannelOptions.RELIABLE, pair.now())
                        .id())
                .isEqualTo(1);
    }

    @Test
    void carriesTextBinaryAndEmptyMessagesBothWays() {
        Pair pair = Pair.of(4).connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);
        pair.z.onEvent = event -> {
            if (event instanceof DataChannelEvent.Message m) {
                if (m.isText()) {
                    pair.z.channels.send(m.channel(), m.text(), pair.now());
                } else {
                    pair.z.channels.send(m.channel(), m.payload(), pair.now());
                }
            }
        };
        pair.a.channels.send(channel, "grüße", pair.now());
        pair.a.channels.send(channel, "", pair.now());
        pair.a.channels.send(channel, new byte[] {1, 2, 3}, pair.now());
        pair.a.channels.send(channel, new byte[0], pair.now());
        pair.network.run(Duration.ofSeconds(1));

        List<DataChannelEvent.Message> echoed = pair.a.messages();
        assertThat(echoed).hasSize(4);
        assertThat(echoed.get(0).text()).isEqualTo("grüße");
        assertThat(echoed.get(1).isText()).isTrue();
        assertThat(echoed.get(1).payload()).isEmpty();
        assertThat(echoed.get(2).payload()).containsExactly(1, 2, 3);
        assertThat(echoed.get(3).isText()).isFalse();
        assertThat(echoed.get(3).payload()).isEmpty();
    }

    @Test
    void sendsWhatWasGivenBeforeItWasConnected() {
        Pair pair = Pair.of(5);
        DataChannel channel = pair.a.channels.open("early", "", DataChannelOptions.RELIABLE, 0);
        assertThat(pair.a.channels.send(channel, "first", 0)).isEqualTo(SendStatus.QUEUED);
        pair.connected();
        pair.network.run(Duration.ofSeconds(1));

        assertThat(pair.z.texts()).containsExactly("first");
    }

    @Test
    void closesAChannelOnBothSidesAndUsesItsIdentifierAgain() {
        SctpSettings fewStreams = SctpSettings.builder()
                .limits(Limits.builder().streamsMax(6).build())
                .build();
        Pair pair = Pair.of(6, LinkConditions.PERFECT, fewStreams, fewStreams).connected();
        for (int round = 0; round < 20; round++) {
            DataChannel channel = pair.opened("round " + round, DataChannelOptions.RELIABLE);
            // Those that were not used come first: 0, 2, 4, then 0 again.
            assertThat(channel.id()).isEqualTo(round % 3 * 2);
            pair.a.channels.send(channel, "message " + round, pair.now());
            pair.a.channels.close(channel, pair.now());
            pair.network.runUntil(() -> channel.state() == DataChannelState.CLOSED, Duration.ofSeconds(10));
        }
        pair.network.run(Duration.ofSeconds(1));

        assertThat(pair.z.texts()).hasSize(20);
        assertThat(pair.z.events(DataChannelEvent.ChannelClosed.class)).hasSize(20);
        assertThat(pair.z.channels.channels()).isEmpty();
    }

    @Test
    void leavesAnIdentifierAloneWhileAChannelThatThePeerOpenedOnItIsRefused() {
        // Both believe to be the server, as peers do that choose identifiers by another role than that of DTLS.
        Pair pair = Pair.of(
                9,
                LinkConditions.GOOD,
                Node.of(DtlsRole.SERVER, SctpSettings.DEFAULT, 9, Pair.ADDRESS_Z),
                Node.of(DtlsRole.SERVER, SctpSettings.DEFAULT, 10, Pair.ADDRESS_A));
        pair.connected();
        pair.a.channels.open("refused", "", DataChannelOptions.RELIABLE, pair.now());
        pair.network.runUntil(
                () -> pair.z.channels.statistics().count(SctpAnomaly.CHANNEL_REFUSED) == 1, Duration.ofSeconds(5));

        DataChannel own = pair.z.channels.open("own", "", DataChannelOptions.RELIABLE.negotiated(7), pair.now());
        DataChannel next = pair.z.channels.open("next", "", DataChannelOptions.RELIABLE, pair.now());
        pair.network.run(Duration.ofSeconds(5));

        assertThat(next.id()).isEqualTo(3);
        assertThat(own.state()).isEqualTo(DataChannelState.OPEN);
        assertThat(pair.a.events(DataChannelEvent.ChannelClosed.class)).hasSize(1);
    }

    @Test
    void closesThousandChannelsThatOpenedUnderLoss() {
        Pair pair = Pair.of(7, LinkConditions.PERFECT.withLoss(0.05)).connected();
        List<DataChannel> all = IntStream.range(0, 1_000)
                .mapToObj(i -> pair.a.channels.open("c" + i, "", DataChannelOptions.RELIABLE, pair.now()))
                .toList();
        pair.network.runUntil(
                () -> all.stream().allMatch(c -> c.state() == DataChannelState.OPEN), Duration.ofMinutes(1));
        all.forEach(channel -> pair.a.channels.close(channel, pair.now()));
        pair.network.runUntil(
                () -> pair.a.channels.channels().isEmpty()
                        && pair.z.channels.channels().isEmpty(),
                Duration.ofMinutes(5));

        assertThat(pair.z.events(DataChannelEvent.ChannelClosed.class)).hasSize(1_000);
    }

    @Test
    void tellsWhenTheBufferedAmountIsLow() {
        Pair pair = Pair.of(8, LinkConditions.GOOD).connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);
        pair.a.channels.bufferedAmountLowThreshold(channel, 10_000);
        for (int i = 0; i < 10; i++) {
            pair.a.channels.send(channel, new byte[10_000], pair.now());
        }
        assertThat(pair.a.channels.bufferedAmountBytes(channel)).isEqualTo(100_000);
        pair.network.run(Duration.ofSeconds(5));

        assertThat(pair.a.channels.bufferedAmountBytes(channel)).isZero();
        assertThat(pair.a.events(DataChannelEvent.BufferedAmountLow.class)).hasSize(1);
    }

    @Test
    void refusesWhatThePeerDoesNotTake() {
        Pair pair = Pair.of(9).connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);

        assertThat(pair.a.channels.send(channel, new byte[65_536], pair.now())).isEqualTo(SendStatus.QUEUED);
        assertThat(pair.a.channels.send(channel, new byte[65_537], pair.now())).isEqualTo(SendStatus.TOO_LARGE);
    }

    @Test
    void refusesMoreThanTheSendBufferHolds() {
        var small = SctpSettings.builder()
                .limits(Limits.builder().sendBufferBytes(1_000).build())
                .build();
        Pair pair =
                Pair.of(10, LinkConditions.PERFECT, small, SctpSettings.DEFAULT).connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);
        pair.network.run(Duration.ofSeconds(1));

        assertThat(pair.a.channels.send(channel, new byte[1_000], pair.now())).isEqualTo(SendStatus.QUEUED);
        assertThat(pair.a.channels.send(channel, new byte[1], pair.now())).isEqualTo(SendStatus.BUFFER_FULL);
    }

    @Test
    void refusesMoreChannelsThanTheLimit() {
        var two = SctpSettings.builder()
                .limits(Limits.builder().channelsMax(2).build())
                .build();
        Pair pair =
                Pair.of(11, LinkConditions.PERFECT, SctpSettings.DEFAULT, two).connected();
        List<DataChannel> three = IntStream.range(0, 3)
                .mapToObj(i -> pair.a.channels.open("c", "", DataChannelOptions.RELIABLE, pair.now()))
                .toList();
        pair.network.run(Duration.ofSeconds(5));

        assertThat(three)
                .extracting(DataChannel::state)
                .containsExactly(DataChannelState.OPEN, DataChannelState.OPEN, DataChannelState.CLOSED);
        assertThat(pair.z.channels.statistics().count(SctpAnomaly.CHANNEL_REFUSED))
                .isEqualTo(1);
        pair.z
                .channels
                .channels()
                .forEach(channel -> assertThat(channel.state()).isEqualTo(DataChannelState.OPEN));
    }

    @Test
    void refusesALabelThatIsTooLong() {
        var settings = SctpSettings.builder()
                .limits(Limits.builder().labelBytesMax(4).build())
                .build();
        Pair pair = Pair.of(12, LinkConditions.PERFECT, SctpSettings.DEFAULT, settings)
                .connected();
        DataChannel atLimit = pair.a.channels.open("äö", "", DataChannelOptions.RELIABLE, pair.now());
        DataChannel beyond = pair.a.channels.open("äöx", "", DataChannelOptions.RELIABLE, pair.now());
        pair.network.run(Duration.ofSeconds(5));

        assertThat(atLimit.state()).isEqualTo(DataChannelState.OPEN);
        assertThat(beyond.state()).isEqualTo(DataChannelState.CLOSED);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pair.z.channels.open("äöx", "", DataChannelOptions.RELIABLE, pair.now()));
    }

    @Test
    void opensNegotiatedChannelsWithoutTellingThePeer() {
        Pair pair = Pair.of(13);
        DataChannel a = pair.a.channels.open("n", "", DataChannelOptions.RELIABLE.negotiated(7), 0);
        DataChannel z = pair.z.channels.open("n", "", DataChannelOptions.RELIABLE.negotiated(7), 0);
        pair.connected();
        pair.a.channels.send(a, "ping", pair.now());
        pair.z.channels.send(z, "pong", pair.now());
        pair.network.run(Duration.ofSeconds(1));

        assertThat(pair.z.texts()).containsExactly("ping");
        assertThat(pair.a.texts()).containsExactly("pong");
        assertThat(pair.z.events(DataChannelEvent.ChannelOpened.class)).hasSize(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> pair.a.channels.open("n", "", DataChannelOptions.RELIABLE.negotiated(7), pair.now()));
    }

    @Test
    void closesEverythingWhenThePeerAborts() {
        Pair pair = Pair.of(14).connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);
        pair.z.channels.abort("Close called", pair.now());
        pair.network.run(Duration.ofSeconds(1));

        CloseReason reason = pair.a.events(DataChannelEvent.Closed.class).get(0).reason();
        assertThat(reason).isEqualTo(new CloseReason(CloseReason.Kind.ABORTED_BY_PEER, 12, "Close called"));
        assertThat(channel.state()).isEqualTo(DataChannelState.CLOSED);
        assertThat(pair.z.events(DataChannelEvent.Closed.class)).hasSize(1);
        assertThat(pair.a.channels.send(channel, "late", pair.now())).isEqualTo(SendStatus.NOT_OPEN);
    }

    @Test
    void deliversEverythingBeforeAShutdownEnds() {
        Pair pair = Pair.of(15, LinkConditions.LOSSY_30).connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);
        for (int i = 0; i < 100; i++) {
            pair.a.channels.send(channel, "m" + i, pair.now());
        }
        pair.a.channels.shutdown(pair.now());
        pair.network.runUntil(
                () -> pair.a.channels.state() == SctpState.CLOSED && pair.z.channels.state() == SctpState.CLOSED,
                Duration.ofMinutes(5));
        pair.network.run(Duration.ofSeconds(1));

        assertThat(pair.z.texts()).hasSize(100);
        assertThat(pair.a.events(DataChannelEvent.Closed.class).get(0).reason().kind())
                .isEqualTo(CloseReason.Kind.SHUTDOWN);
        assertThat(pair.z.events(DataChannelEvent.Closed.class)).hasSize(1);
    }
}

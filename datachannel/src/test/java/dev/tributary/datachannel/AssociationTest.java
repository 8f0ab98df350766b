// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tributary.datachannel.internal.wire.ChunkCursor;
import dev.tributary.datachannel.internal.wire.ChunkType;
import dev.tributary.testkit.LinkConditions;
import dev.tributary.testkit.Seeds;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The association's procedures one by one, between two ends of ours. */
class AssociationTest {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    @Test
    void connectsOnceWhateverIsLostWhenBothSidesSendInit() {
        Seeds.forEach(200, seed -> {
            var network = LinkConditions.LOSSY_30.withReordering(0.3).withDuplication(0.2);
            Pair pair = Pair.of(seed, network).connected();
            DataChannel a = pair.opened("a", DataChannelOptions.RELIABLE);
            pair.a.channels.send(a, "hello", pair.now());
            pair.network.runUntil(() -> pair.z.texts().contains("hello"), LIMIT);
            pair.network.run(Duration.ofSeconds(20));

            assertThat(pair.a.events(DataChannelEvent.Connected.class)).hasSize(1);
            assertThat(pair.z.events(DataChannelEvent.Connected.class)).hasSize(1);
            assertThat(pair.z.events(DataChannelEvent.ChannelClosed.class)).isEmpty();
        });
    }

    @Test
    void beginsAnewWhenThePeerRestarts() {
        Seeds.forEach(20, seed -> {
            Pair pair = Pair.of(seed, LinkConditions.PERFECT.withLoss(0.1)).connected();
            DataChannel old = pair.opened("old", DataChannelOptions.RELIABLE);
            pair.a.channels.send(old, "before", pair.now());
            pair.network.runUntil(() -> pair.z.texts().contains("before"), LIMIT);

            Node again = Node.of(DtlsRole.CLIENT, SctpSettings.DEFAULT, seed + 1_000_000, Pair.ADDRESS_Z);
            pair.network.detach(Pair.ADDRESS_A);
            pair.network.attach(Pair.ADDRESS_A, again, again::pollEvents);
            pair.a = again;
            again.channels.connect(pair.now());
            DataChannel fresh = again.channels.open("new", "", DataChannelOptions.RELIABLE, pair.now());
            again.channels.send(fresh, "after", pair.now());
            pair.network.runUntil(() -> pair.z.texts().contains("after"), LIMIT);

            assertThat(pair.z.texts()).containsExactly("before", "after");
            assertThat(pair.z.events(DataChannelEvent.ChannelClosed.class))
                    .extracting(event -> event.channel().label())
                    .containsExactly("old");
            assertThat(pair.z.events(DataChannelEvent.Closed.class)).isEmpty();
        });
    }

    @Test
    void sendsInitAloneWithTagZeroAndEveryPacketWithinTheMtu() {
        Pair pair = Pair.of(1);
        List<Integer> sizes = new ArrayList<>();
        List<Integer> tagsOfInit = new ArrayList<>();
        pair.network.tap((from, to, datagram) -> {
            sizes.add(datagram.remaining());
            if (datagram.get(12) == ChunkType.INIT) {
                tagsOfInit.add(datagram.getInt(4));
            }
            return true;
        });
        pair.connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);
        pair.a.channels.send(channel, new byte[60_000], pair.now());
        pair.network.run(Duration.ofSeconds(3));

        assertThat(tagsOfInit).containsExactly(0, 0);
        assertThat(sizes).allMatch(size -> size <= 1_191);
        assertThat(sizes).contains(1_188);
    }

    @Test
    void retransmitsInitAndCookieEchoUntilTheyAreAnswered() {
        for (int lostType :
                new int[] {ChunkType.INIT, ChunkType.INIT_ACK, ChunkType.COOKIE_ECHO, ChunkType.COOKIE_ACK}) {
            Pair pair = Pair.of(1);
            Map<Integer, Integer> seen = new HashMap<>();
            pair.network.tap(
                    (from, to, datagram) -> datagram.get(12) != lostType || seen.merge(lostType, 1, Integer::sum) > 3);
            pair.a.channels.connect(0);
            pair.network.runUntil(() -> pair.a.channels.state() == SctpState.ESTABLISHED, LIMIT);

            assertThat(seen.get(lostType)).isEqualTo(4);
            // 1 + 2 + 3 seconds of T1.
            assertThat(Duration.ofNanos(pair.now())).isBetween(Duration.ofSeconds(6), Duration.ofSeconds(7));
        }
    }

    @Test
    void refusesACookieThatIsTooOldAndTheHandshakeBeginsAnew() {
        Pair pair = Pair.of(1);
        pair.network.tap((from, to, datagram) -> datagram.get(12) != ChunkType.COOKIE_ECHO
                || pair.now() > Duration.ofSeconds(61).toNanos());
        pair.a.channels.connect(0);
        pair.network.runUntil(() -> pair.a.channels.state() == SctpState.ESTABLISHED, LIMIT);

        assertThat(pair.z.channels.statistics().count(SctpAnomaly.STALE_COOKIE)).isEqualTo(1);
        assertThat(pair.a.events(DataChannelEvent.Connected.class)).hasSize(1);
    }

    @Test
    void goesOnAfterAMinuteOfSilenceOnTheNetwork() {
        Pair pair = Pair.of(1).connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);
        pair.network.conditions(LinkConditions.PERFECT.withLoss(1));
        IntStream.range(0, 50).forEach(i -> pair.a.channels.send(channel, "m" + i, pair.now()));
        pair.network.run(Duration.ofMinutes(1));
        pair.network.conditions(LinkConditions.PERFECT);
        pair.network.run(Duration.ofSeconds(5));

        assertThat(pair.z.texts()).hasSize(50);
        assertThat(pair.a.channels.statistics().timeouts()).isBetween(15L, 25L);
    }

    @Test
    void givesUpAfterAsManyTimeoutsAsItWasToldTo() {
        var three = SctpSettings.builder().unansweredRetransmissionsMax(3).build();
        Pair pair =
                Pair.of(1, LinkConditions.PERFECT, three, SctpSettings.DEFAULT).connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);
        pair.network.conditions(LinkConditions.PERFECT.withLoss(1));
        pair.a.channels.send(channel, "lost", pair.now());
        pair.network.run(Duration.ofMinutes(1));

        assertThat(pair.a.events(DataChannelEvent.Closed.class).get(0).reason().kind())
                .isEqualTo(CloseReason.Kind.TIMED_OUT);
        assertThat(pair.z.channels.state()).isEqualTo(SctpState.ESTABLISHED);
    }

    @Test
    void noticesADeadPeerByHeartbeatsWhenToldTo() {
        var watching = SctpSettings.builder()
                .unansweredRetransmissionsMax(2)
                .heartbeatMillis(1_000)
                .build();
        Pair pair = Pair.of(1, LinkConditions.PERFECT, watching, SctpSettings.DEFAULT)
                .connected();
        pair.network.run(Duration.ofMinutes(1));
        assertThat(pair.a.channels.state()).isEqualTo(SctpState.ESTABLISHED);

        pair.network.detach(Pair.ADDRESS_Z);
        pair.network.run(Duration.ofSeconds(20));
        assertThat(pair.a.channels.state()).isEqualTo(SctpState.CLOSED);
    }

    @Test
    void acknowledgesEverySecondPacketAtOnceAndASingleOneAfterADelay() {
        Pair pair = Pair.of(1).connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);
        // Enough traffic to leave the small windows in which each SACK is asked for at once.
        pair.a.channels.send(channel, new byte[60_000], pair.now());
        pair.network.run(Duration.ofSeconds(3));
        List<Long> sacks = new ArrayList<>();
        pair.network.tap((from, to, datagram) -> {
            if (from.equals(Pair.ADDRESS_Z)) {
                sacks.add(pair.now());
            }
            return true;
        });
        long sent = pair.now();
        pair.a.channels.send(channel, "one", sent);
        pair.network.run(Duration.ofSeconds(1));
        assertThat(sacks).containsExactly(sent + Duration.ofMillis(1 + 200).toNanos());

        sacks.clear();
        long next = pair.now();
        pair.a.channels.send(channel, new byte[1_156 + 1_156], next);
        pair.network.run(Duration.ofSeconds(1));
        assertThat(sacks).containsExactly(next + Duration.ofMillis(1).toNanos());
    }

    @Test
    void retransmitsFastWithoutWaitingForTheTimer() {
        Pair pair = Pair.of(1, LinkConditions.PERFECT.withDelay(Duration.ofMillis(20)))
                .connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);
        pair.network.run(Duration.ofSeconds(1));
        int[] number = {0};
        pair.network.tap((from, to, datagram) ->
                !(from.equals(Pair.ADDRESS_A) && has(datagram, ChunkType.I_DATA) && ++number[0] == 3));
        long begin = pair.now();
        pair.a.channels.send(channel, new byte[30_000], begin);
        pair.network.runUntil(() -> pair.z.messages().size() == 1, LIMIT);

        assertThat(pair.a.channels.statistics().fastRetransmissions()).isEqualTo(1);
        assertThat(pair.a.channels.statistics().timeouts()).isZero();
        assertThat(Duration.ofNanos(pair.now() - begin)).isLessThan(Duration.ofMillis(350));
    }

    @Test
    void performsAResetThatOvertakesItsDataOnlyWhenTheDataIsThere() {
        Seeds.forEach(40, seed -> {
            Pair pair =
                    Pair.of(seed, LinkConditions.LOSSY_30.withReordering(0.3)).connected();
            List<DataChannel> all = IntStream.range(0, 5)
                    .mapToObj(i -> pair.opened("c" + i, DataChannelOptions.RELIABLE))
                    .toList();
            for (DataChannel channel : all) {
                pair.a.channels.send(channel, "y".repeat(20_000), pair.now());
                pair.a.channels.close(channel, pair.now());
                assertThat(pair.a.channels.send(channel, "late", pair.now())).isEqualTo(SendStatus.NOT_OPEN);
            }
            pair.network.runUntil(
                    () -> pair.a.channels.channels().isEmpty()
                            && pair.z.channels.channels().isEmpty(),
                    LIMIT);

            assertThat(pair.z.messages()).hasSize(5);
            assertThat(pair.z.events(DataChannelEvent.ChannelClosed.class)).hasSize(5);
            int lastMessage = pair.z.events.lastIndexOf(pair.z.messages().get(4));
            assertThat(pair.z.events.subList(0, lastMessage).stream()
                            .filter(DataChannelEvent.ChannelClosed.class::isInstance)
                            .count())
                    .isLessThan(5);
        });
    }

    @Test
    void saysUnaskedThatAResetIsPerformedThatWasInProgress() {
        Pair pair = Pair.of(1).connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);
        pair.network.run(Duration.ofSeconds(1));
        int[] seen = new int[2];
        pair.network.tap((from, to, datagram) -> {
            boolean fromA = from.equals(Pair.ADDRESS_A);
            // RFC 6525 §4.1: an Outgoing SSN Reset Request is parameter 13.
            seen[0] += fromA && datagram.get(12) == (byte) ChunkType.RE_CONFIG && datagram.getShort(16) == 13 ? 1 : 0;
            return !fromA || datagram.get(12) != ChunkType.I_DATA || seen[1]++ > 0;
        });

        pair.a.channels.send(channel, "lost once", pair.now());
        pair.a.channels.close(channel, pair.now());
        pair.network.runUntil(() -> channel.state() == DataChannelState.CLOSED, LIMIT);

        assertThat(pair.z.texts()).containsExactly("lost once");
        assertThat(seen[0]).as("requests").isEqualTo(1);
    }

    @Test
    void closesWhenBothSidesCloseTheSameChannelAtOnce() {
        Pair pair = Pair.of(1).connected();
        DataChannel a = pair.opened("x", DataChannelOptions.RELIABLE);
        DataChannel z = pair.z.channels.channels().iterator().next();
        pair.a.channels.close(a, pair.now());
        pair.z.channels.close(z, pair.now());
        pair.network.run(Duration.ofSeconds(5));

        assertThat(a.state()).isEqualTo(DataChannelState.CLOSED);
        assertThat(z.state()).isEqualTo(DataChannelState.CLOSED);
        assertThat(pair.a.events(DataChannelEvent.ChannelClosed.class)).hasSize(1);
        assertThat(pair.z.events(DataChannelEvent.ChannelClosed.class)).hasSize(1);
    }

    @Test
    void repeatsAForwardTsnThatGotLost() {
        Pair pair = Pair.of(1).connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE.withDelivery(new SendOptions(true, 0, -1)));
        pair.network.run(Duration.ofSeconds(1));
        int[] forwards = {0};
        boolean[] dropData = {true};
        pair.network.tap((from, to, datagram) -> {
            if (has(datagram, ChunkType.I_FORWARD_TSN) && ++forwards[0] <= 3) {
                return false;
            }
            return !(dropData[0] && has(datagram, ChunkType.I_DATA));
        });
        pair.a.channels.send(channel, "given up", pair.now());
        pair.network.run(Duration.ofSeconds(20));
        dropData[0] = false;
        pair.a.channels.send(channel, "next", pair.now());
        pair.network.run(Duration.ofSeconds(1));

        assertThat(forwards[0]).isGreaterThan(3);
        assertThat(pair.z.texts()).containsExactly("next");
        assertThat(pair.a.channels.statistics().messagesAbandoned()).isEqualTo(1);
    }

    @Test
    void dropsAMessageWhoseTimeIsOverBeforeAnythingOfItWasSent() {
        Pair pair = Pair.of(1);
        DataChannel channel = pair.a.channels.open(
                "x", "", DataChannelOptions.RELIABLE.withDelivery(new SendOptions(true, -1, 100)), 0);
        pair.a.channels.send(channel, "too late", 0);
        pair.network.run(Duration.ofSeconds(1));
        pair.connected();
        pair.a.channels.send(channel, "in time", pair.now());
        pair.network.run(Duration.ofSeconds(1));

        assertThat(pair.z.texts()).containsExactly("in time");
    }

    @Test
    void letsSmallMessagesPassALargeOneWithInterleavingOnly() {
        for (boolean interleaving : new boolean[] {true, false}) {
            var settings = SctpSettings.builder()
                    .interleaving(interleaving)
                    .remoteMessageBytesMax(0)
                    .build();
            Pair pair = Pair.of(1, LinkConditions.PERFECT.withDelay(Duration.ofMillis(20)), settings, settings)
                    .connected();
            DataChannel large = pair.opened("large", DataChannelOptions.RELIABLE);
            DataChannel small = pair.opened("small", DataChannelOptions.RELIABLE);
            pair.a.channels.send(large, new byte[250_000], pair.now());
            pair.a.channels.send(small, "small", pair.now());
            pair.network.runUntil(() -> pair.z.messages().size() == 2, LIMIT);

            assertThat(pair.z.messages().get(0).channel().label()).isEqualTo(interleaving ? "small" : "large");
        }
    }

    @Test
    void usesZeroChecksumsOnlyWhenBothSidesOfferThem() {
        var zero = SctpSettings.builder().zeroChecksum(true).build();
        for (boolean both : new boolean[] {true, false}) {
            Pair pair = Pair.of(1, LinkConditions.PERFECT, zero, both ? zero : SctpSettings.DEFAULT);
            List<Integer> handshake = new ArrayList<>();
            List<Integer> later = new ArrayList<>();
            pair.network.tap((from, to, datagram) -> {
                int type = datagram.get(12);
                boolean early = type == ChunkType.INIT || type == ChunkType.COOKIE_ECHO;
                (early ? handshake : later).add(datagram.getInt(8));
                return true;
            });
            pair.connected();
            DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);
            pair.a.channels.send(channel, "hello", pair.now());
            pair.network.run(Duration.ofSeconds(1));

            assertThat(pair.z.texts()).containsExactly("hello");
            assertThat(handshake).doesNotContain(0);
            assertThat(later.contains(0)).isEqualTo(both);
        }
    }

    @Test
    void asksForATurnAsLongAsItsOwnerHasNotDrained() {
        var association = new SctpAssociation(SctpSettings.DEFAULT, new java.util.SplittableRandom(1));
        assertThat(association.nextTimeoutNanos()).isEqualTo(Long.MAX_VALUE);
        association.connect(5);
        assertThat(association.nextTimeoutNanos()).isEqualTo(5);

        ByteBuffer out = ByteBuffer.allocate(1_191);
        assertThat(association.pollTransmit(out)).isTrue();
        assertThat(association.pollTransmit(out)).isFalse();
        assertThat(association.nextTimeoutNanos())
                .isEqualTo(5 + Duration.ofSeconds(1).toNanos());
    }

    @Test
    void refusesArgumentsThatMakeNoSense() {
        var association = new SctpAssociation(SctpSettings.DEFAULT, new java.util.SplittableRandom(1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> association.send(0, 51, new byte[0], SendOptions.RELIABLE, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> association.send(65_535, 51, new byte[1], SendOptions.RELIABLE, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SctpSettings.builder().mtuBytes(507).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SctpSettings.builder().ports(0, 5000).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Limits.builder().streamsMax(65_536).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Limits.builder().receiveWindowBytes(300_000).build());
    }

    private static boolean has(ByteBuffer datagram, int type) {
        ChunkCursor chunks = new ChunkCursor(datagram, 12, datagram.remaining());
        while (chunks.advance()) {
            if (chunks.type() == type) {
                return true;
            }
        }
        return false;
    }
}

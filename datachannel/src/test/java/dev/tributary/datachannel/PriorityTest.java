// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.withPrecision;

import dev.tributary.testkit.LinkConditions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may send when several channels want to (RFC 8831 §6.4). The path is the bottleneck: 4 Mbit/s. */
class PriorityTest {
    private static final LinkConditions NARROW =
            LinkConditions.PERFECT.withDelay(Duration.ofMillis(5)).withBandwidth(4_000_000);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void givesAChannelOfTwiceThePriorityTwiceTheBytes(boolean interleaving) {
        Pair pair = pair(interleaving);
        Map<String, Long> received = countBytes(pair);
        saturate(pair, "below", 128, 4_000);
        saturate(pair, "normal", 256, 4_000);
        saturate(pair, "high", 512, 4_000);
        saturate(pair, "extra", 1_024, 4_000);
        pair.network.run(Duration.ofSeconds(4));

        double unit = received.get("below");
        assertThat(received.get("normal") / unit).isEqualTo(2, withPrecision(0.2));
        assertThat(received.get("high") / unit).isEqualTo(4, withPrecision(0.3));
        assertThat(received.get("extra") / unit).isEqualTo(8, withPrecision(0.6));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sharesEvenlyBetweenLargeAndSmallMessagesOfOnePriority(boolean interleaving) {
        Pair pair = pair(interleaving);
        Map<String, Long> received = countBytes(pair);
        saturate(pair, "small", 256, 200);
        saturate(pair, "large", 256, 20_000);
        pair.network.run(Duration.ofSeconds(4));

        assertThat((double) received.get("small") / received.get("large")).isEqualTo(1, withPrecision(0.1));
    }

    @Test
    void letsAnIdleChannelBeginAtOnceButNotCatchUp() {
        Pair pair = pair(true);
        Map<String, Long> received = countBytes(pair);
        saturate(pair, "busy", 256, 4_000);
        pair.network.run(Duration.ofSeconds(3));
        saturate(pair, "late", 256, 4_000);
        // What is in the queue of the path was sent before.
        pair.network.run(Duration.ofMillis(300));
        long busyBefore = received.get("busy");
        long lateBefore = received.get("late");
        pair.network.run(Duration.ofSeconds(2));

        assertThat(lateBefore).isPositive();
        assertThat((double) (received.get("late") - lateBefore) / (received.get("busy") - busyBefore))
                .isEqualTo(1, withPrecision(0.1));
    }

    @Test
    void takesTheZeroOfAPeerThatHasNoOpinionForNormal() {
        Pair pair = pair(true);
        Map<String, Long> received = countBytes(pair);
        saturate(pair, "zero", 0, 4_000);
        saturate(pair, "normal", 256, 4_000);
        pair.network.run(Duration.ofSeconds(3));

        assertThat((double) received.get("zero") / received.get("normal")).isEqualTo(1, withPrecision(0.1));
    }

    @Test
    void refusesPrioritiesThatThereAreNot() {
        var association = new SctpAssociation(SctpSettings.DEFAULT, new SecureRandom());
        association.streamPriority(0, 1);
        association.streamPriority(0, 65_535);

        assertThatIllegalArgumentException().isThrownBy(() -> association.streamPriority(0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> association.streamPriority(0, 65_536));
    }

    private static Pair pair(boolean interleaving) {
        var settings = SctpSettings.builder().interleaving(interleaving).build();
        return Pair.of(1, NARROW, settings, settings).connected();
    }

    /** A channel that always has something to send. */
    private static void saturate(Pair pair, String label, int priority, int messageBytes) {
        DataChannel channel =
                pair.a.channels.open(label, "", DataChannelOptions.RELIABLE.withPriority(priority), pair.now());
        Runnable fill = () -> {
            while (pair.a.channels.bufferedAmountBytes(channel) < 200_000) {
                pair.a.channels.send(channel, new byte[messageBytes], pair.now());
            }
        };
        pair.a.channels.bufferedAmountLowThreshold(channel, 100_000);
        var others = pair.a.onEvent;
        pair.a.onEvent = event -> {
            others.accept(event);
            if (event instanceof DataChannelEvent.BufferedAmountLow low && low.channel() == channel) {
                fill.run();
            }
        };
        fill.run();
    }

    private static Map<String, Long> countBytes(Pair pair) {
        Map<String, Long> bytes = new HashMap<>();
        pair.z.onEvent = event -> {
            if (event instanceof DataChannelEvent.Message message) {
                bytes.merge(message.channel().label(), (long) message.payload().length, Long::sum);
            }
        };
        return bytes;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.testkit.LinkConditions;
import dev.tributary.testkit.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a viewer sees behind links of all kinds, in virtual time: a publisher of 150, 500 and 1,300 kbit/s. */
class BandwidthScenarioTest {
    private static final LinkConditions LINK =
            LinkConditions.PERFECT.withDelay(Duration.ofMillis(25)).withQueueLimit(100_000);
    private static final int TOP = 2;

    /** The way to the viewer, and what has to come of it once it has lasted for a while. */
    enum Scenario {
        WIDE(LINK.withBandwidth(20_000_000), TOP, 0.15),
        ENOUGH(LINK.withBandwidth(2_000_000), TOP, 0.15),
        LOSS_OF_A_HUNDREDTH(LINK.withBandwidth(5_000_000).withLoss(0.01), TOP, 0.35),
        LOSS_OF_A_TWENTIETH(LINK.withBandwidth(5_000_000).withLoss(0.05), TOP, 0.5),
        LOSS_OF_A_TENTH(LINK.withBandwidth(5_000_000).withLoss(0.10), TOP, 0.5),
        JITTER(LINK.withBandwidth(5_000_000).withJitter(Duration.ofMillis(30)), TOP, 0.25),
        FAR_AWAY(LINK.withBandwidth(5_000_000).withDelay(Duration.ofMillis(150)), TOP, 0.35),
        A_SMALL_BUFFER(LINK.withBandwidth(2_000_000).withQueueLimit(20_000), TOP, 0.5),
        A_LARGE_BUFFER(LINK.withBandwidth(2_000_000).withQueueLimit(1_000_000), TOP, 0.25),
        NARROW(LINK.withBandwidth(900_000), 1, 0.3),
        VERY_NARROW(LINK.withBandwidth(300_000), 0, 0.4);

        final LinkConditions link;
        final int layer;
        final double freezeSecondsMax;

        Scenario(LinkConditions link, int layer, double freezeSecondsMax) {
            this.link = link;
            this.layer = layer;
            this.freezeSecondsMax = freezeSecondsMax;
        }
    }

    @ParameterizedTest
    @EnumSource
    void findsTheLayerThatTheLinkCarriesAndStaysWithIt(Scenario scenario) {
        Seeds.forEach(3, seed -> {
            BandwidthStage stage = new BandwidthStage(seed, scenario.link);
            Subscription watched = stage.watch(stage.host(150, 500, 1_300), 0);
            stage.media.connected(0);
            stage.run(Duration.ofSeconds(40));

            var screen = stage.viewer.screen(watched);
            assertThat(screen.shown.get(0).nanos() / 1e9).as("first picture").isLessThan(1);
            assertThat(screen.longestFreezeSeconds(1, 40)).as("freeze").isLessThan(scenario.freezeSecondsMax);
            assertThat(screen.secondsWith(scenario.layer, 10, 40))
                    .as("seconds of 30 with layer %s, target %s", scenario.layer, stage.media.targetBps(0))
                    .isGreaterThan(27);
        });
    }

    @Test
    void followsALinkDownAndUpWithoutAFreezeAndIsBackWithinTenSeconds() {
        Seeds.forEach(5, seed -> {
            BandwidthStage stage = new BandwidthStage(seed, LINK.withBandwidth(2_000_000));
            Subscription watched = stage.watch(stage.host(150, 500, 1_300), 0);
            stage.media.connected(0);
            stage.run(Duration.ofSeconds(10));
            stage.link(LINK.withBandwidth(600_000));
            stage.run(Duration.ofSeconds(15));
            stage.link(LINK.withBandwidth(2_000_000));
            stage.run(Duration.ofSeconds(15));

            var screen = stage.viewer.screen(watched);
            assertThat(screen.layerAt(9.9)).isEqualTo(TOP);
            assertThat(screen.secondsWith(TOP, 12, 25)).as("too high").isLessThan(0.5);
            assertThat(screen.longestFreezeSeconds(1, 40)).as("freeze").isLessThan(0.5);
            assertThat(screen.backAt(TOP, 25) - 25).as("top layer back").isLessThan(10);
        });
    }

    @Test
    void givesTheMainPictureWhatItNeedsAndPausesGuestsWithAReason() {
        BandwidthStage stage = new BandwidthStage(1, LINK.withBandwidth(1_200_000));
        List<Subscription> guests = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            guests.add(stage.watch(stage.host(600), 1));
        }
        Subscription main = stage.watch(stage.host(150, 500), 0);
        stage.media.connected(0);
        stage.run(Duration.ofSeconds(15));

        assertThat(main.limitation(stage.network.nowNanos())).isEqualTo(Limitation.NONE);
        assertThat(stage.viewer.screen(main).secondsWith(1, 5, 15)).isGreaterThan(9);
        assertThat(guests)
                .extracting(guest -> guest.limitation(stage.network.nowNanos()))
                .contains(Limitation.PAUSED_FOR_BANDWIDTH);

        stage.link(LINK.withBandwidth(6_000_000));
        stage.run(Duration.ofSeconds(10));

        assertThat(guests)
                .extracting(guest -> guest.limitation(stage.network.nowNanos()))
                .containsOnly(Limitation.NONE);
        guests.forEach(guest -> assertThat(stage.viewer.screen(guest).longestFreezeSeconds(24, 25))
                .isLessThan(0.2));
    }

    @Test
    void nothingIsPausedOnAGuess() {
        BandwidthStage stage = new BandwidthStage(1, LINK.withBandwidth(20_000_000));
        List<Subscription> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(stage.watch(stage.host(600), i == 0 ? 0 : 2));
        }
        stage.media.connected(0);
        stage.run(Duration.ofSeconds(3));

        assertThat(all)
                .allSatisfy(each -> assertThat(stage.viewer.screen(each).longestFreezeSeconds(0, 3))
                        .isLessThan(0.3));
    }

    @Test
    void theOnlyPictureIsNeverPausedHoweverNarrowTheLink() {
        BandwidthStage stage = new BandwidthStage(1, LINK.withBandwidth(250_000));
        Subscription main = stage.watch(stage.host(300), 0);
        stage.media.connected(0);
        stage.run(Duration.ofSeconds(20));

        assertThat(main.limitation(stage.network.nowNanos())).isEqualTo(Limitation.NONE);
    }

    @Test
    void growsItsEstimateBeforeAnyMediaFlows() {
        BandwidthStage stage = new BandwidthStage(1, LINK.withBandwidth(20_000_000));
        SimulcastHost host = stage.host(150, 500, 1_300);
        host.isSilent = true;
        Subscription watched = stage.watch(host, 0);
        stage.media.connected(0);
        stage.run(Duration.ofSeconds(3));
        long before = stage.media.targetBps(stage.network.nowNanos());
        host.isSilent = false;
        stage.run(Duration.ofSeconds(1));

        assertThat(before).isBetween(2_000_000L, 10_000_000L);
        assertThat(stage.viewer.screen(watched).shown)
                .extracting(ReceivingViewer.Shown::layer)
                .containsOnly(TOP);
    }

    @Test
    void aViewerWithoutFeedbackGetsAllThatItAskedFor() {
        BandwidthStage stage = new BandwidthStage(1, LINK.withBandwidth(20_000_000));
        stage.viewer.reportsArrivals = false;
        Subscription watched = stage.watch(stage.host(150, 500, 1_300), 0);
        stage.media.connected(0);
        stage.run(Duration.ofSeconds(6));

        assertThat(stage.media.targetBps(stage.network.nowNanos())).isEqualTo(Long.MAX_VALUE);
        assertThat(stage.viewer.screen(watched).layerAt(6)).isEqualTo(TOP);
    }

    @Test
    void probesAddLittleToWhatAViewerGetsAnyway() {
        BandwidthStage stage = new BandwidthStage(1, LINK.withBandwidth(700_000));
        Subscription watched = stage.watch(stage.host(150, 500, 1_300), 0);
        stage.media.connected(0);
        stage.run(Duration.ofSeconds(30));

        long media = watched.stats().bytesSent();
        assertThat(stage.sender.bytesSent - media).isLessThan(media / 4);
    }
}

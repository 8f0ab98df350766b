// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.bandwidth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Who gets how much. Rates in kbit/s. */
class AllocationTest {
    private final Allocation allocation = new Allocation();
    private long now;

    private int add(int priority, int present, int... kilobits) {
        int track = allocation.add(priority, present);
        for (int each : kilobits) {
            allocation.addLayer(each * 1_000L);
        }
        return track;
    }

    private void share(int kilobits) {
        now += 100 * BandwidthLimits.MILLIS;
        allocation.share(kilobits * 1_000L, now);
    }

    @Test
    void theMainPictureHasItsSecondLayerBeforeGuestsHaveAny() {
        int guest = add(2, -1, 300);
        int main = add(0, -1, 150, 500, 1_500);
        share(700);

        assertThat(allocation.layerOf(main)).isEqualTo(1);
        assertThat(allocation.layerOf(guest)).isEqualTo(Allocation.PAUSED);
    }

    @Test
    void guestsHaveTheirLowestLayerBeforeTheMainPictureHasItsBest() {
        int main = add(0, -1, 150, 500, 1_500);
        int guest = add(2, -1, 150, 500);
        share(1_800);

        assertThat(allocation.layerOf(main)).isEqualTo(1);
        assertThat(allocation.layerOf(guest)).isGreaterThanOrEqualTo(0);
    }

    @Test
    void theFirstPictureGoesEvenWhenItDoesNotFit() {
        int main = add(0, -1, 400);
        int guest = add(2, -1, 100);
        share(100);

        assertThat(allocation.layerOf(main)).isZero();
        assertThat(allocation.layerOf(guest)).isEqualTo(Allocation.PAUSED);
    }

    @Test
    void goingUpNeedsMoreRoomThanStaying() {
        int flowing = add(0, 1, 150, 1_000);
        share(1_000);
        assertThat(allocation.layerOf(flowing)).isEqualTo(1);

        allocation.begin();
        int rising = add(0, 0, 150, 1_000);
        share(1_000);
        assertThat(allocation.layerOf(rising)).isZero();
        share(1_150);
        assertThat(allocation.layerOf(rising)).isEqualTo(1);
    }

    @Test
    void afterAStepDownTheNextStepUpWaits() {
        int track = add(0, 1, 150, 1_000);
        share(500);
        assertThat(allocation.layerOf(track)).isZero();
        allocation.begin();
        track = add(0, 0, 150, 1_000);
        share(5_000);
        assertThat(allocation.layerOf(track)).isZero();

        now += 3 * BandwidthLimits.SECOND;
        share(5_000);
        assertThat(allocation.layerOf(track)).isEqualTo(1);
    }

    @Test
    void whatIsGivenIsNeverMoreThanThereIsButForTheFirstPicture() {
        Random random = new Random(5);
        for (int round = 0; round < 20_000; round++) {
            allocation.begin();
            int count = 1 + random.nextInt(12);
            long[][] layers = new long[count][];
            int best = Integer.MAX_VALUE;
            for (int i = 0; i < count; i++) {
                int priority = random.nextInt(3);
                best = Math.min(best, priority);
                int[] kilobits =
                        random.ints(1 + random.nextInt(4), 30, 2_000).sorted().toArray();
                layers[i] = java.util.Arrays.stream(kilobits)
                        .mapToLong(each -> each * 1_000L)
                        .toArray();
                add(priority, random.nextInt(kilobits.length + 1) - 1, kilobits);
            }
            int kilobits = random.nextInt(8_000);
            share(kilobits);
            now += random.nextInt(4_000) * BandwidthLimits.MILLIS;

            long given = 0;
            long most = 0;
            for (int i = 0; i < count; i++) {
                int layer = allocation.layerOf(i);
                assertThat(layer).isBetween(Allocation.PAUSED, layers[i].length - 1);
                given += layer < 0 ? 0 : layers[i][layer];
                most = Math.max(most, layers[i][0]);
            }
            // The present layers may swing above the rate by a little each.
            assertThat(given).as("round %s", round).isLessThanOrEqualTo(Math.max(most, 0) + kilobits * 1_100L);
        }
    }
}
